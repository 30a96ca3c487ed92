package main

import "fmt"

func main() {
	var count int = "tea"
	fmt.Println(count, missing)
}

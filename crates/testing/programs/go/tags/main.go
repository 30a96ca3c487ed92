package main

import "fmt"

var version = "unknown"

func main() {
	fmt.Println(edition, version)
}

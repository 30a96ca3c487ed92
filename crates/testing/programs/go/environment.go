package main

import (
	"fmt"
	"os"
)

func main() {
	_, isThere := os.LookupEnv("ABSENT")
	directory, _ := os.Getwd()
	fmt.Println(os.Getenv("GREETING"), isThere, os.Getenv("HOME"), directory)
}

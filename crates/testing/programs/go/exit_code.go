package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Println("said before")
	fmt.Fprintln(os.Stderr, "checked")
	os.Exit(7)
}

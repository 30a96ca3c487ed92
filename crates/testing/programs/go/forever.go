package main

import (
	"fmt"
	"time"
)

func main() {
	fmt.Println("begun")
	for range time.Tick(time.Hour) {
	}
}

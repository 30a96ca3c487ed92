package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	if err := os.WriteFile("right", nil, 0o644); err != nil {
		panic(err)
	}
	for {
		if _, err := os.Stat("left"); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	fmt.Println("right met left")
}

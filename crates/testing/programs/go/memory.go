package main

import (
	"fmt"
	"runtime/debug"
)

func main() {
	fmt.Println(debug.SetMemoryLimit(-1)>>20 < 512)
	var kept [][]byte
	for {
		piece := make([]byte, 8<<20)
		for at := range piece {
			piece[at] = 1
		}
		kept = append(kept, piece)
	}
}

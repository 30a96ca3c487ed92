package main

import (
	_ "embed"
	"fmt"

	"example.com/shop/stock"
)

//go:embed words.txt
var words string

func main() {
	fmt.Print(stock.Describe("tea", 3), " ", words)
}

package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	store := Store{"tea": 3, "coffee": 4}
	price, _ := os.ReadFile("prices.txt")
	fmt.Println(store.Total(), store.Cheapest(), strings.TrimSpace(string(price)))
}

package main

import (
	"bufio"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

func main() {
	größe := 42
	fmt.Printf("größe=%d — naïve ☕ 日本語 🦀\n", größe)
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		letters := []rune(input.Text())
		slices.Reverse(letters)
		fmt.Println(string(letters), utf8.RuneCountInString(input.Text()), len(input.Text()), strings.ToUpper(input.Text()))
	}
	if err := os.WriteFile("ünïcode-☕.txt", []byte("ja"), 0o644); err != nil {
		panic(err)
	}
	said, _ := os.ReadFile("ünïcode-☕.txt")
	fmt.Println(string(said), os.Args[1])
	fmt.Fprintln(os.Stderr, "Fehler: Ärger")
}

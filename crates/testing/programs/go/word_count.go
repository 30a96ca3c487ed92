// A filter: the most frequent words of standard input.
package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
	"unicode"
)

func main() {
	counts := map[string]int{}
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		separates := func(letter rune) bool { return !unicode.IsLetter(letter) }
		for _, word := range strings.FieldsFunc(strings.ToLower(input.Text()), separates) {
			counts[word]++
		}
	}
	words := make([]string, 0, len(counts))
	for word := range counts {
		words = append(words, word)
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	for _, word := range words[:3] {
		fmt.Printf("%3d %s\n", counts[word], word)
	}
}

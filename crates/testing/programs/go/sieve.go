// Counts primes below a million and lists the last few.
package main

import "fmt"

func primes(limit int) []int {
	composite := make([]bool, limit)
	var found []int
	for number := 2; number < limit; number++ {
		if composite[number] {
			continue
		}
		found = append(found, number)
		for multiple := number * number; multiple < limit; multiple += number {
			composite[multiple] = true
		}
	}
	return found
}

func main() {
	found := primes(1_000_000)
	fmt.Println(len(found), found[len(found)-3:])
}

package main

import "fmt"

func third(numbers []int) int {
	return numbers[2]
}

func main() {
	fmt.Println(third([]int{1, 2, 3}))
	fmt.Println(third([]int{1}))
}

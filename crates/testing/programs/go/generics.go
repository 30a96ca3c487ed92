// What newer code is made of.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/big"
	"os"
	"slices"
	"time"
)

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

func largest[T cmp.Ordered](values ...T) T { return slices.Max(values) }

func open(name string) error {
	_, err := os.Open(name)
	return fmt.Errorf("while opening: %w", err)
}

func main() {
	defer func() { fmt.Println("recovered:", recover()) }()
	fmt.Println(largest(3, 1, 2), largest("b", "a"), slices.Sorted(maps.Keys(map[string]int{"z": 1, "y": 2})))
	var it shape = square{2}
	if s, is := it.(square); is {
		fmt.Printf("%+v %T %.1f\n", s, it, it.area())
	}
	fmt.Println(errors.Is(open("absent"), fs.ErrNotExist), new(big.Int).MulRange(1, 25))
	fmt.Println(time.Date(2024, 2, 28, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 2).Format(time.DateOnly))
	var nothing map[string]int
	nothing["x"] = 1
}

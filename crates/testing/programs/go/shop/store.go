package main

// Store has prices by names.
type Store map[string]int

// Total is what all costs.
func (store Store) Total() (sum int) {
	for _, price := range store {
		sum += price
	}
	return sum
}

// Cheapest is what costs least.
func (store Store) Cheapest() (least string) {
	for name, price := range store {
		if least == "" || price < store[least] {
			least = name
		}
	}
	return least
}

// Package stock tells of what there is.
package stock

import "fmt"

// Describe tells of one thing.
func Describe[N int | float64](name string, price N) string {
	return fmt.Sprintf("%s for %v", name, price)
}

// Reads JSON, changes it and prints it.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sort"
)

type order struct {
	Name  string  `json:"name"`
	Price float64 `json:"price"`
	Count *int    `json:"count,omitempty"`
}

func main() {
	var document struct{ Orders []order }
	if err := json.NewDecoder(os.Stdin).Decode(&document); err != nil {
		panic(err)
	}
	total, names := 0.0, []string{}
	for _, it := range document.Orders {
		count := 1
		if it.Count != nil {
			count = *it.Count
		}
		total += it.Price * float64(count)
		names = append(names, it.Name)
	}
	sort.Strings(names)
	text, _ := json.Marshal(map[string]any{"total": total, "names": names, "none": nil})
	fmt.Println(string(text))
	fmt.Println(json.Unmarshal([]byte(`{"broken": [1, 2`), &document))
}

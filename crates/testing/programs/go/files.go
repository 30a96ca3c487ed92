// Writes, appends, renames, reads and removes below the working directory.
package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	folder := filepath.Join("reports", "2024")
	must(os.MkdirAll(folder, 0o755))
	must(os.WriteFile(filepath.Join(folder, "sales.csv"), []byte("item,price\n\"tea, green\",3.5\n"), 0o644))
	file, err := os.OpenFile(filepath.Join(folder, "sales.csv"), os.O_APPEND|os.O_WRONLY, 0)
	must(err)
	_, err = file.WriteString("coffee,4.25\n")
	must(err)
	must(file.Close())
	must(os.Rename(filepath.Join(folder, "sales.csv"), filepath.Join(folder, "sold.csv")))
	file, err = os.Open(filepath.Join(folder, "sold.csv"))
	must(err)
	rows, err := csv.NewReader(file).ReadAll()
	must(err)
	sum := 0.0
	for _, row := range rows[1:] {
		price, err := strconv.ParseFloat(row[1], 64)
		must(err)
		sum += price
	}
	path, err := filepath.Abs("reports")
	must(err)
	fmt.Println(sum, rows[1][0], path)
	must(os.RemoveAll("reports"))
	_, err = os.Stat("reports")
	fmt.Println(os.IsNotExist(err))
}

// Prints what each file of Go's own sources imports, as one JSON object in each line.
package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"strings"
)

// Of so many files one is looked at.
const each = 3

type file struct {
	Path    string   `json:"path"`
	Modules []string `json:"modules"`
}

func imports(path string) ([]string, error) {
	// Whole files are parsed: what is wrong with the rest of one leaves it out.
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	names := []string{}
	for _, spec := range parsed.Imports {
		name, err := strconv.Unquote(spec.Path.Value)
		if err == nil && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names, nil
}

func main() {
	out := json.NewEncoder(os.Stdout)
	seen := 0
	filepath.WalkDir(filepath.Join(runtime.GOROOT(), "src"), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		seen++
		if seen%each != 0 {
			return nil
		}
		if names, err := imports(path); err == nil {
			out.Encode(file{path, names})
		}
		return nil
	})
}

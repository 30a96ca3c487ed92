// Shortest paths by a heap of the library's.
package main

import (
	"container/heap"
	"fmt"
)

type step struct {
	place    string
	distance int
}

type steps []step

func (s steps) Len() int           { return len(s) }
func (s steps) Less(i, j int) bool { return s[i].distance < s[j].distance }
func (s steps) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *steps) Push(it any)       { *s = append(*s, it.(step)) }
func (s *steps) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

type edge struct {
	from, to string
	length   int
}

func main() {
	edges := []edge{{"a", "b", 7}, {"a", "c", 9}, {"a", "f", 14}, {"b", "c", 10}, {"b", "d", 15},
		{"c", "d", 11}, {"c", "f", 2}, {"d", "e", 6}, {"e", "f", 9}}
	graph := map[string][]edge{}
	for _, it := range edges {
		graph[it.from] = append(graph[it.from], it)
		graph[it.to] = append(graph[it.to], edge{it.to, it.from, it.length})
	}
	distances := map[string]int{}
	open := &steps{{"a", 0}}
	for open.Len() > 0 {
		next := heap.Pop(open).(step)
		if _, known := distances[next.place]; known {
			continue
		}
		distances[next.place] = next.distance
		for _, it := range graph[next.place] {
			heap.Push(open, step{it.to, next.distance + it.length})
		}
	}
	fmt.Println(distances)
}

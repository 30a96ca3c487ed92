package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

func main() {
	work, squares := make(chan int), make(chan int)
	var workers sync.WaitGroup
	for range 4 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for number := range work {
				squares <- number * number
			}
		}()
	}
	go func() {
		for number := 0; number < 100; number++ {
			work <- number
		}
		close(work)
		workers.Wait()
		close(squares)
	}()
	sum := 0
	for square := range squares {
		sum += square
	}
	fmt.Println(sum)

	var counter atomic.Int64
	var group sync.WaitGroup
	for range 1000 {
		group.Add(1)
		go func() {
			defer group.Done()
			counter.Add(1)
		}()
	}
	group.Wait()
	fmt.Println(counter.Load())

	limited, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	select {
	case <-limited.Done():
		fmt.Println(limited.Err())
	case <-time.After(time.Minute):
		fmt.Println("late")
	}
}

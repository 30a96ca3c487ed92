package main

func main() {
	nobody := make(chan int)
	nobody <- 1
}

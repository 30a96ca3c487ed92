//go:build !full

package main

const edition = "free"

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	sort := exec.Command("sort", "-r")
	sort.Stdin = strings.NewReader("b\na\nc\n")
	said, err := sort.Output()
	fmt.Println(strings.Fields(string(said)), err)

	var failed *exec.ExitError
	err = exec.Command("sh", "-c", "exit 3").Run()
	fmt.Println(errors.As(err, &failed), failed.ExitCode())

	echo := exec.Command("echo", "straight", "out")
	echo.Stdout = os.Stdout
	fmt.Println(echo.Run())
	_, err = exec.LookPath("no-such-program")
	fmt.Println(errors.Is(err, exec.ErrNotFound))
}

// A server that is asked over loopback.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		fmt.Fprintf(answer, "%s %s %s", request.Method, request.URL, strings.ToUpper(string(body)))
	}))
	defer server.Close()
	answer, err := http.Post(server.URL+"/tea?cups=2", "text/plain", strings.NewReader("hot"))
	if err != nil {
		panic(err)
	}
	body, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.StatusCode, string(body))
}

package web

import (
	"bytes"
	"net/http"
)

// Asked is what a handler answers to whoever asks within the program.
type Asked struct {
	Status int
	Body   bytes.Buffer
	header http.Header
}

// Ask has a handler answer a request.
func Ask(handler http.Handler, r *http.Request) *Asked {
	a := &Asked{Status: http.StatusOK, header: http.Header{}}
	handler.ServeHTTP(a, r)
	return a
}

// Header are the fields of the header.
func (a *Asked) Header() http.Header { return a.header }

// WriteHeader keeps the status.
func (a *Asked) WriteHeader(status int) { a.Status = status }

// Write adds to the body.
func (a *Asked) Write(p []byte) (int, error) { return a.Body.Write(p) }

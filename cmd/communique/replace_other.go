//go:build !unix

package main

import "os"

// replace never has another program take the place of the one that serves.
func replace() (signals <-chan os.Signal, end func()) { return nil, func() {} }

//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// replace has SIGUSR2 start the program again, in the place of the one that serves.
func replace() (signals <-chan os.Signal, end func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR2)
	return c, func() { signal.Stop(c) }
}

package main

import (
	"context"
	"fmt"
	"net"
	"syscall"
)

// listenAll listens on every address of 127.0.0.0/8 with one socket: on all
// addresses, but of the loopback device only.
func listenAll(ctx context.Context, _, port int) ([]net.Listener, error) {
	config := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var bound error
		err := c.Control(func(fd uintptr) { bound = syscall.BindToDevice(int(fd), "lo") })
		if err == nil {
			err = bound
		}
		return err
	}}
	l, err := config.Listen(ctx, "tcp4", fmt.Sprintf("0.0.0.0:%d", port))
	if err != nil {
		return nil, fmt.Errorf("listen on the loopback device: %w", err)
	}
	return []net.Listener{l}, nil
}

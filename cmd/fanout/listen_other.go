//go:build !linux

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
)

// listenAll listens on the addresses of a number of servers, one by one.
func listenAll(ctx context.Context, hosts, port int) ([]net.Listener, error) {
	var all []net.Listener
	for n := range hosts {
		l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", fmt.Sprintf("%s:%d", address(n), port))
		if err != nil {
			for _, open := range all {
				err = errors.Join(err, open.Close())
			}
			return nil, fmt.Errorf("start server %d: %w", n, err)
		}
		port = l.Addr().(*net.TCPAddr).Port
		all = append(all, l)
	}
	return all, nil
}

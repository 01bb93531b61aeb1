//go:build !linux

package port

import "net"

// reserve asks for a port and closes it: elsewhere a bound socket keeps every
// server from its port. That another program is given it meanwhile is unlikely.
func reserve() (number int, release func() error, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, nil, err
	}
	number = l.Addr().(*net.TCPAddr).Port
	return number, func() error { return nil }, l.Close()
}

package port

import "syscall"

// reserve binds a socket and does not listen on it. Linux gives a port that is
// bound to nobody who leaves the choice to it; it lets a second socket bind
// there by name, when both have SO_REUSEADDR, which servers set.
func reserve() (number int, release func() error, err error) {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, nil, err
	}
	release = func() error { return syscall.Close(fd) }
	err = syscall.SetsockoptInt(fd, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1)
	if err == nil {
		err = syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}})
	}
	if err == nil {
		var bound syscall.Sockaddr
		if bound, err = syscall.Getsockname(fd); err == nil {
			return bound.(*syscall.SockaddrInet4).Port, release, nil
		}
	}
	_ = release() // the error before is the one to tell
	return 0, nil, err
}

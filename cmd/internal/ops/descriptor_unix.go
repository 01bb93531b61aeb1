//go:build unix

package ops

import (
	"errors"
	"net"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// descriptor is a copy of the descriptor of a listener, for another program. One by its
// method File would be made to block when a program is started with it, and the listener
// with it: it could not be closed until somebody comes.
func descriptor(l net.Listener, name string) (*os.File, error) {
	of, can := l.(syscall.Conn)
	if !can {
		return nil, errors.New("it has no descriptor")
	}
	raw, err := of.SyscallConn()
	if err != nil {
		return nil, err
	}
	var file *os.File
	var copyErr error
	err = raw.Control(func(fd uintptr) {
		var copied int
		if copied, copyErr = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0); copyErr == nil {
			file = os.NewFile(uintptr(copied), name)
		}
	})
	return file, errors.Join(err, copyErr)
}

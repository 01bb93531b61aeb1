//go:build !unix

package ops

import (
	"errors"
	"net"
	"os"
)

func descriptor(net.Listener, string) (*os.File, error) {
	return nil, errors.New("sockets cannot be handed over on this system")
}

package ops

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
)

// firstFD is the first descriptor that is handed over.
const firstFD = 3

// sockets are those of a server by their names: which it was given and has not taken, and
// which are open.
type sockets struct {
	mu    sync.Mutex
	given []socket
	open  map[string]net.Listener
	// toSuccessor is open as long as this process is there: its end tells the next program.
	toSuccessor *os.File
}

// socket is one that was given.
type socket struct {
	name string
	file *os.File
}

// given are sockets with names, from a descriptor on.
func given(first int, names []string) (all []socket) {
	for i, name := range names {
		all = append(all, socket{name, os.NewFile(uintptr(first+i), name)})
	}
	return all
}

// Listener is the socket of a name that the manager has opened, or the program before; with
// main, the first one without a name that others ask for. It is nil if there is none.
func (s Systemd) Listener(name string, main bool) (net.Listener, error) {
	if s.sockets == nil {
		return nil, nil
	}
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	for i, g := range s.sockets.given {
		if g.file == nil || g.name != name && (!main || g.name == MetricsSocket || g.name == PlainSocket || g.name == DeskSocket) {
			continue
		}
		l, err := net.FileListener(g.file) // of a copy of the descriptor
		if err != nil {
			return nil, fmt.Errorf("the socket %d that systemd has opened: %w", i, err)
		}
		s.sockets.given[i].file = nil
		s.sockets.open[name] = l
		return l, g.file.Close()
	}
	return nil, nil
}

// Opened notes a listener that the server has opened itself, to be handed over.
func (s Systemd) Opened(name string, l net.Listener) {
	if s.sockets == nil {
		return
	}
	s.sockets.mu.Lock()
	defer s.sockets.mu.Unlock()
	s.sockets.open[name] = l
}

// copies are descriptors of all that are open, or were given, with their names.
func (s *sockets) copies() (names []string, files []*os.File, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	add := func(name string, l net.Listener) {
		file, copyErr := descriptor(l, name)
		switch {
		case errors.Is(copyErr, net.ErrClosed):
		case copyErr != nil:
			err = errors.Join(err, fmt.Errorf("hand over the socket %s: %w", name, copyErr))
		default:
			names, files = append(names, name), append(files, file)
		}
	}
	for name, l := range s.open {
		add(name, l)
	}
	for _, g := range s.given {
		if g.file == nil {
			continue
		}
		l, listenErr := net.FileListener(g.file)
		if listenErr != nil {
			err = errors.Join(err, fmt.Errorf("hand over the socket %s: %w", g.name, listenErr))
			continue
		}
		add(g.name, l)
		err = errors.Join(err, l.Close()) // the copy is open
	}
	return names, files, err
}

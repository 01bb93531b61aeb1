package postgrestest

import (
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// Link is a TCP connection to a server that can be made to swallow all that goes
// over it, without a word to either side.
type Link struct {
	listener  net.Listener
	server    string // its socket
	swallowed atomic.Bool

	mu    sync.Mutex
	conns []net.Conn
}

// NewLink makes a link to the server of an address, and returns the address of the
// same database over it. It ends with the test.
func NewLink(t testing.TB, address string) (*Link, string) {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	query := to.Query()
	l := &Link{listener: listener, server: query.Get("host") + "/.s.PGSQL.5432"}
	query.Del("host")
	to.Host, to.RawQuery = listener.Addr().String(), query.Encode()
	go l.accept()
	t.Cleanup(func() {
		_ = listener.Close()
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, conn := range l.conns {
			_ = conn.Close()
		}
	})
	return l, to.String()
}

// Swallow lets nothing through any more. Connections can still be made, to nobody.
func (l *Link) Swallow() { l.swallowed.Store(true) }

// Restore lets new connections through; those that lost something stay silent.
func (l *Link) Restore() { l.swallowed.Store(false) }

func (l *Link) accept() {
	for {
		near, err := l.listener.Accept()
		if err != nil {
			return
		}
		l.keep(near)
		if l.swallowed.Load() {
			continue
		}
		far, err := net.Dial("unix", l.server)
		if err != nil {
			_ = near.Close()
			continue
		}
		l.keep(far)
		go l.pass(near, far)
		go l.pass(far, near)
	}
}

func (l *Link) keep(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conn)
}

// pass copies what comes until one side ends, which the other one is told unless
// something was swallowed.
func (l *Link) pass(from io.Reader, to net.Conn) {
	part, whole := make([]byte, 32<<10), true
	for {
		n, err := from.Read(part)
		if whole = whole && !l.swallowed.Load(); !whole && err == nil {
			continue
		}
		if err == nil {
			_, err = to.Write(part[:n])
		}
		if err != nil {
			if whole {
				_ = to.Close()
			}
			return
		}
	}
}

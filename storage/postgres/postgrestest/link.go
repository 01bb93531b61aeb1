package postgrestest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Link is a TCP connection to a server that can be made to swallow all that goes
// over it, without a word to either side.
type Link struct {
	listener  net.Listener
	delay     time.Duration
	server    string // its socket
	swallowed atomic.Bool

	mu    sync.Mutex
	conns []net.Conn
}

// NewLink makes a link to the server of an address, and returns the address of the
// same database over it. It ends with the test.
func NewLink(t testing.TB, address string) (*Link, string) {
	t.Helper()
	l, over, err := Far(address, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l, over
}

// Far is [NewLink] to a server to which everything takes a time, and back as long. It ends
// with [Link.Close].
func Far(address string, delay time.Duration) (l *Link, over string, err error) {
	to, err := url.Parse(address)
	if err != nil {
		return nil, "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	query := to.Query()
	l = &Link{listener: listener, delay: delay, server: query.Get("host") + "/.s.PGSQL.5432"}
	query.Del("host")
	to.Host, to.RawQuery = listener.Addr().String(), query.Encode()
	go l.accept()
	return l, to.String(), nil
}

// Close breaks all connections, and takes no more.
func (l *Link) Close() {
	_ = l.listener.Close()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.conns {
		_ = conn.Close()
	}
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
		go l.pass(near, l.late(far))
		go l.pass(far, l.late(near))
	}
}

func (l *Link) keep(conn net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conns = append(l.conns, conn)
}

// pass copies what comes until one side ends, which the other one is told unless
// something was swallowed.
func (l *Link) pass(from io.Reader, to io.WriteCloser) {
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

// late writes to a connection when the delay of the link has passed.
func (l *Link) late(to net.Conn) io.WriteCloser {
	if l.delay == 0 {
		return to
	}
	c := &lateConn{to: to, delay: l.delay, parts: make(chan latePart, 1024)}
	go c.write()
	return c
}

type lateConn struct {
	to    net.Conn
	delay time.Duration
	parts chan latePart
}

type latePart struct {
	content []byte
	due     time.Time
}

func (c *lateConn) Write(p []byte) (int, error) {
	c.parts <- latePart{bytes.Clone(p), time.Now().Add(c.delay)}
	return len(p), nil
}

// Close closes the connection when all has been written.
func (c *lateConn) Close() error {
	close(c.parts)
	return nil
}

func (c *lateConn) write() {
	for part := range c.parts {
		sleepUntil(part.due)
		_, _ = c.to.Write(part.content) // who reads on the other side finds out
	}
	_ = c.to.Close()
}

// sleepUntil sleeps by a call of the system: while it has nothing else to do, the runtime of
// Go waits for its own timers by the millisecond, which is twice what is to be waited for.
func sleepUntil(due time.Time) {
	for left := time.Until(due); left > 0; left = time.Until(due) {
		wait := unix.NsecToTimeval(left.Nanoseconds())
		_, _ = unix.Select(0, nil, nil, nil, &wait) // a signal cuts it short
	}
}

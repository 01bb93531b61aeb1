package web

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"testing"
	"time"
)

// SECURITY A57: a client has a bounded number of connections, and gets another one
// when it has closed one; a trusted web server in front has as many as it likes.
func TestA57ConnectionsOfAClient(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		trusted []netip.Prefix
		bounded bool
	}{
		"a client":              {nil, true},
		"a web server in front": {[]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "a page") }))
			count := NewConnections(c.trusted, 3)
			site.Config.ConnState = count.Note
			site.Start()
			defer site.Close()
			address := site.Listener.Addr().String()
			var open []net.Conn
			for range 3 {
				conn := dial(t, address)
				if err := getOn(conn); err != nil {
					t.Fatal(err)
				}
				open = append(open, conn)
			}
			if err := getOn(dial(t, address)); (err != nil) != c.bounded {
				t.Errorf("the fourth connection: %v, want an error: %v", err, c.bounded)
			}
			if err := open[0].Close(); err != nil {
				t.Fatal(err)
			}
			if !c.bounded {
				return
			}
			for err := errors.New("not asked"); err != nil; err = getOn(dial(t, address)) { // the server sees the end a little later
				time.Sleep(time.Millisecond)
			}
		})
	}
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	return conn
}

// getOn gets a page on a connection and leaves it open.
func getOn(conn net.Conn) error {
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: mfa.example\r\n\r\n"); err != nil {
		return err
	}
	_, err := io.ReadAtLeast(conn, make([]byte, 1024), len("HTTP/1.1 200 OK"))
	return err
}

package purge

import (
	"context"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"communique/storage/delivery/patience"
)

// counted counts the connections that are open.
type counted struct {
	net.Conn
	open   *atomic.Int64
	closed atomic.Bool
}

func (c *counted) Close() error {
	if !c.closed.Swap(true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}

// TestACacheThatSaysNothing: connections to a cache that never answers the
// handshake are closed, however often it is tried.
func TestACacheThatSaysNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Int64
		tr := transport()
		tr.DialContext = func(context.Context, string, string) (net.Conn, error) {
			ours, theirs := net.Pipe()
			go func() { // it reads, and says nothing
				for b := make([]byte, 1024); ; {
					if _, err := theirs.Read(b); err != nil {
						return
					}
				}
			}()
			open.Add(1)
			return &counted{Conn: ours, open: &open}, nil
		}
		attentive := &patience.Clock{Probe: func() {}}
		c := Cache{URL: "https://cache.example", Method: http.MethodPost}
		for range 5 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if err := c.send(ctx, &http.Client{Transport: tr}, attentive, []string{"https://mfa.example/"}); err == nil {
				t.Error("a purge without an answer succeeded")
			}
			cancel()
		}
		time.Sleep(time.Minute)
		if left := open.Load(); left != 0 {
			t.Errorf("%d connections are open a minute later", left)
		}
	})
}

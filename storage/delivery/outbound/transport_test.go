package outbound

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"communique/storage/delivery/outbound/outboundtest"
	"communique/storage/delivery/patience"
)

// notYet is longer than the limits of these tests: by the wall clock alone, whoever
// answers after it has not answered in time.
const (
	limit  = 60 * time.Millisecond
	notYet = 5 * limit
)

// starved is the clock of a process that does not get round to its work before the
// test ends.
func starved(t *testing.T) *patience.Clock {
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	return &patience.Clock{Probe: func() { <-end }}
}

// client is a client in loopback mode with a limit for connecting.
func client(t *testing.T, o TransportOptions) *http.Client {
	if o.ConnectTimeout == 0 {
		o.ConnectTimeout = limit
	}
	transport := NewRules(true).Transport(o)
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// ask makes a request that may take a limit.
func ask(t *testing.T, c *http.Client, clock *patience.Clock, address string, limit time.Duration) (string, error) {
	t.Helper()
	ctx, cancel := patience.WithTimeout(t.Context(), limit)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := Do(c, clock, r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return string(body), err
}

// TestStarvedIsNotSilent: servers that answer are heard by a process that is short
// of processor time, whatever the wall clock says by then.
func TestStarvedIsNotSilent(t *testing.T) {
	t.Parallel()
	late := func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(notYet)
		_, _ = io.WriteString(w, "answer to "+r.Proto)
	}
	t.Run("the answer", func(t *testing.T) {
		t.Parallel()
		server, clock := httptest.NewServer(http.HandlerFunc(late)), starved(t)
		t.Cleanup(server.Close)
		if got, err := ask(t, client(t, TransportOptions{Clock: clock}), clock, server.URL, limit); got != "answer to HTTP/1.1" {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("the name", func(t *testing.T) {
		t.Parallel()
		server, clock := httptest.NewServer(http.HandlerFunc(late)), starved(t)
		t.Cleanup(server.Close)
		var asked atomic.Int64
		resolver := outboundtest.Resolver(t, func(string) []netip.Addr {
			if asked.Add(1) <= 2 { // for A and AAAA
				time.Sleep(notYet)
			}
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
		})
		_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
		c := client(t, TransportOptions{Clock: clock, Resolver: resolver})
		if got, err := ask(t, c, clock, "http://peer.example:"+port, limit); got != "answer to HTTP/1.1" {
			t.Errorf("got %q, %v", got, err)
		}
	})
	t.Run("the handshake", func(t *testing.T) {
		t.Parallel()
		server, clock := httptest.NewUnstartedServer(http.HandlerFunc(late)), starved(t)
		server.EnableHTTP2 = true
		server.Listener = lateListener{server.Listener}
		server.StartTLS()
		t.Cleanup(server.Close)
		roots := x509.NewCertPool()
		roots.AddCert(server.Certificate())
		c := client(t, TransportOptions{Clock: clock, RootCAs: roots})
		if got, err := ask(t, c, clock, server.URL, limit); got != "answer to HTTP/2.0" {
			t.Errorf("got %q, %v", got, err)
		}
	})
}

// lateListener accepts what connects late, when the kernel has connected it.
type lateListener struct{ net.Listener }

func (l lateListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	time.Sleep(notYet)
	return conn, err
}

// TestSilentIsSilent: a process that has the time it needs gives silent servers up,
// at whatever point they fall silent.
func TestSilentIsSilent(t *testing.T) {
	t.Parallel()
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	drip := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(time.Millisecond)
		}
	}
	for name, h := range map[string]http.HandlerFunc{"before the answer": hang, "within the answer": drip} {
		for _, http2 := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, HTTP/2 %t", name, http2), func(t *testing.T) {
				t.Parallel()
				server := httptest.NewUnstartedServer(h)
				server.EnableHTTP2 = http2
				server.StartTLS()
				t.Cleanup(server.Close)
				clock, roots := &patience.Clock{}, x509.NewCertPool()
				roots.AddCert(server.Certificate())
				c := &http.Client{Transport: NewRules(true).Transport(TransportOptions{Clock: clock, RootCAs: roots})}
				if got, err := ask(t, c, clock, server.URL, limit); !errors.Is(err, patience.ErrSilent) {
					t.Errorf("got %q, error %v, want ErrSilent", got, err)
				}
			})
		}
	}
	t.Run("before the name is known", func(t *testing.T) {
		t.Parallel()
		end := make(chan struct{})
		t.Cleanup(func() { close(end) })
		resolver := outboundtest.Resolver(t, func(string) []netip.Addr {
			<-end
			return nil
		})
		_, err := client(t, TransportOptions{Resolver: resolver}).Get("http://peer.example:80")
		if !isTimeout(err) {
			t.Errorf("error %v, want a timeout", err)
		}
	})
	t.Run("before the handshake", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { l.Close() })
		_, err = client(t, TransportOptions{}).Get("https://" + l.Addr().String())
		if !errors.Is(err, patience.ErrSilent) {
			t.Errorf("error %v, want ErrSilent", err)
		}
	})
}

// TestHandshakes: who cannot prove their name are not spoken to, and an attempt that
// is not wanted any more ends.
func TestHandshakes(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	var unknown x509.UnknownAuthorityError
	if _, err := client(t, TransportOptions{ConnectTimeout: time.Minute}).Get(server.URL); !errors.As(err, &unknown) {
		t.Errorf("error %v, want x509.UnknownAuthorityError", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := dialer{NewRules(true), TransportOptions{ConnectTimeout: time.Minute, Clock: &patience.Clock{}}}
	if _, err := d.dialTLS(ctx, "tcp", server.Listener.Addr().String()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if _, err := d.dialTLS(t.Context(), "tcp", "no port"); err == nil {
		t.Error("an address without a port was connected to")
	}
}

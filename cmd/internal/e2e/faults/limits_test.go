package faults

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// limited is a site that nobody stands in front of, whose limits are reached soon.
func limited(t *testing.T) *e2etest.Site {
	t.Helper()
	s := e2etest.NewSite(t)
	s.Configure(`trusted_proxies: ["127.0.0.0/8", "::1/128"]`, "trusted_proxies: []")
	for _, l := range []string{"connections: 256|16", "header_size: 16|4", "header_within: 5|1", "request_within: 15|2", "answer_within: 30|3", "idle: 60|2", "unverified: 300|10"} {
		before, after, _ := strings.Cut(l, "|")
		name, _, _ := strings.Cut(before, ":")
		s.Configure(before, name+": "+after)
	}
	return s
}

// dial connects to the site from an address of this machine.
func dial(t *testing.T, s *e2etest.Site, from string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.DialContext(t.Context(), "tcp", strings.TrimPrefix(s.Base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(e2etest.Hang)); err != nil {
		t.Fatal(err)
	}
	return c
}

// write writes until the other side has closed the connection, or for n times.
func write(c net.Conn, n int, text string) error {
	for range n {
		if _, err := io.WriteString(c, text); err != nil {
			return err
		}
	}
	return nil
}

// closed tells whether an error says that the other side has closed a connection, and not
// that we have waited in vain.
func closed(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// TestLimits holds a served site to each limit of its configuration, from outside.
func TestLimits(t *testing.T) {
	t.Parallel()
	s := limited(t)
	s.Publish("A statement")
	s.Serve()
	host := strings.TrimPrefix(s.Base, "http://")
	const endless = 1 << 30
	// Each is done from an address of its own, and ends with what the server says; empty if
	// it says nothing, and closes the connection.
	for n, l := range []struct {
		limit string
		do    func(c net.Conn) error
		says  string
	}{
		{"header_within", func(c net.Conn) error { return write(c, 1, "GET /en/ HTTP/1.1\r\nHost: ") }, ""},
		{"header_size", func(c net.Conn) error {
			return write(c, 1, "GET /en/ HTTP/1.1\r\nHost: "+host+"\r\nX: "+strings.Repeat("x", 12<<10)+"\r\n\r\n")
		}, "431"},
		{"request_within", func(c net.Conn) error {
			return write(c, 1, "POST /ap/inbox HTTP/1.1\r\nHost: "+host+"\r\nContent-Type: application/activity+json\r\nContent-Length: 100\r\n\r\n{")
		}, "408"},
		{"the body of a message", func(c net.Conn) error {
			return write(c, 1, "POST /ap/inbox HTTP/1.1\r\nHost: "+host+"\r\nContent-Type: application/activity+json\r\nContent-Length: 10737418240\r\n\r\n"+strings.Repeat(" ", 1<<20+1))
		}, "413"},
		{"the body of a message in pieces", func(c net.Conn) error {
			head := "POST /ap/inbox HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/activity+json\r\nTransfer-Encoding: chunked\r\n\r\n"
			return errors.Join(write(c, 1, head), write(c, 257, "1000\r\n"+strings.Repeat(" ", 4096)+"\r\n"))
		}, "413"},
		{"answer_within", func(c net.Conn) error {
			return write(c, endless, strings.Repeat("GET /en/ HTTP/1.1\r\nHost: "+host+"\r\n\r\n", 100))
		}, ""},
		{"idle", func(c net.Conn) error {
			if err := write(c, 1, "GET /robots.txt HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
				return err
			}
			answer, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, answer.Body)
			return err
		}, ""},
	} {
		t.Run(l.limit, func(t *testing.T) {
			t.Parallel()
			c := dial(t, s, fmt.Sprintf("127.0.81.%d", n+1))
			if err := l.do(c); err != nil && !closed(err) {
				t.Fatal(err)
			}
			if l.says == "" {
				if _, err := io.Copy(io.Discard, c); err != nil && !closed(err) {
					t.Errorf("the connection is not closed: %v", err)
				}
				return
			}
			answer, err := http.ReadResponse(bufio.NewReader(c), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			if !strings.HasPrefix(answer.Status, l.says) {
				t.Errorf("it is answered %s, want %s", answer.Status, l.says)
			}
		})
	}
}

// TestLimitOfConnections: who has as many as one may have gets no further one, and
// everybody else is served.
func TestLimitOfConnections(t *testing.T) {
	t.Parallel()
	s := limited(t)
	s.Configure("idle: 2", "idle: 3600")
	s.Configure("header_within: 1", "header_within: 60")
	s.Configure("request_within: 2", "request_within: 600")
	s.Serve()
	host := strings.TrimPrefix(s.Base, "http://")
	ask := func(c net.Conn) error {
		if err := write(c, 1, "GET /robots.txt HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); err != nil {
			return err
		}
		_, err := http.ReadResponse(bufio.NewReader(c), nil)
		return err
	}
	for range 16 {
		if err := ask(dial(t, s, "127.0.82.1")); err != nil {
			t.Fatal(err)
		}
	}
	if err := ask(dial(t, s, "127.0.82.1")); err == nil || errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the seventeenth connection: %v", err)
	}
	if err := ask(dial(t, s, "127.0.82.2")); err != nil {
		t.Errorf("a connection of somebody else: %v", err)
	}
}

// TestLimitOfMessages: from whom ten messages have not verified, none is looked at that
// would have a key fetched; others are heard.
func TestLimitOfMessages(t *testing.T) {
	t.Parallel()
	s := limited(t)
	s.Serve()
	post := func(from string) int {
		c := dial(t, s, from)
		body := `{"type":"Follow","actor":"http://127.0.0.1:1/users/u","id":"http://127.0.0.1:1/1","object":"` + s.Actor() + `"}`
		if err := write(c, 1, fmt.Sprintf("POST /ap/inbox HTTP/1.1\r\nHost: %s\r\nContent-Type: application/activity+json\r\nContent-Length: %d\r\n\r\n%s",
			strings.TrimPrefix(s.Base, "http://"), len(body), body)); err != nil {
			t.Fatal(err)
		}
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	for range 10 {
		e2etest.Equal(t, "a message without a signature", post("127.0.83.1"), 401)
	}
	e2etest.Equal(t, "the eleventh", post("127.0.83.1"), 429)
	e2etest.Equal(t, "one of somebody else", post("127.0.83.2"), 401)
}

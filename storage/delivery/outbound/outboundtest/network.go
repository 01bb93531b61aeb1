package outboundtest

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Canary is a listener on this machine that no client may reach.
type Canary struct {
	port uint16
	seen atomic.Int64
}

// Port returns the port it listens on.
func (c *Canary) Port() uint16 { return c.port }

// Seen returns how many connections it got.
func (c *Canary) Seen() int64 { return c.seen.Load() }

// NewCanary listens on 127.0.0.1 and ::1 until the test ends, for clients in public
// mode.
func NewCanary(t *testing.T) *Canary {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Canary{port: l.Addr().(*net.TCPAddr).AddrPort().Port()}
	c.listen(t, l)
	if six, err := net.Listen("tcp", fmt.Sprintf("[::1]:%d", c.port)); err == nil {
		c.listen(t, six)
	}
	return c
}

// NewWideCanary listens on every address of this machine until the test ends, for
// clients in loopback mode, which must not reach its addresses in a network.
func NewWideCanary(t *testing.T) *Canary {
	t.Helper()
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Canary{port: l.Addr().(*net.TCPAddr).AddrPort().Port()}
	c.listen(t, l)
	return c
}

func (c *Canary) listen(t *testing.T, l net.Listener) {
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			c.seen.Add(1)
			conn.Close()
		}
	}()
}

// Resolver returns a resolver that looks every name up by calling answer, through real
// DNS packets on loopback.
func Resolver(t *testing.T, answer func(name string) []netip.Addr) *net.Resolver {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		packet := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(packet)
			if err != nil {
				return
			}
			if reply, err := resolve(packet[:n], answer); err == nil {
				_, _ = conn.WriteTo(reply, from)
			}
		}
	}()
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
}

func resolve(packet []byte, answer func(name string) []netip.Addr) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	q := m.Questions[0]
	for _, addr := range answer(q.Name.String()) {
		header := dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class}
		switch {
		case q.Type == dnsmessage.TypeA && addr.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: addr.As4()}})
		case q.Type == dnsmessage.TypeAAAA && addr.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: addr.As16()}})
		}
	}
	return m.Pack()
}

// Loopback answers for every name with the addresses of this machine.
func Loopback(string) []netip.Addr {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}
}

package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"communique/federation/signature"
)

// canary is a listener on this machine that no client in public mode may reach.
type canary struct {
	port uint16
	seen atomic.Int64
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &canary{port: l.Addr().(*net.TCPAddr).AddrPort().Port()}
	listeners := []net.Listener{l}
	if six, err := net.Listen("tcp", fmt.Sprintf("[::1]:%d", c.port)); err == nil {
		listeners = append(listeners, six)
	}
	for _, l := range listeners {
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
	return c
}

// resolver answers every question for a name by asking answer, over real DNS
// packets on loopback.
func resolver(t *testing.T, answer func(name string) []netip.Addr) *net.Resolver {
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

// publicClient is a client in public mode for which the canary's port is the
// one of https, so that the address alone stands in the way.
func publicClient(t *testing.T, c *canary, answer func(string) []netip.Addr) *Client {
	t.Helper()
	client := newClient(t, func(o *Options) {
		o.Loopback = false
		o.Resolver = resolver(t, answer)
		o.FetchesPerMinute = 1000
	})
	client.rules.port = c.port
	client.http.Transport = client.transport() // with the rules as they are now
	return client
}

func loopbackOnly(string) []netip.Addr {
	return []netip.Addr{netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()}
}

// TestA20AddressSpellings asks for this machine and its like in all the ways
// in which servers were made to; nothing may be connected to. Every one is
// tried on the whole way and, behind the check of the URL, on the dialer.
func TestA20AddressSpellings(t *testing.T) {
	t.Parallel()
	canary := newCanary(t)
	client := publicClient(t, canary, loopbackOnly)
	key := signature.Key{ID: ourKeyID, Private: keyOnce[0]()}
	for _, host := range []string{
		// this machine
		"127.0.0.1", "127.0.0.2", "127.255.255.254", "localhost", "localhost.", "LOCALHOST", "a.localhost",
		"127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "127.0.0.1.",
		"0.0.0.0", "0", "0.0.0.1", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::0001]",
		// IPv4 within IPv6
		"[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]", "[::7f00:1]", "[::ffff:0:127.0.0.1]",
		"[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::7f00:1]", "[2002:7f00:1::]", "[2002:7f00:1::1]",
		"[2001:0:7f00:1::]", "[2001::1]",
		// private, link-local and other special networks
		"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
		"169.254.169.254", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255",
		"198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[fe80::1]", "[fe80::1%25lo]", "[fec0::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[100::1]",
		"[2001:db8::1]", "[2001:10::1]", "[2001:2::1]", "[3fff::1]", "[5f00::1]", "[2620:4f:8000::1]",
		// names that resolve to this machine
		"loopback.example", "xn--e1afmkfd.example", "example",
		// other characters that are made into dots and digits
		"①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "exa mple.example", "exa_mple.example", "-a.example", "a..example",
	} {
		t.Run(host, func(t *testing.T) {
			address := fmt.Sprintf("https://%s:%d/actor", host, canary.port)
			if _, err := client.FetchActor(t.Context(), address); !errors.Is(err, ErrForbidden) {
				t.Errorf("actor: error %v, want ErrForbidden", err)
			}
			if _, err := client.FetchKey(t.Context(), address+"#main-key"); !errors.Is(err, ErrForbidden) {
				t.Errorf("key: error %v, want ErrForbidden", err)
			}
			if _, err := client.Post(t.Context(), address, nil, signature.Digest(nil), key); !errors.Is(err, ErrForbidden) {
				t.Errorf("inbox: error %v, want ErrForbidden", err)
			}
			bare := host
			if host[0] == '[' {
				bare = host[1 : len(host)-1]
			}
			conn, err := client.transport().DialContext(t.Context(), "tcp", net.JoinHostPort(bare, fmt.Sprint(canary.port)))
			if err == nil {
				conn.Close()
				t.Errorf("the dialer connected to %s", conn.RemoteAddr())
			}
		})
	}
	if n := canary.seen.Load(); n != 0 {
		t.Errorf("the canary saw %d connections", n)
	}
}

func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	r := rules{port: 443}
	for _, address := range []string{"9.9.9.9:443", "172.15.0.1:443", "172.32.0.1:443", "[2a01:4f8::1]:443", "[2620:fe::fe]:443", "[::ffff:9.9.9.9]:443"} {
		if err := r.control("tcp", address, nil); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{"9.9.9.9:80", "9.9.9.9:22", "[2620:fe::fe]:8443", "9.9.9.9", ""} {
		if err := r.control("tcp", address, nil); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: error %v, want ErrForbidden", address, err)
		}
	}
}

// TestA21Rebinding has a name that resolves to something else each time. There
// is no moment between check and use: the address connected to is the one that
// is checked.
func TestA21Rebinding(t *testing.T) {
	t.Parallel()
	canary := newCanary(t)
	var asked atomic.Int64
	client := publicClient(t, canary, func(string) []netip.Addr {
		if asked.Add(1) <= 2 { // for A and AAAA of the first lookup
			return []netip.Addr{netip.MustParseAddr("203.0.113.7")}
		}
		return loopbackOnly("")
	})
	for i := range 3 {
		address := fmt.Sprintf("https://rebind.example:%d/%d", canary.port, i)
		if _, err := client.FetchActor(t.Context(), address); !errors.Is(err, ErrForbidden) {
			t.Errorf("error %v, want ErrForbidden", err)
		}
	}
	if n := canary.seen.Load(); n != 0 {
		t.Errorf("the canary saw %d connections", n)
	}
	if asked.Load() < 4 {
		t.Errorf("the resolver was asked %d times: the name was not resolved anew", asked.Load())
	}
}

func TestLoopbackModeReachesThisMachineOnly(t *testing.T) {
	t.Parallel()
	peer := newPeer(t)
	peer.set("/ana", peer.person("/ana", keyOnce[1]()))
	to := netip.MustParseAddr("127.0.0.1")
	client := newClient(t, func(o *Options) {
		o.Resolver = resolver(t, func(string) []netip.Addr { return []netip.Addr{to} })
	})
	if _, err := client.FetchActor(t.Context(), peer.URL+"/ana"); err != nil {
		t.Errorf("loopback: %v", err)
	}
	port := peer.Listener.Addr().(*net.TCPAddr).Port
	if _, err := client.FetchActor(t.Context(), fmt.Sprintf("http://peer.example:%d/none", port)); !errors.Is(err, ErrNotFound) {
		t.Errorf("a name for this machine: error %v, want ErrNotFound", err)
	}
	other := newClient(t, func(o *Options) {
		o.Resolver = resolver(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("192.0.2.1")} })
	})
	for _, address := range []string{"http://192.0.2.1/a", "https://9.9.9.9/a", "http://away.example/a", "http://[fe80::1]/a"} {
		if _, err := other.FetchActor(t.Context(), address); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: error %v, want ErrForbidden", address, err)
		}
	}
}

func TestA23CheckURL(t *testing.T) {
	t.Parallel()
	long := "https://a.example/" + string(make([]byte, maxURL))
	for _, c := range []struct {
		raw              string
		public, loopback bool
	}{
		{"https://social.example/users/ana/inbox", true, true},
		{"https://social.example:443/inbox?x=1&y=%20", true, true},
		{"https://xn--bcher-kva.example/", true, true},
		{"https://SOCIAL.example/Inbox", true, true},
		{"https://9.9.9.9/inbox", true, false},
		{"http://127.0.0.1:8080/inbox", false, true},
		{"https://[::1]:8443/inbox", false, true},
		{"http://localhost:8080/inbox", false, true},
		{"http://social.example/inbox", false, true},
		{"https://social.example:8443/", false, true},
		{"https://social.example:22/", false, true},
		{"https://social.example:0/", false, false},
		{"https://social.example:65536/", false, false},
		{"https://social.example:/", false, false},
		{"javascript:alert(1)", false, false},
		{"data:application/activity+json,{}", false, false},
		{"file:///etc/passwd", false, false},
		{"gopher://social.example/", false, false},
		{"ftp://social.example/", false, false},
		{"acct:ana@social.example", false, false},
		{"/inbox", false, false},
		{"//social.example/inbox", false, false},
		{"inbox", false, false},
		{"https:social.example/inbox", false, false},
		{"https:///inbox", false, false},
		{"https://:443/inbox", false, false},
		{"https://ana@social.example/", false, false},
		{"https://ana:secret@social.example/", false, false},
		{"https://social.example@evil.example/", false, false},
		{"https://social.example/#fragment", false, false},
		{"https://social.example/#", false, false},
		{"https://sociаl.example/", false, false}, // a Cyrillic а
		{"https://bücher.example/", false, false},
		{"https://social.example\\@evil.example/", false, false},
		{"https://social.example /", false, false},
		{"https://social.example/\n", false, false},
		{"https://soc%69al.example/", false, false},
		{"https://%31%32%37.0.0.1/", false, false},
		{" https://social.example/", false, false},
		{"https://social.example./", false, false},
		{"", false, false},
		{long, false, false},
	} {
		for _, r := range []rules{{port: 443}, {loopback: true}} {
			want := c.public
			if r.loopback {
				want = c.loopback
			}
			u, err := r.checkURL(c.raw)
			if want && err != nil {
				t.Errorf("%q, loopback %t: %v", c.raw, r.loopback, err)
			}
			if !want && (!errors.Is(err, ErrForbidden) || u != nil) {
				t.Errorf("%q, loopback %t: %v, error %v, want ErrForbidden", c.raw, r.loopback, u, err)
			}
		}
	}
}

func FuzzCheckURL(f *testing.F) {
	f.Add("https://social.example:443/inbox?x#y")
	f.Add("https://[::ffff:127.0.0.1%25lo]/")
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := rules{port: 443}.checkURL(raw)
		if err != nil {
			return
		}
		if u.Scheme != "https" || u.User != nil || u.Fragment != "" || u.Port() != "" && u.Port() != "443" {
			t.Fatalf("accepted %q", raw)
		}
		if addr, err := netip.ParseAddr(u.Hostname()); err == nil && (addr.IsLoopback() || addr.IsPrivate()) {
			t.Fatalf("accepted %q", raw)
		}
	})
}

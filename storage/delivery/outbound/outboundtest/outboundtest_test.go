package outboundtest

import (
	"fmt"
	"net"
	"net/netip"
	"testing"
	"time"
)

// TestCanary: every connection is counted, at each of its addresses.
func TestCanary(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*Canary{"of this machine": NewCanary(t), "wide": NewWideCanary(t)} {
		for n := range int64(2) {
			conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", c.Port()))
			if err != nil {
				t.Fatal(err)
			}
			// The canary closes it once it is counted.
			if err := conn.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Read(make([]byte, 1)); err == nil {
				t.Errorf("%s: it says something", name)
			}
			_ = conn.Close()
			if c.Seen() != n+1 {
				t.Errorf("%s: %d connections are counted, want %d", name, c.Seen(), n+1)
			}
		}
	}
}

// TestResolver: names are answered with what the test says, each kind of address
// to its own question, and never by the network.
func TestResolver(t *testing.T) {
	t.Parallel()
	public := netip.MustParseAddr("203.0.113.7")
	r := Resolver(t, func(name string) []netip.Addr {
		switch name {
		case "public.example.":
			return []netip.Addr{public}
		case "here.example.":
			return Loopback(name)
		}
		return nil
	})
	got, err := r.LookupNetIP(t.Context(), "ip4", "public.example")
	if err != nil || len(got) != 1 || got[0].Unmap() != public {
		t.Errorf("public.example is at %v, %v", got, err)
	}
	got, err = r.LookupNetIP(t.Context(), "ip", "here.example")
	if err != nil || len(got) != 2 || !got[0].Unmap().IsLoopback() || !got[1].Unmap().IsLoopback() {
		t.Errorf("here.example is at %v, %v", got, err)
	}
	if got, err := r.LookupNetIP(t.Context(), "ip", "nowhere.example"); err == nil {
		t.Errorf("nowhere.example is at %v", got)
	}
}

// TestSpellings: there are many, and each stands once. Package outbound is held to
// them.
func TestSpellings(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, host := range Spellings() {
		if seen[host] {
			t.Errorf("%s stands twice", host)
		}
		seen[host] = true
	}
	if len(seen) < 70 {
		t.Errorf("there are %d spellings only", len(seen))
	}
}

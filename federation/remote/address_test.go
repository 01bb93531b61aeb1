package remote

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"communique/federation/signature"
	"communique/storage/delivery/outbound/outboundtest"
)

// publicClient is a client in public mode for which the canary's port is the
// one of https, so that the address alone stands in the way.
func publicClient(t *testing.T, c *outboundtest.Canary, answer func(string) []netip.Addr) *Client {
	t.Helper()
	client := newClient(t, func(o *Options) {
		o.Loopback = false
		o.Resolver = outboundtest.Resolver(t, answer)
		o.FetchesPerMinute = 1000
	})
	client.rules.Port = c.Port()
	client.http.Transport = client.transport() // with the rules as they are now
	return client
}

// TestA20AddressSpellings asks for this machine and its like in all the ways
// in which servers were made to; nothing may be connected to. Every one is
// tried on the whole way and, behind the check of the URL, on the dialer.
func TestA20AddressSpellings(t *testing.T) {
	t.Parallel()
	canary := outboundtest.NewCanary(t)
	client := publicClient(t, canary, outboundtest.Loopback)
	key := signature.Key{ID: ourKeyID, Private: keyOnce[0]()}
	for _, host := range outboundtest.Spellings() {
		t.Run(host, func(t *testing.T) {
			address := fmt.Sprintf("https://%s:%d/actor", host, canary.Port())
			if _, err := client.FetchActor(t.Context(), address); !errors.Is(err, ErrForbidden) {
				t.Errorf("actor: error %v, want ErrForbidden", err)
			}
			if _, err := client.FetchKey(t.Context(), address+"#main-key"); !errors.Is(err, ErrForbidden) {
				t.Errorf("key: error %v, want ErrForbidden", err)
			}
			if _, err := client.Post(t.Context(), Delivery{Inbox: address, Digest: signature.Digest(nil)}, Ladder{Key: key}); !errors.Is(err, ErrForbidden) {
				t.Errorf("inbox: error %v, want ErrForbidden", err)
			}
			if _, err := client.FetchNote(t.Context(), address); !errors.Is(err, ErrForbidden) {
				t.Errorf("post: error %v, want ErrForbidden", err)
			}
			handle := fmt.Sprintf("@ana@%s:%d", host, canary.Port())
			if _, err := client.FetchHandle(t.Context(), handle); !errors.Is(err, ErrForbidden) {
				t.Errorf("handle: error %v, want ErrForbidden", err)
			}
			bare := host
			if host[0] == '[' {
				bare = host[1 : len(host)-1]
			}
			conn, err := client.transport().DialContext(t.Context(), "tcp", net.JoinHostPort(bare, fmt.Sprint(canary.Port())))
			if err == nil {
				conn.Close()
				t.Errorf("the dialer connected to %s", conn.RemoteAddr())
			}
		})
	}
	if n := canary.Seen(); n != 0 {
		t.Errorf("the canary saw %d connections", n)
	}
}

// TestA21Rebinding has a name that resolves to something else each time. There
// is no moment between check and use: the address connected to is the one that
// is checked.
func TestA21Rebinding(t *testing.T) {
	t.Parallel()
	canary := outboundtest.NewCanary(t)
	var asked atomic.Int64
	client := publicClient(t, canary, func(string) []netip.Addr {
		if asked.Add(1) <= 2 { // for A and AAAA of the first lookup
			return []netip.Addr{netip.MustParseAddr("203.0.113.7")}
		}
		return outboundtest.Loopback("")
	})
	key := signature.Key{ID: ourKeyID, Private: keyOnce[0]()}
	for i := range 3 {
		address := fmt.Sprintf("https://rebind.example:%d/%d", canary.Port(), i)
		_, actor := client.FetchActor(t.Context(), address)
		_, note := client.FetchNote(t.Context(), address)
		_, owner := client.FetchKey(t.Context(), address+"#main-key")
		_, inbox := client.Post(t.Context(), Delivery{Inbox: address, Digest: signature.Digest(nil)}, Ladder{Key: key})
		for _, err := range []error{actor, note, owner, inbox} {
			if !errors.Is(err, ErrForbidden) {
				t.Errorf("error %v, want ErrForbidden", err)
			}
		}
	}
	if n := canary.Seen(); n != 0 {
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
		o.Resolver = outboundtest.Resolver(t, func(string) []netip.Addr { return []netip.Addr{to} })
	})
	if _, err := client.FetchActor(t.Context(), peer.URL+"/ana"); err != nil {
		t.Errorf("loopback: %v", err)
	}
	port := peer.Listener.Addr().(*net.TCPAddr).Port
	if _, err := client.FetchActor(t.Context(), fmt.Sprintf("http://peer.example:%d/none", port)); !errors.Is(err, ErrNotFound) {
		t.Errorf("a name for this machine: error %v, want ErrNotFound", err)
	}
	other := newClient(t, func(o *Options) {
		o.Resolver = outboundtest.Resolver(t, func(string) []netip.Addr { return []netip.Addr{netip.MustParseAddr("192.0.2.1")} })
	})
	for _, address := range []string{"http://192.0.2.1/a", "https://9.9.9.9/a", "http://away.example/a", "http://[fe80::1]/a"} {
		if _, err := other.FetchActor(t.Context(), address); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: error %v, want ErrForbidden", address, err)
		}
	}
}

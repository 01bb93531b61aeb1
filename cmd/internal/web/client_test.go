package web

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestA33ClientAddress: SECURITY A33. A forwarded address is that of the last
// proxy's peer, and only a trusted proxy's word.
func TestA33ClientAddress(t *testing.T) {
	t.Parallel()
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, c := range []struct {
		peer      string
		forwarded []string
		want      string
	}{
		{"203.0.113.5:1000", nil, "203.0.113.5:1000"},
		{"203.0.113.5:1000", []string{"192.0.2.1"}, "203.0.113.5:1000"}, // no proxy of ours
		{"127.0.0.1:1000", nil, "127.0.0.1:1000"},
		{"127.0.0.1:1000", []string{"192.0.2.1"}, "192.0.2.1:0"},
		{"[::1]:1000", []string{"2001:db8::7"}, "[2001:db8::7]:0"},
		{"127.0.0.1:1000", []string{"192.0.2.1, 198.51.100.7"}, "198.51.100.7:0"},             // the first is the client's own word
		{"127.0.0.1:1000", []string{"192.0.2.1", "198.51.100.7, 10.1.1.1"}, "198.51.100.7:0"}, // behind two proxies
		{"[::ffff:127.0.0.1]:1000", []string{"198.51.100.7:4711"}, "198.51.100.7:0"},
		{"127.0.0.1:1000", []string{"10.1.1.1, 127.0.0.1"}, "127.0.0.1:1000"},
		{"127.0.0.1:1000", []string{"192.0.2.1, unknown"}, "127.0.0.1:1000"},
		{"127.0.0.1:1000", []string{""}, "127.0.0.1:1000"},
		{"@", []string{"192.0.2.1"}, "@"},
	} {
		var got string
		h := ClientAddress(trusted)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.RemoteAddr }))
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forwarded
		r.Header.Set("Client-Ip", "192.0.2.99")
		r.Header.Set("X-Real-Ip", "192.0.2.99")
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != c.want {
			t.Errorf("%s with %q is %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

// FuzzForwardedFor: whatever the list holds, the client is not a trusted proxy,
// and nothing that a client puts in front changes it.
func FuzzForwardedFor(f *testing.F) {
	trusted := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	for _, s := range []string{"192.0.2.1", "192.0.2.1, 10.0.0.1", "[2001:db8::1]:80", "unknown", "::ffff:127.0.0.1", "fe80::1%lo, 10.1.1.1", ",,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, list string) {
		client := forwardedFor(list, trusted)
		if !client.IsValid() {
			return
		}
		if within(client, trusted) || client.Zone() != "" || client.Is4In6() {
			t.Errorf("%q is %s", list, client)
		}
		if again := forwardedFor("203.0.113.99, "+list, trusted); again != client {
			t.Errorf("%q is %s, and %s with a word in front", list, client, again)
		}
		if _, _, err := net.SplitHostPort(net.JoinHostPort(client.String(), "0")); err != nil {
			t.Errorf("%s: %v", client, err)
		}
	})
}

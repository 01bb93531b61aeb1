package https

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"communique/storage/delivery/outbound"
)

// TestPlain: plain http is answered with the way to the same at https, on the site's host,
// whatever host and path were asked for.
func TestPlain(t *testing.T) {
	t.Parallel()
	k, _ := newSite(t).keep(t, nil, func(o *Options) { o.Directory = "https://ca.mfa.example/dir" })
	for _, c := range []struct {
		method, target, host, to string
		status                   int
	}{
		{"GET", "/en/feed.rss?a=b%20c", "press.mfa.example", "/en/feed.rss?a=b%20c", 301},
		{"HEAD", "/en/tags/a%2Fb/", "press.mfa.example:80", "/en/tags/a%2Fb/", 301},
		{"POST", "/ap/inbox", "press.mfa.example", "/ap/inbox", 308},
		{"GET", "//evil.example/", "evil.example", "//evil.example/", 301},
		{"GET", "http://evil.example/en/", "evil.example", "/en/", 301},
		{"OPTIONS", "*", "press.mfa.example", "/", 308},
		{"GET", "/.well-known/acme-challenge/token", "press.mfa.example", "/.well-known/acme-challenge/token", 301}, // nobody asked for one
		{"GET", "/.well-known/acme-challenge/token", "evil.example", "/.well-known/acme-challenge/token", 301},
	} {
		r := httptest.NewRequest(c.method, c.target, nil)
		r.Host = c.host
		w := httptest.NewRecorder()
		k.Plain("https://press.mfa.example").ServeHTTP(w, r)
		if to := w.Header().Get("Location"); w.Code != c.status || to != "https://press.mfa.example"+c.to {
			t.Errorf("%s %s of %s: %d to %s", c.method, c.target, c.host, w.Code, to)
		}
	}
}

// TestStrict: browsers are told for how long, for this host alone, or nothing.
func TestStrict(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{0: "", 2: "max-age=172800"} {
		w := httptest.NewRecorder()
		Strict(days, http.NotFoundHandler()).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if got := w.Header().Get("Strict-Transport-Security"); got != want {
			t.Errorf("for %d days: %q", days, got)
		}
	}
}

// TestWhereAnAuthorityLeads: its directory may be anywhere, for an operator has named it; it
// leads us to itself, to public addresses and to networks that are named.
func TestWhereAnAuthorityLeads(t *testing.T) {
	t.Parallel()
	rules := outbound.NewRules(false)
	rules.Private = []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16")}
	check := within("https://127.0.0.1:14000/dir", rules)
	for address, may := range map[string]bool{
		"https://127.0.0.1:14000/order": true, "https://127.0.0.1:14001/order": false, "http://127.0.0.1:14000/order": false,
		"https://192.0.2.1/order": false, "https://1.1.1.1/order": true, "https://1.1.1.1:8443/order": false, "http://1.1.1.1/order": false,
		"https://10.20.0.1/order": true, "https://10.21.0.1/order": false, "https://localhost/order": false, "https://169.254.169.254/latest": false,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		proxy, err := check(r)
		if proxy != nil || (err == nil) != may || err != nil && !errors.Is(err, outbound.ErrForbidden) {
			t.Errorf("%s: %v, %v", address, proxy, err)
		}
	}
}

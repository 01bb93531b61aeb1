package outbound

import (
	"errors"
	"net/netip"
	"testing"
)

func TestPublicAddresses(t *testing.T) {
	t.Parallel()
	r := Rules{Port: 443}
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

// TestPrivateNetworks: one's own networks are admitted where they are named, at the same
// port, and no others; and nothing is while all is held.
func TestPrivateNetworks(t *testing.T) {
	t.Parallel()
	private := []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	for address, want := range map[string]bool{
		"10.20.3.4:443": true, "[fd12::1]:443": true, "[::ffff:10.20.3.4]:443": true, "9.9.9.9:443": true,
		"10.21.3.4:443": false, "192.168.0.1:443": false, "10.20.3.4:80": false, "127.0.0.1:443": false, "169.254.169.254:443": false, "[::1]:443": false, "[fe80::1]:443": false,
	} {
		if err := (Rules{Port: 443, Private: private}).control("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
		if err := (Rules{Port: 443, Private: private, Held: true}).control("tcp", address, nil); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s, while all is held: %v", address, err)
		}
		if err := (Rules{Loopback: true, Private: private}).control("tcp", address, nil); err == nil && address != "127.0.0.1:443" && address != "[::1]:443" {
			t.Errorf("%s is not this machine", address)
		}
	}
	if _, err := (Rules{Port: 443, Private: private}).Check("https://10.20.3.4/inbox"); err != nil {
		t.Error(err)
	}
}

// TestNotPublic: what makes an address a special one is named.
func TestNotPublic(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"9.9.9.9": "", "2620:fe::fe": "",
		"10.0.0.5":        "10.0.0.5 is not public: it is within 10.0.0.0/8 (private networks)",
		"::ffff:10.0.0.5": "10.0.0.5 is not public: it is within 10.0.0.0/8 (private networks)",
		"100.64.0.1":      "100.64.0.1 is not public: it is within 100.64.0.0/10 (carrier-grade NAT)",
		"fd12::1":         "fd12::1 is not public: it is within fc00::/7 (private networks)",
		"64:ff9b::1":      "64:ff9b::1 is not public: it is outside 2000::/3",
	} {
		if got := NotPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

func TestA23Check(t *testing.T) {
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
		{"https://social.example:0443/", false, false},
		{"http://127.0.0.1:08080/inbox", false, false},
		{"https://[2620:fe::fe]/inbox", true, false},
		{"https://[2620:00fe::fe]/inbox", false, false},
		{"https://[2620:fe:0:0:0:0:0:fe]/inbox", false, false},
		{"https://[2620:FE::fe]/inbox", false, false},
		{"https://[::ffff:9.9.9.9]/inbox", false, false},
		{"http://[0::1]:8080/inbox", false, false},
		{"http://[::ffff:127.0.0.1]:8080/inbox", false, false},
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
		for _, r := range []Rules{{Port: 443}, {Loopback: true}} {
			want := c.public
			if r.Loopback {
				want = c.loopback
			}
			u, err := r.Check(c.raw)
			if want && err != nil {
				t.Errorf("%q, loopback %t: %v", c.raw, r.Loopback, err)
			}
			if !want && (!errors.Is(err, ErrForbidden) || u != nil) {
				t.Errorf("%q, loopback %t: %v, error %v, want ErrForbidden", c.raw, r.Loopback, u, err)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("https://social.example:443/inbox?x#y")
	f.Add("https://[::ffff:127.0.0.1%25lo]/")
	f.Fuzz(func(t *testing.T, raw string) {
		u, err := Rules{Port: 443}.Check(raw)
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

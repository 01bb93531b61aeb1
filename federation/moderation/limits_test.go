package moderation

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"strings"
	"testing"
	"time"
	"unsafe"
)

type clock struct{ at time.Time }

func newLimits(t *testing.T) (*Limits, *clock) {
	t.Helper()
	c := &clock{time.Date(2031, 3, 4, 12, 0, 0, 0, time.UTC)}
	return NewLimits(false, func() time.Time { return c.at }), c
}

func throttled(t *testing.T, err error) time.Duration {
	t.Helper()
	var e *ThrottledError
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want one of throttling", err)
	}
	return e.RetryAfter
}

// SECURITY A32: an honest burst is absorbed, and nobody else feels it.
func TestA32BurstOfOneServer(t *testing.T) {
	t.Parallel()
	l, c := newLimits(t)
	c.at = c.at.Add(10 * time.Second)
	for n := range perDomain {
		if err := l.Verified("social.example"); err != nil {
			t.Fatalf("message %d: %v", n, err)
		}
	}
	if got := throttled(t, l.Verified("www.social.example")); got != 50*time.Second {
		t.Errorf("come back in %s, want 50s", got)
	}
	if err := l.Verified("other.example"); err != nil {
		t.Errorf("another server: %v", err)
	}
	c.at = c.at.Add(50 * time.Second)
	if err := l.Verified("social.example"); err != nil {
		t.Errorf("in the next minute: %v", err)
	}
}

// SECURITY A32: eleven subdomains in turn are one sender.
func TestA32Subdomains(t *testing.T) {
	t.Parallel()
	l, c := newLimits(t)
	if err := l.Verified("old.evil.example"); err != nil {
		t.Fatal(err)
	}
	for n := range 10 {
		for range 3 {
			if err := l.Stranger(fmt.Sprintf("s%d.evil.example", n)); err != nil {
				t.Fatalf("subdomain %d: %v", n, err)
			}
		}
	}
	throttled(t, l.Stranger("s10.evil.example"))
	for _, host := range []string{"old.evil.example", "evil.example", "fine.example", "a.co.uk", "b.co.uk"} {
		if err := l.Stranger(host); err != nil {
			t.Errorf("%s: %v", host, err)
		}
	}
	c.at = c.at.Add(subdomainWindow)
	if err := l.Stranger("s10.evil.example"); err != nil {
		t.Errorf("later: %v", err)
	}
}

// SECURITY A32, A33: what does not verify counts against its client.
func TestA32WhatDoesNotVerify(t *testing.T) {
	t.Parallel()
	l, c := newLimits(t)
	for range perClient {
		if err := l.Suspect("192.0.2.1:1000"); err != nil {
			t.Fatal(err)
		}
		l.Unverified("192.0.2.1:2000")
		l.Unverified("[2001:db8::1]:2000")
	}
	if got := throttled(t, l.Suspect("192.0.2.1:3000")); got != 5*time.Minute {
		t.Errorf("come back in %s, want 5m", got)
	}
	throttled(t, l.Suspect("[2001:db8::ffff]:1"))
	throttled(t, l.Suspect("[::ffff:192.0.2.1]:1"))
	for _, other := range []string{"192.0.2.2:1000", "[2001:db8:0:1::1]:1"} {
		if err := l.Suspect(other); err != nil {
			t.Errorf("%s: %v", other, err)
		}
	}
	c.at = c.at.Add(clientWindow)
	if err := l.Suspect("192.0.2.1:1000"); err != nil {
		t.Errorf("later: %v", err)
	}
}

// SECURITY A32: servers that share a site share what is accepted of a client, also when
// their number changes.
func TestA32ServersShareTheLimits(t *testing.T) {
	t.Parallel()
	l, _ := newLimits(t)
	servers := 3
	l.Among(func() int { return servers })
	for range perClient / 3 {
		if err := l.Suspect("192.0.2.1:1000"); err != nil {
			t.Fatal(err)
		}
		l.Unverified("192.0.2.1:1000")
	}
	throttled(t, l.Suspect("192.0.2.1:1000"))
	servers = 2 // one has died
	if err := l.Suspect("192.0.2.1:1000"); err != nil {
		t.Error(err)
	}
	servers = 0 // nobody knows
	if err := l.Suspect("192.0.2.1:1000"); err != nil {
		t.Error(err)
	}
}

// SECURITY A27: whoever invents hosts and addresses fills nothing.
func TestA27LimitsAreBounded(t *testing.T) {
	t.Parallel()
	l, _ := newLimits(t)
	for n := range 100_000 {
		_ = l.Verified(fmt.Sprintf("host%d.example", n))
		_ = l.Stranger(fmt.Sprintf("sub.host%d.example", n))
		l.Unverified(fmt.Sprintf("10.%d.%d.%d:1", n>>16, n>>8&255, n&255))
	}
	for name, n := range map[string]int{
		"domains": len(l.verified.counts), "parents": len(l.subdomains.counts), "clients": len(l.unverified.counts),
	} {
		if n > maxCounted {
			t.Errorf("%d %s are counted, at most %d may be", n, name, maxCounted)
		}
	}
	if n := len(l.known.recent) + len(l.known.before); n > 2*maxKnown {
		t.Errorf("%d hosts are known", n)
	}
	if err := l.Verified("a-new-one.example"); err != nil {
		t.Errorf("one who is not counted any more: %v", err)
	}
}

// SECURITY A52: a host is a piece of the request that named it, and keeping the one
// must not keep the other.
func TestA52NothingIsKeptOfRequests(t *testing.T) {
	t.Parallel()
	l, _ := newLimits(t)
	header := strings.Repeat("x", 1<<10) + "sub.host.example" + strings.Repeat("x", 1<<10)
	host := header[1<<10 : 1<<10+len("sub.host.example")]
	if err := errors.Join(l.Verified(host[len("sub."):]), l.Stranger(host)); err != nil {
		t.Fatal(err)
	}
	from := uintptr(unsafe.Pointer(unsafe.StringData(header)))
	for name, kept := range map[string]iter.Seq[string]{
		"domains": maps.Keys(l.verified.counts), "parents": maps.Keys(l.subdomains.counts), "hosts": maps.Keys(l.known.recent),
	} {
		for key := range kept {
			if at := uintptr(unsafe.Pointer(unsafe.StringData(key))); at >= from && at < from+uintptr(len(header)) {
				t.Errorf("the %s keep a whole header for %s", name, key)
			}
		}
	}
}

func TestDomain(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"a.b.social.example": "social.example", "Social.Example": "social.example", "x.co.uk": "x.co.uk", "a.x.co.uk": "x.co.uk",
		"192.0.2.1": "192.0.2.1", "example": "example", "me.github.io": "me.github.io",
		// The usual port can be written in many ways.
		"social.example:443": "social.example", "a.x.co.uk:00443": "x.co.uk", "192.0.2.1:0443": "192.0.2.1",
	} {
		if got := Domain(host, false); got != want {
			t.Errorf("%s counts as %s, want %s", host, got, want)
		}
	}
	if got := Domain("127.0.0.1:8001", true); got != "127.0.0.1:8001" {
		t.Errorf("on this machine: %s", got)
	}
}

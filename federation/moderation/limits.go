package moderation

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"time"

	"communique/storage/delivery/outbound"
)

// The limits of SECURITY C.
const (
	// perDomain is how many messages that verify are accepted from one registrable
	// domain in a minute: the burst of a large server.
	perDomain       = 15_000
	domainWindow    = time.Minute
	perClient       = 300 // messages that don't verify, from one address
	clientWindow    = 5 * time.Minute
	newSubdomains   = 10 // hosts of one registrable domain that are new here
	subdomainWindow = 5 * time.Minute

	maxCounted = 20_000 // keys of each counter
	maxKnown   = 50_000 // hosts that are not new
	knownFor   = 12 * time.Hour
)

// ThrottledError says that a sender has sent too much and must wait.
type ThrottledError struct {
	Who        string // a domain or an address
	RetryAfter time.Duration
}

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many requests from %s, come back in %s", e.Who, e.RetryAfter)
}

// Limits counts messages. It is safe for concurrent use.
type Limits struct {
	loopback bool
	now      func() time.Time

	mu         sync.Mutex
	verified   counter // by registrable domain
	unverified counter // by client
	subdomains counter // by registrable domain
	known      hosts
}

// NewLimits starts counting. In loopback mode one machine stands for all servers,
// which differ by their ports.
func NewLimits(loopback bool, now func() time.Time) *Limits {
	return &Limits{
		loopback: loopback, now: now,
		verified:   counter{window: domainWindow, most: perDomain},
		unverified: counter{window: clientWindow, most: perClient},
		subdomains: counter{window: subdomainWindow, most: newSubdomains},
	}
}

// Most sets how many messages that verify are accepted from one domain in a minute, and how
// many that don't from one client in five; zero leaves them as they are.
func (l *Limits) Most(verified, unverified int) *Limits {
	l.verified.most, l.unverified.most = cmp.Or(verified, l.verified.most), cmp.Or(unverified, l.unverified.most)
	return l
}

// Among has only a part of what is accepted in all be accepted here: that of one of so
// many servers, to which a balancer hands what comes in turn. Otherwise each server more
// would let strangers in once more.
func (l *Limits) Among(servers func() int) *Limits {
	for _, c := range []*counter{&l.verified, &l.unverified, &l.subdomains} {
		c.servers = servers
	}
	return l
}

// Verified counts a message from a host whose signature is valid. It is refused
// with a [*ThrottledError] if the host's domain has sent too many.
func (l *Limits) Verified(host string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	l.known.add(host, now)
	domain := Domain(host, l.loopback)
	return l.verified.count(domain, now)
}

// Unverified counts a message that did not verify against the client that sent it,
// an address as in [net/http.Request.RemoteAddr].
func (l *Limits) Unverified(client string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.unverified.count(ClientKey(client), l.now()) // it is refused already
}

// Suspect returns a [*ThrottledError] if a client has sent too many messages that
// did not verify. It should then be heard only if that takes no fetch: a proxy may
// stand for many, and those whom we know must not suffer for one.
func (l *Limits) Suspect(client string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.unverified.full(ClientKey(client), l.now())
}

// Stranger must be asked before a key is fetched from a host. It returns a
// [*ThrottledError] for the eleventh new host of one registrable domain: its owner
// can have any number of subdomains.
func (l *Limits) Stranger(host string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	domain := Domain(host, l.loopback)
	if domain == host || l.known.has(host, now) {
		return nil
	}
	if err := l.subdomains.count(domain, now); err != nil {
		return err
	}
	l.known.add(host, now)
	return nil
}

// Domain is what a host counts against: its registrable domain, or in loopback mode
// the host with its port.
func Domain(host string, loopback bool) string { return outbound.NewRules(loopback).Domain(host) }

// ClientKey is what a client's address counts against: for IPv6 the network of 64
// bits, which one client has to itself.
func ClientKey(address string) string { return networkOf(address, 64) }

// SiteKey is what all networks of a client's site count against: for IPv6 that of 48 bits, the
// largest that a site is commonly given (RFC 6177 §2).
func SiteKey(address string) string { return networkOf(address, 48) }

// networkOf is the network that an address is in: for IPv6 that of so many bits, for IPv4 the
// address.
func networkOf(address string, bits int) string {
	addr, err := netip.ParseAddrPort(address)
	if err != nil {
		return address
	}
	ip := addr.Addr().Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(bits)
	if err != nil {
		return ip.String()
	}
	return network.String()
}

// counter counts by key within fixed windows of time and forgets everything when the
// next one begins. When it is full, further keys pass uncounted, or whoever fills it
// could lock out everybody else.
type counter struct {
	window time.Duration
	most   int
	// servers is among how many the most is divided; nil: none
	servers func() int

	began  time.Time
	counts map[string]int
}

func (c *counter) count(key string, now time.Time) error {
	if err := c.full(key, now); err != nil {
		return err
	}
	if _, known := c.counts[key]; known || len(c.counts) < maxCounted {
		c.counts[strings.Clone(key)]++ // it may be a piece of a request's headers
	}
	return nil
}

func (c *counter) full(key string, now time.Time) error {
	if began := now.Truncate(c.window); !began.Equal(c.began) || c.counts == nil {
		c.began, c.counts = began, map[string]int{}
	}
	most := c.most
	if c.servers != nil {
		servers := max(1, c.servers())
		most = (most + servers - 1) / servers
	}
	if c.counts[key] < most {
		return nil
	}
	return &ThrottledError{Who: key, RetryAfter: c.began.Add(c.window).Sub(now)}
}

// hosts remembers hosts for at least knownFor and at most twice that, in two
// generations, of which the older is dropped as a whole.
type hosts struct {
	began          time.Time
	recent, before map[string]bool
}

func (h *hosts) turn(now time.Time) {
	if h.recent == nil || now.Sub(h.began) >= knownFor || len(h.recent) >= maxKnown {
		h.began, h.before, h.recent = now, h.recent, map[string]bool{}
	}
}

func (h *hosts) add(host string, now time.Time) {
	h.turn(now)
	if !h.recent[host] {
		h.recent[strings.Clone(host)] = true // it may be a piece of a request's headers
	}
}

func (h *hosts) has(host string, now time.Time) bool {
	h.turn(now)
	return h.recent[host] || h.before[host]
}

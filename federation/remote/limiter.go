package remote

import (
	"hash/maphash"
	"net/url"
	"strings"
	"sync"
	"time"

	"communique/federation/moderation"
)

// limiter counts the fetches of the current minute by domain, and of each domain by the
// client whose messages cause them. It forgets them all when the next minute begins.
type limiter struct {
	perMinute int
	now       func() time.Time

	mu      sync.Mutex
	minute  time.Time
	domains *tally
	shares  *tally
	proven  *cache[struct{}] // clients from whom a message of a domain came
}

// One client that names made-up keys of a domain must not keep all others from it. It
// may cause a quarter of the fetches; three quarters, once a message of that domain has
// come from it, as all do of a large server. The last quarter is kept for these, however
// many others there are.
const (
	quarter = 4
	// provenFor is how long it is remembered that a message came.
	provenFor = time.Hour
	maxProven = 10_000
)

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{
		perMinute: perMinute, now: now, domains: newTally(), shares: newTally(), proven: newCache[struct{}](maxProven, now),
	}
}

// allowance is what a limiter says of a fetch.
type allowance int

const (
	allowed   allowance = iota
	exhausted           // the domain was asked too often
	overShare           // for this client, or for clients like it
)

// allow counts a fetch for a client, which is empty if we fetch for ourselves, and
// reports whether it may be made.
func (l *limiter) allow(domain, client string) allowance {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := l.now().Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute, l.domains, l.shares = minute, newTally(), newTally()
	}
	all := l.domains.of(domain)
	if *all >= l.perMinute {
		return exhausted
	}
	if client != "" {
		share := l.shares.of(shareOf(domain, client))
		most, ofAll := l.most(domain, client)
		if *share >= most || *all >= ofAll {
			return overShare
		}
		*share++
	}
	*all++
	return allowed
}

// most is how many fetches a client may cause, and how many there may be with its own.
func (l *limiter) most(domain, client string) (share, all int) {
	share = max(1, l.perMinute/quarter)
	all = max(1, l.perMinute-share)
	if _, ok := l.proven.get(shareOf(domain, client)); ok {
		return all, l.perMinute
	}
	return share, all
}

// giveBack no longer counts a fetch: it led to a message that verifies.
func (l *limiter) giveBack(domain, client string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := []*int{l.domains.of(domain)}
	if client != "" {
		counts = append(counts, l.shares.of(shareOf(domain, client)))
		l.proven.put(shareOf(domain, client), struct{}{}, nil, provenFor)
	}
	for _, n := range counts {
		*n = max(0, *n-1)
	}
}

func shareOf(domain, client string) string { return domain + " " + client }

// tally counts by name. Names beyond maxDomains share counts, drawn by lot: whoever
// fills it keeps nobody else out, and no name is counted less than it should be.
type tally struct {
	counts map[string]*int
	seed   maphash.Seed
	shared []int
}

const (
	maxDomains = 10_000
	maxShared  = 4096
)

func newTally() *tally {
	return &tally{counts: make(map[string]*int), seed: maphash.MakeSeed()}
}

func (t *tally) of(name string) *int {
	if n, ok := t.counts[name]; ok {
		return n
	}
	if len(t.counts) == maxDomains {
		if t.shared == nil {
			t.shared = make([]int, maxShared)
		}
		return &t.shared[maphash.String(t.seed, name)%maxShared]
	}
	n := new(int)
	t.counts[strings.Clone(name)] = n // it may be a piece of something large
	return n
}

// domain is what a fetch counts against: the registrable domain, since its owner
// can have any number of subdomains.
func (c *Client) domain(u *url.URL) string {
	if c.rules.Loopback {
		return moderation.Domain(u.Host, true)
	}
	return moderation.Domain(u.Hostname(), false)
}

package remote

import (
	"net/url"
	"strings"
	"sync"
	"time"

	"communique/federation/moderation"
)

// limiter counts the fetches of the current minute by domain. It forgets them all
// when the next minute begins, and counts at most maxDomains.
type limiter struct {
	perMinute int
	now       func() time.Time

	mu     sync.Mutex
	minute time.Time
	counts map[string]int
}

const maxDomains = 10_000

func newLimiter(perMinute int, now func() time.Time) *limiter {
	return &limiter{perMinute: perMinute, now: now, counts: make(map[string]int)}
}

// allow counts a fetch and reports whether it may be made.
func (l *limiter) allow(domain string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if minute := l.now().Truncate(time.Minute); !minute.Equal(l.minute) {
		l.minute = minute
		clear(l.counts)
	}
	n, known := l.counts[domain]
	if n >= l.perMinute || !known && len(l.counts) == maxDomains {
		return false
	}
	if !known {
		domain = strings.Clone(domain) // it may be a piece of something large
	}
	l.counts[domain] = n + 1
	return true
}

// giveBack no longer counts a fetch: it led to a message that verifies.
func (l *limiter) giveBack(domain string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if n := l.counts[domain]; n > 0 {
		l.counts[domain] = n - 1
	}
}

// domain is what a fetch counts against: the registrable domain, since its owner
// can have any number of subdomains.
func (c *Client) domain(u *url.URL) string {
	if c.rules.Loopback {
		return moderation.Domain(u.Host, true)
	}
	return moderation.Domain(u.Hostname(), false)
}

package desk

import (
	"sync"
	"time"
)

// pace is how often something may be tried in vain: free times at once, and then after waits
// that double up to most.
type pace struct {
	free        int
	first, most time.Duration
}

// The paces: of one login from one network, or of one browser; of a whole network, which may be
// a ministry's; and of a site with many networks (RFC 6177), all of which one machine may have.
var (
	ownPace     = pace{5, 30 * time.Second, 15 * time.Minute}
	networkPace = pace{50, 5 * time.Second, time.Minute}
	sitePace    = pace{100, 5 * time.Second, time.Minute}
)

// shared is the pace of one of several servers, which each count by themselves: all together let
// pass as much as one alone.
func (p pace) shared(servers int) pace {
	return pace{(p.free + servers - 1) / servers, p.first * time.Duration(servers), p.most * time.Duration(servers)}
}

const (
	forgetAfter  = 30 * time.Minute // without an attempt; each of several servers sees one as much more seldom
	mostAttempts = 20_000           // that are kept
)

// attempts counts what is tried in vain. It is safe for concurrent use.
type attempts struct {
	now     func() time.Time
	servers func() int // that share what is tried

	mu   sync.Mutex // guards what follows
	made map[string]tries
}

type tries struct {
	count int
	last  time.Time
	until time.Time // no further one before
}

// counted is what an attempt counts against.
type counted struct {
	key string
	pace
}

func newAttempts(now func() time.Time, servers func() int) *attempts {
	return &attempts{now: now, servers: servers, made: map[string]tries{}}
}

// begin counts an attempt, which stands until [attempts.forgive]: many that are under way at
// once count before it is known what becomes of them. It returns a waitError, and counts
// nothing, if it comes too early.
func (a *attempts) begin(against ...counted) error {
	now, servers := a.now(), a.servers()
	forget := forgetAfter * time.Duration(servers)
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range against {
		if wait := a.made[c.key].until.Sub(now); wait > 0 && wait <= c.shared(servers).most { // else the clock was set
			return waitError{wait}
		}
	}
	for _, c := range against {
		t := a.made[c.key]
		if now.Sub(t.last) >= forget {
			t = tries{}
		}
		t.count++
		t.last = now
		p := c.shared(servers)
		if over := t.count - p.free; over >= 0 {
			t.until = now.Add(min(p.most, p.first<<min(over, 10)))
		}
		a.keep(c.key, t, forget)
	}
	return nil
}

// forgive takes back what was no failure: what is only somebody's own is forgotten.
func (a *attempts) forgive(against ...counted) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range against {
		t := a.made[c.key]
		if c.pace == ownPace || t.count <= 1 {
			delete(a.made, c.key)
			continue
		}
		t.count--
		if t.count < c.shared(a.servers()).free {
			t.until = time.Time{}
		}
		a.made[c.key] = t
	}
}

// keep keeps the count of a key, in the place of others if there are too many: those first
// that say nothing any more, after a while.
func (a *attempts) keep(key string, t tries, while time.Duration) {
	if _, there := a.made[key]; !there && len(a.made) >= mostAttempts {
		for other, old := range a.made {
			if t.last.Sub(old.last) >= while {
				delete(a.made, other)
			}
		}
		for other := range a.made {
			if len(a.made) < mostAttempts {
				break
			}
			delete(a.made, other)
		}
	}
	a.made[key] = t
}

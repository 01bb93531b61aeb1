package websub

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	// unconfirmedFor is how long a callback that did not confirm is not asked
	// again: naming somebody else's address makes us ask there once only.
	unconfirmedFor = 10 * time.Minute
	// unconfirmedOfDomain is how many callbacks of a registrable domain may fail in
	// that time: its owner can have any number of hosts.
	unconfirmedOfDomain = 10
	maxUnconfirmed      = 20_000
)

// unconfirmed remembers the callbacks that did not confirm. It forgets all of them
// when the next interval begins. When it is full, further callbacks pass: otherwise
// filling it would lock out everybody else.
type unconfirmed struct {
	now func() time.Time

	mu        sync.Mutex
	began     time.Time
	callbacks map[string]bool
	ofDomain  map[string]int
}

func (u *unconfirmed) turn() {
	if began := u.now().Truncate(unconfirmedFor); !began.Equal(u.began) || u.callbacks == nil {
		u.began, u.callbacks, u.ofDomain = began, map[string]bool{}, map[string]int{}
	}
}

func (u *unconfirmed) add(domain, callback string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn()
	if len(u.callbacks) < maxUnconfirmed && !u.callbacks[callback] {
		u.callbacks[strings.Clone(callback)] = true // it may be a piece of a whole request
		u.ofDomain[domain]++
	}
}

// check returns a [*ThrottledError] if a callback, or many of its domain, did not
// confirm (SECURITY A44).
func (u *unconfirmed) check(domain, callback string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn()
	wait := u.began.Add(unconfirmedFor).Sub(u.now())
	switch {
	case u.callbacks[callback]:
		return &ThrottledError{Reason: "The callback was asked a moment ago and did not confirm. It will not be asked again so soon.", RetryAfter: wait}
	case u.ofDomain[domain] >= unconfirmedOfDomain:
		return &ThrottledError{Reason: fmt.Sprintf("Too many callbacks of %s did not confirm. None will be asked again so soon.", domain), RetryAfter: wait}
	}
	return nil
}

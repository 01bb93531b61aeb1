package websub

import (
	"fmt"
	"sync"
	"time"
)

const (
	// unconfirmedFor is how long a callback is not asked again that did not
	// confirm: whoever names somebody else's address makes us ask there once.
	unconfirmedFor = 10 * time.Minute
	// unconfirmedOfHost is how many callbacks of a host may fail in that time.
	unconfirmedOfHost = 10
	maxUnconfirmed    = 20_000
)

// unconfirmed remembers the callbacks that did not confirm. It forgets all when
// the next stretch of time begins; what is too much to be remembered passes, or
// whoever fills it could lock out everybody else.
type unconfirmed struct {
	now func() time.Time

	mu        sync.Mutex
	began     time.Time
	callbacks map[string]bool
	ofHost    map[string]int
}

func (u *unconfirmed) turn() {
	if began := u.now().Truncate(unconfirmedFor); !began.Equal(u.began) || u.callbacks == nil {
		u.began, u.callbacks, u.ofHost = began, map[string]bool{}, map[string]int{}
	}
}

func (u *unconfirmed) add(host, callback string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn()
	if len(u.callbacks) < maxUnconfirmed && !u.callbacks[callback] {
		u.callbacks[callback] = true
		u.ofHost[host]++
	}
}

// check refuses a callback by a [*ThrottledError] if it, or many others of its
// host, did not confirm (SECURITY A44).
func (u *unconfirmed) check(host, callback string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.turn()
	wait := u.began.Add(unconfirmedFor).Sub(u.now())
	switch {
	case u.callbacks[callback]:
		return &ThrottledError{Reason: "The callback was asked a moment ago and did not confirm. It is not asked again so soon.", RetryAfter: wait}
	case u.ofHost[host] >= unconfirmedOfHost:
		return &ThrottledError{Reason: fmt.Sprintf("Too many callbacks of %s did not confirm. None is asked again so soon.", host), RetryAfter: wait}
	}
	return nil
}

package federation

import (
	"context"
	"errors"
	"sync"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// crowd takes the Follows that come while others are being taken together, in one
// transaction, which writes once for all of them what is kept of each server. One that comes
// alone is taken at once.
type crowd struct {
	store *storage.Store

	mu      sync.Mutex
	busy    bool // somebody takes what waits
	waiting []*request
}

// request is a Follow that waits to be taken.
type request struct {
	follow audience.Follow
	turn   chan bool // true: to take what waits, false: it was taken
	// What came of it.
	taken, blocked bool
	err            error
}

// mostAtOnce bounds how many are taken together: the first must not wait for ever for the last.
const mostAtOnce = 128

// take stores a follower as [audience.Tx.AddFollower] does, unless one of their addresses
// is blocked.
func (c *crowd) take(ctx context.Context, f audience.Follow) (taken, blocked bool, err error) {
	r := &request{follow: f, turn: make(chan bool, 1)}
	c.mu.Lock()
	c.waiting = append(c.waiting, r)
	ours := !c.busy
	c.busy = true
	c.mu.Unlock()
	// It is not given up when the sender is: who has the turn works for others, too.
	if ours || <-r.turn {
		c.takeWaiting(context.WithoutCancel(ctx))
	}
	return r.taken, r.blocked, r.err
}

// takeWaiting takes those who wait longest, of whom whoever calls it is the first, and
// hands on the turn.
func (c *crowd) takeWaiting(ctx context.Context) {
	c.mu.Lock()
	n := min(len(c.waiting), mostAtOnce)
	all := c.waiting[:n:n]
	c.waiting = c.waiting[n:]
	c.mu.Unlock()
	for _, r := range all {
		r.err = errNotTaken
	}
	defer c.handOn(all[1:])
	err := c.takeAll(ctx, all)
	apart := err != nil && n > 1 && !concernsAll(err) // one that cannot be stored is at nobody else's cost
	for _, r := range all {
		if apart {
			err = c.takeAll(ctx, []*request{r})
		}
		r.err = err
	}
}

// errNotTaken is the error of those who were taken together with one at whose Follow the
// program failed.
var errNotTaken = errors.New("it was not taken")

// concernsAll reports whether an error is the database's, and not about what was to be stored.
func concernsAll(err error) bool {
	return errors.Is(err, press.ErrBusy) || errors.Is(err, press.ErrUnsure) || errors.Is(err, press.ErrFull) || errors.Is(err, context.DeadlineExceeded)
}

// handOn tells those who were taken, and gives the turn to whoever waits longest.
func (c *crowd) handOn(taken []*request) {
	for _, r := range taken {
		r.turn <- false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy = len(c.waiting) > 0; c.busy {
		c.waiting[0].turn <- true
	}
}

func (c *crowd) takeAll(ctx context.Context, all []*request) error {
	return c.store.Update(ctx, func(tx *storage.Tx) error {
		var heard []*request
		var follows []audience.Follow
		for _, r := range all {
			var err error
			if r.blocked, err = tx.Blocked(r.follow.Actor, r.follow.Inbox, r.follow.Delivery); err != nil {
				return err
			}
			if !r.blocked {
				heard, follows = append(heard, r), append(follows, r.follow)
			}
		}
		taken, err := tx.Audience().AddFollowers(follows)
		for i := range taken {
			heard[i].taken = taken[i]
		}
		return err
	})
}

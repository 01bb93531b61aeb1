package command

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"communique/storage"
)

const (
	// awayEvery is how often the log says that the database cannot be reached: every part
	// of the server finds that out by itself, many times a second.
	awayEvery = time.Minute
	// backEvery is how often a server looks for a database that is away.
	backEvery = time.Second
	// backWithin is how long such a look may take.
	backWithin = 2 * time.Second
)

// outage is a time for which a server has no database, from when the first of its parts misses
// it until it takes writing again.
type outage struct {
	elapsed func(since time.Time) time.Duration
	begun   chan struct{} // has room for one: whoever misses the database waits for nobody

	mu     sync.Mutex // guards what follows
	since  time.Time  // zero: there is none
	last   time.Time  // that somebody missed it
	said   time.Time  // zero: never
	silent int        // since then
}

func newOutage() *outage {
	return &outage{elapsed: time.Since, begun: make(chan struct{}, 1)}
}

// missed notes that somebody has missed the database, and tells whether that is to be said,
// and how often it was not since the last time.
func (o *outage) missed(now time.Time) (silent int, due bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.last = now; o.since.IsZero() {
		o.since = now
		select {
		case o.begun <- struct{}{}:
		default: // it is known
		}
	}
	if !o.said.IsZero() && o.elapsed(o.said) < awayEvery {
		o.silent++
		return 0, false
	}
	silent, o.silent, o.said = o.silent, 0, now
	return silent, true
}

// over ends the outage if nobody has missed the database since an instant, at which it
// answered, and tells how long it was.
func (o *outage) over(answered time.Time) (away time.Duration, is bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() || !o.last.Before(answered) {
		return 0, false
	}
	away, o.since = answered.Sub(o.since), time.Time{}
	return away, true
}

// watch says when the database is back, until ctx ends. As long as it is there nobody is
// asked: with each outage it begins to look for it.
func (o *outage) watch(ctx context.Context, store *storage.Store, log *slog.Logger) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-o.begun:
		}
		looking, found := context.WithCancel(ctx)
		storage.Every(looking, backEvery, func(ctx context.Context) error {
			began := time.Now()
			ctx, cancel := context.WithTimeout(ctx, backWithin)
			defer cancel()
			err := store.Update(ctx, func(tx *storage.Tx) error { // one that can be read only is away, too
				tx.Quiet()
				return nil
			})
			if err != nil {
				return err
			}
			if away, is := o.over(began); is {
				log.Info("the database is back", "away", away.Round(time.Millisecond))
				found()
			}
			return nil
		}, func(error) {}) // which all others log
		found()
	}
}

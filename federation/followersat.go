package federation

import (
	"context"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/audience"
)

// followersAt reads what each delivery says of the followers of its actor at a host, for
// many deliveries in one look: on a database server a look is a way there and back before
// the question and another one behind it.
type followersAt struct {
	store *storage.Store

	mu      sync.Mutex // guards what follows
	waiting []*followersAsked
	last    time.Time // when the last look began
}

// followersAsked is one question. What is below done may be read when that is closed.
type followersAsked struct {
	source, host string

	done chan struct{}
	at   audience.HostFollowers
	err  error
}

// gathering is the least time between two looks, in which further questions come. Of
// the deliveries under way only a few sign at a time; the others wait anyway.
const gathering = 10 * time.Millisecond

// ask is [audience.Tx.FollowersAt] in a look that begins after it was called.
func (f *followersAt) ask(ctx context.Context, source, host string) (audience.HostFollowers, error) {
	asked := &followersAsked{source: source, host: host, done: make(chan struct{})}
	f.mu.Lock()
	f.waiting = append(f.waiting, asked)
	first, pause := len(f.waiting) == 1, gathering-time.Since(f.last)
	f.mu.Unlock()
	if first {
		time.Sleep(pause)
		f.look(context.WithoutCancel(ctx)) // it is for others, too
	}
	<-asked.done
	return asked.at, asked.err
}

// look answers all that wait.
func (f *followersAt) look(ctx context.Context) {
	f.mu.Lock()
	all := f.waiting
	f.waiting, f.last = nil, time.Now()
	f.mu.Unlock()
	hosts, at := map[string][]string{}, map[string]map[string]audience.HostFollowers{} // by source
	for _, a := range all {
		hosts[a.source] = append(hosts[a.source], a.host)
	}
	err := f.store.View(ctx, func(tx *storage.Tx) (err error) {
		for source, asked := range hosts {
			if at[source], err = tx.FollowersAtEach(source, asked...); err != nil {
				return err
			}
		}
		return nil
	})
	for _, a := range all {
		a.at, a.err = at[a.source][a.host], err
		close(a.done)
	}
}

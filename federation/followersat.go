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
	read func(ctx context.Context, hosts bySource[[]string]) (bySource[map[string]audience.HostFollowers], error)

	mu      sync.Mutex // guards what follows
	waiting []*followersAsked
	full    chan struct{} // closed when enough of them wait
	last    time.Time     // when the last look began
	took    time.Duration // that look
}

// bySource is something about each of the sources that actors are.
type bySource[T any] map[string]T

func newFollowersAt(store *storage.Store) *followersAt {
	read := func(ctx context.Context, hosts bySource[[]string]) (bySource[map[string]audience.HostFollowers], error) {
		at := bySource[map[string]audience.HostFollowers]{}
		err := store.View(ctx, func(tx *storage.Tx) (err error) {
			for source, asked := range hosts {
				if at[source], err = tx.FollowersAtEach(source, asked...); err != nil {
					return err
				}
			}
			return nil
		})
		return at, err
	}
	return &followersAt{read: read}
}

// followersAsked is one question. What is below done may be read when that is closed.
type followersAsked struct {
	source, host string

	done chan struct{}
	at   audience.HostFollowers
	err  error
}

const (
	// gathering is the least time between two looks, in which further questions come. Of
	// the deliveries under way only a few sign at a time; the others wait anyway.
	gathering = 10 * time.Millisecond
	// On a machine or a server that is slow, looking takes a tenth of the time, as far as
	// the pause is not longer than gatheringSlow.
	gatheringShare = 10
	gatheringSlow  = 100 * time.Millisecond
	// gathered is how many questions are enough for a look at once: it costs each of them
	// little, and as many deliveries do not stand still.
	gathered = 64
)

// ask is [audience.Tx.FollowersAt] in a look that begins after it was called.
func (f *followersAt) ask(ctx context.Context, source, host string) (audience.HostFollowers, error) {
	asked := &followersAsked{source: source, host: host, done: make(chan struct{})}
	f.mu.Lock()
	f.waiting = append(f.waiting, asked)
	first := len(f.waiting) == 1
	if first {
		f.full = make(chan struct{})
	}
	if len(f.waiting) == gathered {
		close(f.full)
	}
	full := f.full
	pause := min(gatheringSlow, max(gathering, gatheringShare*f.took)) - time.Since(f.last)
	f.mu.Unlock()
	if first {
		select {
		case <-full:
		case <-time.After(pause):
		}
		f.look(context.WithoutCancel(ctx)) // it is for others, too
	}
	<-asked.done
	return asked.at, asked.err
}

// look answers all that wait.
func (f *followersAt) look(ctx context.Context) {
	f.mu.Lock()
	all := f.waiting
	began := time.Now()
	f.waiting, f.last = nil, began
	f.mu.Unlock()
	hosts := bySource[[]string]{}
	for _, a := range all {
		hosts[a.source] = append(hosts[a.source], a.host)
	}
	at, err := f.read(ctx, hosts)
	f.mu.Lock()
	f.took = time.Since(began)
	f.mu.Unlock()
	for _, a := range all {
		a.at, a.err = at[a.source][a.host], err
		close(a.done)
	}
}

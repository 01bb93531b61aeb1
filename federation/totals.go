package federation

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"communique/storage"
)

const (
	// manyItems is the size from which a collection is not counted anew for every
	// request: counting reads all of it, and anybody may ask.
	manyItems = 10_000
	// totalsAge is how long the size of such a collection is reused.
	totalsAge = time.Minute
)

// totals caches the sizes of large collections. There are no more of them than our
// actors have collections.
type totals struct {
	mu       sync.Mutex
	known    map[string]total
	counting singleflight.Group
}

type total struct {
	items int
	at    time.Time
}

func (t *totals) recent(name string, now time.Time) (int, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	known, ok := t.known[name]
	if !ok || now.Sub(known.at).Abs() >= totalsAge {
		return 0, false
	}
	return known.items, true
}

func (t *totals) keep(name string, items int, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil {
		t.known = map[string]total{}
	}
	if items < manyItems {
		delete(t.known, name)
		return
	}
	t.known[name] = total{items, now}
}

// totalOf is the size of a collection, cached under a name: exact if it is small,
// else at most a minute old.
func (s *Server) totalOf(ctx context.Context, name string, count func(*storage.Tx) (int, error)) (int, error) {
	now := s.Store.Now()
	if items, ok := s.totals.recent(name, now); ok {
		return items, nil
	}
	items, err, _ := s.totals.counting.Do(name, func() (any, error) {
		var items int
		// Others wait for the same count: it doesn't end with the request that began it.
		err := s.Store.View(context.WithoutCancel(ctx), func(tx *storage.Tx) (err error) {
			items, err = count(tx)
			return err
		})
		if err != nil {
			return 0, err
		}
		s.totals.keep(name, items, now)
		return items, nil
	})
	return items.(int), err
}

package storagetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// state reads the number of the state that a store sees.
func (w *world) state(s *storage.Store) uint64 {
	w.t.Helper()
	n, err := s.State(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// pass asks for the state until so much time has passed, however slowly the
// machine runs.
func (w *world) pass(d time.Duration) {
	for began := time.Now(); time.Since(began) < d; {
		w.state(w.store)
	}
}

var stateTests = map[string]func(*testing.T, *world){
	"a commit of ours moves it at once": func(t *testing.T, w *world) {
		for range 20 {
			before := w.state(w.store)
			w.publish(w.draft("Visit"))
			if w.state(w.store) == before {
				t.Fatal("a publication left the state as it was")
			}
		}
	},

	"it stands while nothing is committed": func(t *testing.T, w *world) {
		w.publish(w.draft("Visit"))
		w.pass(2 * storage.Lag) // there is a look that finds the commit once more, past the store
		before := w.state(w.store)
		w.pass(2 * storage.Lag)
		w.view(func(tx *storage.Tx) error {
			_, err := tx.Head()
			return err
		})
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			if _, _, err := tx.Publish(w.draft("Never")); err != nil {
				return err
			}
			return errChangedMind
		})
		if !errors.Is(err, errChangedMind) {
			t.Fatal(err)
		}
		if w.state(w.store) != before {
			t.Error("the state moved, and nothing was committed")
		}
	},

	"what another process did is seen when it has closed": func(t *testing.T, w *world) {
		for range 10 {
			other, err := w.database.Open(w.clock)
			if err != nil {
				t.Fatal(err)
			}
			before := w.state(w.store)
			err = other.Update(t.Context(), func(tx *storage.Tx) error {
				_, _, err := tx.Publish(w.draft("Visit"))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.state(w.store) // a look that is as late as can be
			if err := other.Close(); err != nil {
				t.Fatal(err)
			}
			if w.state(w.store) == before {
				t.Fatal("the state is as before")
			}
		}
	},

	// Whoever has read something under a state may say it again as long as the state
	// is the same: nothing may be missing in it that was committed by then.
	"nothing older is read under a state": func(t *testing.T, w *world) {
		var mu sync.Mutex
		read := map[uint64]press.Seq{} // the oldest head that was read under a state
		want := map[uint64]press.Seq{} // the newest entry of which it is certain
		stop, readers := make(chan struct{}), sync.WaitGroup{}
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					number, head := w.state(w.store), w.head()
					mu.Lock()
					if known, ok := read[number]; !ok || head < known {
						read[number] = head
					}
					mu.Unlock()
				}
			})
		}
		var writers sync.WaitGroup
		for s, wait := range map[*storage.Store]time.Duration{w.store: 0, w.open(): storage.Lag} {
			writers.Go(func() {
				for range 20 {
					var e press.Entry
					err := s.Update(t.Context(), func(tx *storage.Tx) (err error) {
						_, e, err = tx.Publish(w.draft("Visit"))
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					w.pass(wait)
					number := w.state(w.store)
					mu.Lock()
					want[number] = max(want[number], e.Seq)
					mu.Unlock()
				}
			})
		}
		writers.Wait()
		close(stop)
		readers.Wait()
		for number, head := range want {
			if found, ok := read[number]; ok && found < head {
				t.Errorf("under state %d head %d was read, and %d was committed", number, found, head)
			}
		}
	},
}

package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
)

// slow is a connector each of whose attempts waits for what comes of it.
type slow struct {
	driver.Connector
	mu       sync.Mutex
	underway int
	made     int
	comes    chan error
}

func (s *slow) count(underway, made int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.underway, s.made = s.underway+underway, s.made+made
}

func (s *slow) Connect(ctx context.Context) (driver.Conn, error) {
	s.count(1, 1)
	defer s.count(-1, 0)
	select {
	case err := <-s.comes:
		return nil, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// TestInLine: while a server cannot be reached one attempt is made at a time, and all who wait are
// told what came of it; when it can, they connect one after the other, and from then on at once.
func TestInLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const many = 9
		s := &slow{comes: make(chan error)}
		c := inLine{s, &line{}}
		got := make(chan error, many)
		connect := func(ctx context.Context) {
			go func() {
				_, err := c.Connect(ctx)
				got <- err
			}()
		}
		under := func(when string, underway, made int) {
			t.Helper()
			synctest.Wait()
			if s.underway != underway || s.made != made {
				t.Fatalf("%s: %d attempts are under way of %d, want %d of %d", when, s.underway, s.made, underway, made)
			}
		}
		all := func(want error) {
			t.Helper()
			for range many {
				if err := <-got; !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
			}
		}
		crowd := func() {
			for range many {
				connect(t.Context())
			}
		}

		refused := errors.New("connection refused")
		crowd()
		under("as long as nothing is known", many, many)
		for range many {
			s.comes <- refused
		}
		all(refused)

		crowd()
		under("while it cannot be reached", 1, many+1)
		s.comes <- refused
		all(refused)

		leaving, leave := context.WithCancel(t.Context())
		connect(leaving)
		under("the first", 1, many+2)
		for range many - 1 {
			connect(t.Context())
		}
		under("behind it", 1, many+2)
		leave()
		under("who does not want it any more tells the others nothing", 1, many+3)
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got %v", err)
		}
		for n := range many - 1 {
			under("when it is back", 1, many+3+n)
			s.comes <- nil
		}
		for range many - 1 {
			if err := <-got; err != nil {
				t.Errorf("when it is back: %v", err)
			}
		}
		crowd()
		under("from then on", many, 3*many+1)
		for range many {
			s.comes <- nil
		}
		all(nil)
	})
}

package kernel_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"communique/storage/internal/kernel"
	"communique/storage/press"

	"github.com/google/go-cmp/cmp"
)

// together runs updates while the turn is taken, one behind the other in the
// order given, so that they wait together; meanwhile runs when all do. It
// returns what each came to, a panic as an error.
func together(t *testing.T, s *kernel.DB, meanwhile func(), updates ...func() error) []error {
	t.Helper()
	took, release := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		first <- s.Update(t.Context(), func(*kernel.Tx) error {
			close(took)
			<-release
			return nil
		})
	}()
	<-took
	results := make([]chan error, len(updates))
	for n, update := range updates {
		results[n] = make(chan error, 1)
		go func() {
			defer func() {
				if v := recover(); v != nil {
					results[n] <- fmt.Errorf("panic: %v", v)
				}
			}()
			results[n] <- update()
		}()
		for s.Waiting() <= n {
			runtime.Gosched()
		}
	}
	meanwhile()
	close(release)
	if err := <-first; err != nil {
		t.Errorf("the first update: %v", err)
	}
	var errs []error
	for _, result := range results {
		errs = append(errs, <-result)
	}
	return errs
}

// states is an update that states a fact and goes on to do something else.
func states(ctx context.Context, s *kernel.DB, name string, then func(*kernel.Tx) error) func() error {
	return func() error {
		return s.Update(ctx, func(tx *kernel.Tx) error {
			if err := tx.SetFact(name, "stated"); err != nil {
				return err
			}
			return then(tx)
		})
	}
}

func well(*kernel.Tx) error { return nil }

// stated reads which of some facts stand.
func stated(t *testing.T, s *kernel.DB, names ...string) string {
	t.Helper()
	var there []string
	err := s.View(t.Context(), func(tx *kernel.Tx) error {
		for _, name := range names {
			switch _, err := tx.Fact(name); {
			case err == nil:
				there = append(there, name)
			case !errors.Is(err, press.ErrNotFound):
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(there, " ")
}

// TestOneThatFailsUndoesOnlyItself holds every way to fail, among updates that
// share a commit, to what it may undo.
func TestOneThatFailsUndoesOnlyItself(t *testing.T) {
	t.Parallel()
	errRefused := errors.New("refused")
	for name, tt := range map[string]struct {
		fails func(*kernel.Tx) error
		want  string
	}{
		"an error": {func(*kernel.Tx) error { return errRefused }, "refused"},
		"a panic":  {func(*kernel.Tx) error { panic("a fault") }, "panic: a fault"},
		"a statement that failed": {func(tx *kernel.Tx) error {
			_ = tx.Exec(`INSERT INTO facts (name, value) VALUES ('no value', NULL)`)
			return nil
		}, "constraint"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			errs := together(t, s, func() {},
				states(t.Context(), s, "first", well), states(t.Context(), s, "second", tt.fails),
				states(t.Context(), s, "third", well), states(t.Context(), s, "fourth", tt.fails))
			for n, err := range errs {
				failed := n%2 == 1
				if failed != (err != nil) || failed && !strings.Contains(err.Error(), tt.want) {
					t.Errorf("update %d: got %v", n+1, err)
				}
			}
			if got := stated(t, s, "first", "second", "third", "fourth"); got != "first third" {
				t.Errorf("there is %q, want what first and third stated", got)
			}
			if err := states(t.Context(), s, "later", well)(); err != nil {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}

// TestUpdatesKeepTheirOrder counts from many at once: each finds what those before
// it did, in the order in which they took turns.
func TestUpdatesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s := open(t)
	var order []int64
	var updates []func() error
	for range 20 {
		updates = append(updates, func() error {
			return s.Update(t.Context(), func(tx *kernel.Tx) error {
				n, err := tx.NextNumber("turn")
				order = append(order, n) // they take turns
				return err
			})
		})
	}
	if err := errors.Join(together(t, s, func() {}, updates...)...); err != nil {
		t.Fatal(err)
	}
	for n, turn := range order {
		if turn != int64(n+1) {
			t.Fatalf("the order is %v", order)
		}
	}
}

// TestWhoGivesUpWaitingIsPassedOver ends the context of one that waits, and of
// one that is at work.
func TestWhoGivesUpWaitingIsPassedOver(t *testing.T) {
	t.Parallel()
	s := open(t)
	waiting, giveUp := context.WithCancel(t.Context())
	working, stop := context.WithCancel(t.Context())
	defer stop()
	var gone error
	errs := together(t, s, func() {
		giveUp()
		for s.Waiting() > 3 {
			runtime.Gosched()
		}
	},
		states(t.Context(), s, "first", well),
		func() error {
			gone = states(waiting, s, "second", well)()
			return gone
		},
		states(working, s, "third", func(*kernel.Tx) error {
			stop()
			return nil
		}),
		states(t.Context(), s, "fourth", well))
	for n, want := range []error{nil, context.Canceled, context.Canceled, nil} {
		if !errors.Is(errs[n], want) {
			t.Errorf("update %d: got %v, want %v", n+1, errs[n], want)
		}
	}
	if got := stated(t, s, "first", "second", "third", "fourth"); got != "first fourth" {
		t.Errorf("there is %q, want what first and fourth stated", got)
	}
}

// TestKept: what a transaction keeps is there for those that share its commit, if
// it stands, and for nobody else.
func TestKept(t *testing.T) {
	t.Parallel()
	db := open(t)
	type key struct{}
	errRefused := errors.New("refused")
	var found []any
	keeps := func(value any, then error) func() error {
		return func() error {
			return db.Update(t.Context(), func(tx *kernel.Tx) error {
				found = append(found, tx.Kept(key{}))
				tx.Keep(key{}, value)
				return then
			})
		}
	}
	together(t, db, func() {}, keeps("first", nil), keeps("second", errRefused), keeps("third", nil))
	if err := keeps("alone", nil)(); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([]any{nil, "first", "first", nil}, found); diff != "" {
		t.Errorf("found (-want +got):\n%s", diff)
	}
}

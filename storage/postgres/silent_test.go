package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
)

// TestSilentLink: whatever is under way when a link begins to swallow what goes over
// it comes to an end by itself, many at once as one alone; and when the link is back
// the store is, too.
func TestSilentLink(t *testing.T) {
	needsServer(t)
	t.Parallel()
	link, address := postgrestest.NewLink(t, postgrestest.Database(t))
	// As the store itself would have it: what was under way holds the lock until then.
	address = strings.Replace(address, "session_timeout=60s", "session_timeout=3s", 1)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	watch, err := store.Watch(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Close()
	look := func(tx *storage.Tx) error {
		_, err := tx.Head()
		return err
	}
	// caught begins something, and goes on when the link is silent.
	caught := func(run func(context.Context, func(*storage.Tx) error) error) func() error {
		return func() error {
			return run(context.Background(), func(tx *storage.Tx) error {
				if err := look(tx); err != nil {
					return err
				}
				link.Swallow()
				return look(tx)
			})
		}
	}
	steps := map[string]func() error{
		"a view":              func() error { return store.View(context.Background(), look) },
		"an update":           func() error { return store.Update(context.Background(), look) },
		"a view under way":    caught(store.View),
		"an update under way": caught(store.Update),
		"the state": func() error {
			_, err := store.State(context.Background())
			return err
		},
		"a watch": func() error {
			_, err := watch.Changed(context.Background())
			return err
		},
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			link.Restore()
			for again := true; again; { // its connections are made anew
				err := errors.Join(store.View(t.Context(), look), store.Update(t.Context(), look))
				_, lookErr := watch.Changed(t.Context())
				if err = errors.Join(err, lookErr); err != nil && !errors.Is(err, press.ErrBusy) {
					t.Fatal(err)
				}
				again = err != nil
			}
			if name != "a view under way" && name != "an update under way" {
				link.Swallow()
			}
			callers := 20
			if name == "a watch" { // which is one goroutine's
				callers = 1
			}
			failed := make(chan error, callers)
			for range callers {
				go func() { failed <- step() }()
			}
			for range callers {
				if err := <-failed; !errors.Is(err, press.ErrBusy) {
					t.Errorf("got %v, want press.ErrBusy", err)
				}
			}
		})
	}
	link.Restore()
}

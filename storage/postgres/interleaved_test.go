package postgres_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"communique/storage"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
)

// TestWritersDoNotInterleave: who writes holds all others off, on whichever connection, from
// before its first statement to its commit. So no two methods that write can deadlock, or
// overwrite what the other has read, whatever each of them locks and in which order.
func TestWritersDoNotInterleave(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	stores := [...]*storage.Store{postgrestest.Open(t, address), postgrestest.Open(t, address)}
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	waits := func() (waits bool, err error) {
		err = conn.QueryRow(t.Context(), `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&waits)
		return waits, err
	}
	add := func(tx *storage.Tx) error { // what is read before another has written is lost if that one may write
		said, err := tx.Fact("said")
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			return err
		}
		return tx.SetFact("said", said+"I")
	}
	began, second := make(chan struct{}, 1), make(chan error, 1)
	err = stores[0].Update(t.Context(), func(tx *storage.Tx) error {
		go func() {
			defer close(second)
			second <- stores[1].Update(t.Context(), func(tx *storage.Tx) error {
				began <- struct{}{}
				return add(tx)
			})
		}()
		for {
			if stands, err := waits(); err != nil || stands {
				if err != nil {
					return err
				}
				break
			}
			select {
			case <-began:
				return errors.New("the second has begun in the middle of the first")
			case err := <-second:
				return fmt.Errorf("the second has ended before it has begun: %w", err)
			case <-time.After(time.Millisecond):
			}
		}
		return add(tx)
	})
	if err = errors.Join(err, <-second); err != nil {
		t.Fatal(err)
	}
	err = stores[0].View(t.Context(), func(tx *storage.Tx) error {
		said, err := tx.Fact("said")
		if err == nil && said != "II" {
			t.Errorf("both have written %q", said)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

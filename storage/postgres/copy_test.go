package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
	"communique/storage/sqlite"
)

// TestACopyGoesOn: a copy that is interrupted after each of its pieces ends with the same
// rows on both sides, there and back, and says when one of them is another.
func TestACopyGoesOn(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	file := func() *storage.Store {
		s, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "press.db"), storage.SystemClock{})
		return closed(t, s, err)
	}
	at, back := file(), file()
	server, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	closed(t, server, err)
	const facts = 1700
	update(t, at, func(tx *storage.Tx) error {
		for i := range facts {
			if err := tx.SetFact(fmt.Sprintf("fact %06d ů", i), fmt.Sprint(i)); err != nil {
				return err
			}
		}
		_, err := tx.AddSection(press.Root, "ministry", "en", "The Ministry")
		return err
	})
	for _, way := range [][2]*storage.Store{{at, server}, {server, back}} {
		update(t, way[0], func(tx *storage.Tx) error {
			return tx.Move(storage.Moving{To: "elsewhere", Token: "one", At: tx.Now()})
		})
		rows, _, err := storage.CopyTakes(t.Context(), way[0], way[1])
		if err != nil || rows <= facts {
			t.Fatalf("%d rows: %v", rows, err)
		}
		interrupted := 0
		for {
			ctx, cancel := context.WithCancel(t.Context())
			err := storage.Copy(ctx, way[0], way[1], func(c storage.Copying) {
				if !c.Checking {
					cancel() // with what comes next
				}
			})
			cancel()
			if err == nil {
				break
			}
			if interrupted++; !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if interrupted < facts/500 {
			t.Errorf("it was interrupted %d times", interrupted)
		}
		var value string
		view(t, way[1], func(tx *storage.Tx) error {
			value, err = tx.Fact(fmt.Sprintf("fact %06d ů", facts-1))
			return err
		})
		if value != fmt.Sprint(facts-1) {
			t.Errorf("the last fact is %q", value)
		}
	}
	update(t, at, func(tx *storage.Tx) error { return tx.Move(storage.Moving{To: "elsewhere", Token: "two"}) })
	if err := storage.Copy(t.Context(), at, server, func(storage.Copying) {}); !errors.Is(err, storage.ErrNotVacant) {
		t.Errorf("a second copy to the same database: %v", err)
	}
}

// TestACopyThatDiffers: what is written to the source behind the copy is found.
func TestACopyThatDiffers(t *testing.T) {
	t.Parallel()
	at, err := sqlite.Create(t.Context(), filepath.Join(t.TempDir(), "press.db"), storage.SystemClock{})
	closed(t, at, err)
	server, err := postgres.Open(t.Context(), postgrestest.Database(t), storage.SystemClock{})
	closed(t, server, err)
	update(t, at, func(tx *storage.Tx) error {
		return errors.Join(tx.SetFact("a fact", "1"), tx.Move(storage.Moving{To: "elsewhere", Token: "one"}))
	})
	err = storage.Copy(t.Context(), at, server, func(c storage.Copying) {
		if !c.Checking {
			update(t, at, func(tx *storage.Tx) error { return tx.SetFact("a fact", "2") })
		}
	})
	if err == nil || errors.Is(err, press.ErrNotFound) {
		t.Fatalf("the copy is taken for right: %v", err)
	}
	t.Log(err)
	view(t, server, func(tx *storage.Tx) error {
		m, err := tx.ComesFrom()
		if m.Done {
			t.Error("it says that all is there")
		}
		return err
	})
}

func closed(t *testing.T, s *storage.Store, err error) *storage.Store {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func update(t *testing.T, s *storage.Store, fn func(*storage.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func view(t *testing.T, s *storage.Store, fn func(*storage.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

package storage_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/clocktest"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

func open(t *testing.T, file string, clock storage.Clock) *storage.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), file, clock)
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

// newStore opens a new database by the machine's clock.
func newStore(t *testing.T) *storage.Store {
	t.Helper()
	return open(t, sqlitetest.File(t), storage.SystemClock{})
}

func update(t *testing.T, s *storage.Store, fn func(*storage.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// TestRooms: a room that is handed on alone is part of the same transaction.
func TestRooms(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	update(t, s, func(tx *storage.Tx) error {
		section, err := tx.AddSection(press.Root, "news", "en", "News")
		if err != nil {
			return err
		}
		a, _, err := tx.Newsdesk().Publish(press.Draft{Section: section.ID, Language: "en", Title: "Visit", Body: "<p>Text.</p>"})
		if err != nil {
			return err
		}
		like := audience.Interaction{Article: a.ID, Kind: audience.KindLike, Actor: "https://social.example/ada"}
		taken, err := tx.Audience().AddInteraction(like, tx.Now())
		if !taken {
			t.Error("a like of what the same transaction published was not taken")
		}
		if err != nil {
			return err
		}
		names, err := tx.Deliveries().SourcesBehind()
		if len(names) != 0 {
			t.Errorf("to nobody something is due: %q", names)
		}
		return err
	})
}

// TestReopen: a backup that was put back goes on where nobody has been, and lets
// no embargo end that may have been moved since.
func TestReopen(t *testing.T) {
	t.Parallel()
	clock := clocktest.At(time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC))
	s := open(t, sqlitetest.File(t), clock)
	var section press.Section
	update(t, s, func(tx *storage.Tx) (err error) {
		section, err = tx.AddSection(press.Root, "news", "en", "News")
		return err
	})
	reopen := func(wantHeld bool) {
		t.Helper()
		update(t, s, func(tx *storage.Tx) error {
			before, err := tx.Head()
			if err != nil {
				return err
			}
			seq, err := tx.Reopen()
			if seq < before.Seq+1_000_000 {
				t.Errorf("the log went from %d to %d", before.Seq, seq)
			}
			if err != nil {
				return err
			}
			reason, err := tx.ClockHeld()
			if held := reason != ""; held != wantHeld {
				t.Errorf("embargoes are held: %t, want %t", held, wantHeld)
			}
			return err
		})
	}
	reopen(false)
	update(t, s, func(tx *storage.Tx) error {
		_, _, err := tx.Publish(press.Draft{
			Section: section.ID, Language: "en", Title: "Soon", Body: "<p>Text.</p>", Published: clock.Now().Add(time.Hour),
		})
		return err
	})
	reopen(true)
}

func TestBackup(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	update(t, s, func(tx *storage.Tx) error { return tx.SetFact("file.logo", "a picture") })
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	copied := open(t, file, storage.SystemClock{})
	if err := copied.Verify(t.Context()); err != nil {
		t.Error(err)
	}
	update(t, copied, func(tx *storage.Tx) error {
		facts, err := tx.TakeFacts("file.")
		if diff := cmp.Diff(map[string]string{"file.logo": "a picture"}, facts); diff != "" {
			t.Errorf("facts of the copy (-want +got):\n%s", diff)
		}
		return err
	})
}

// TestBlocked: outside a transaction a block counts from the Update on that added
// it, until the one that removed it.
func TestBlocked(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	blocked := func() bool {
		t.Helper()
		is, err := s.Blocked(t.Context(), "https://bad.example/users/eve")
		if err != nil {
			t.Fatal(err)
		}
		return is
	}
	before := blocked()
	update(t, s, func(tx *storage.Tx) error {
		_, err := tx.AddBlock(audience.Block{Subject: "bad.example", Kind: audience.BlockDomain})
		return err
	})
	during := []bool{blocked(), blocked()}
	update(t, s, func(tx *storage.Tx) error { return tx.RemoveBlock("bad.example") })
	if got := append([]bool{before}, append(during, blocked())...); !cmp.Equal(got, []bool{false, true, true, false}) {
		t.Errorf("blocked before, twice during and after: %t", got)
	}
}

package postgres_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
)

// TestLogNeverGoesBack: on a server that was promoted or recovered the log goes on
// after a gap, on another server only once somebody has confirmed it; on the same one it
// goes on as it was.
func TestLogNeverGoesBack(t *testing.T) {
	needsServer(t)
	for name, c := range map[string]struct {
		change       string // of where it is, as the database knows it
		jumps, waits bool
	}{
		"the same":             {"SELECT 1", false, false},
		"a first time":         {"DELETE FROM facts WHERE name = 'history'", false, false},
		"as it was once noted": {"UPDATE facts SET value = regexp_replace(value, '/[^/]*$', '') WHERE name = 'history'", false, false},
		"another history":      {"UPDATE facts SET value = regexp_replace(value, '/', '/1') WHERE name = 'history'", true, false},
		"another server":       {"UPDATE facts SET value = '1' || value WHERE name = 'history'", true, true},
		"other tables":         {"UPDATE facts SET value = value || '1' WHERE name = 'history'", true, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Database(t)
			standing(t, address)
			run(t, address, c.change)
			for range 2 { // once
				head, restored := standing(t, address)
				if (head >= 1_000_000) != c.jumps || head >= 2_000_000 || restored.Waits() != c.waits {
					t.Errorf("the head is %d, and it waits: %t", head, restored.Waits())
				}
			}
		})
	}
}

func standing(t *testing.T, address string) (head int64, restored storage.Restoration) {
	t.Helper()
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	err = store.View(t.Context(), func(tx *storage.Tx) error {
		h, err := tx.Head()
		if err != nil {
			return err
		}
		head = int64(h.Seq)
		restored, err = tx.Restoration()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return head, restored
}

// TestEntriesAreMissing: whoever has seen more of the log than the database has, or
// something else, has it go on behind that, and embargoes wait, whether he has it from
// before or is at work while it happens. Who has seen less does not mind.
func TestEntriesAreMissing(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	at := time.Date(2031, time.March, 4, 12, 0, 0, 0, time.UTC)
	clock := clocktest.At(at)
	opened := func() *storage.Store {
		t.Helper()
		store, err := postgres.Open(t.Context(), address, clock)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = store.Close() })
		return store
	}
	store := opened()
	first := add(t, store, "first")
	seen := store.Seen()
	clock.Pass(time.Minute)
	second := add(t, store, "second")
	if newest := store.Seen(); int64(seen.Seq) != first || int64(newest.Seq) != second || !newest.At.Equal(at.Add(time.Minute)) {
		t.Fatalf("seen were %v and %v", seen, newest)
	}
	expect := func(store *storage.Store, name string, from int64, wantHeld bool) (seq int64) {
		t.Helper()
		seq = add(t, store, name)
		reason := held(t, store)
		if jumped := seq > from+1; jumped != wantHeld || (reason != "") != wantHeld || wantHeld && !strings.Contains(reason, "lacks the last of what was published") {
			t.Errorf("%s: from %d the log goes on at %d, and embargoes are held: %q", name, from, seq, reason)
		}
		if reason != "" {
			if err := store.Update(t.Context(), (*storage.Tx).ConfirmClock); err != nil {
				t.Error(err)
			}
		}
		return seq
	}
	before := opened()
	if err := before.Remember(t.Context(), seen); err != nil {
		t.Fatal(err)
	}
	third := expect(before, "third", second, false)
	if err := store.View(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Head()
		return err
	}); err != nil {
		t.Fatal(err)
	}
	// As if a copy of the tables had been put back in the same place.
	run(t, address, `DELETE FROM entries WHERE seq > `+strconv.FormatInt(first, 10), `UPDATE log_head SET (seq, at) = (SELECT seq, at FROM entries ORDER BY seq DESC LIMIT 1)`,
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	fourth := expect(store, "fourth", third, true)
	expect(store, "fifth", fourth, false)
	ahead := opened()
	if err := ahead.Remember(t.Context(), storage.Seen{Seq: press.Seq(fourth), At: at}); err != nil { // there it is another one
		t.Fatal(err)
	}
	expect(ahead, "sixth", fourth+1, true)
}

// add appends an entry, and returns its number.
func add(t *testing.T, store *storage.Store, name string) (seq int64) {
	t.Helper()
	err := store.Update(t.Context(), func(tx *storage.Tx) error {
		if _, err := tx.AddSection(press.Root, name, "en", name); err != nil {
			return err
		}
		head, err := tx.Head()
		seq = int64(head.Seq)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return seq
}

// TestPromoted: a standby that is promoted is in another history by itself, and what is
// written there first comes behind the gap, for whoever was connected before as well. If
// it lacks entries that were seen, embargoes wait.
func TestPromoted(t *testing.T) {
	needsServer(t)
	t.Parallel()
	server, address := ownServer(t)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	moved := make(chan string, 1)
	store.OnMove(func(before, now string) { moved <- before + " " + now })
	if seq := add(t, store, "before"); seq >= 1_000_000 {
		t.Errorf("a new log begins at %d", seq)
	}
	if err := server.Standby(); err != nil {
		t.Fatal(err)
	}
	refused(t, address, "name the primary", "none")
	if err := server.Promote(); err != nil {
		t.Fatal(err)
	}
	if seq := add(t, store, "after"); seq <= 1_000_000 || seq >= 2_000_000 {
		t.Errorf("it goes on at %d", seq)
	}
	if _, restored := standing(t, address); restored.Waits() {
		t.Error("it waits to be confirmed")
	}
	if from, to, _ := strings.Cut(<-moved, " "); from == to || strings.Count(to, "/") != 2 {
		t.Errorf("it has moved from %s to %s", from, to)
	}
	if reason := held(t, store); reason != "" {
		t.Errorf("embargoes are held, and nothing is missing: %s", reason)
	}
	// The next standby has not got everything.
	if err := server.Copy(); err != nil {
		t.Fatal(err)
	}
	lost := add(t, store, "lost")
	if err := server.Failover(); err != nil {
		t.Fatal(err)
	}
	if seq := add(t, store, "again"); seq <= lost+1_000_000 {
		t.Errorf("it goes on at %d, behind %d", seq, lost)
	}
	if reason := held(t, store); !strings.Contains(reason, "lacks the last of what was published") {
		t.Errorf("embargoes are held: %q", reason)
	}
}

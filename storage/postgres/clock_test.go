package postgres_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
)

// skewed makes a database whose clock is set by skew.
func skewed(t *testing.T) (address string) {
	t.Helper()
	address = postgrestest.Database(t)
	run(t, address, `CREATE TABLE skew (by INTERVAL NOT NULL)`, `INSERT INTO skew (by) VALUES ('0')`,
		`CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
			'SELECT pg_catalog.clock_timestamp() + (SELECT by FROM public.skew)'`,
		`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database()); END $$`)
	return address
}

func skew(t *testing.T, address, by string) {
	t.Helper()
	run(t, address, `UPDATE public.skew SET by = '`+by+`'`)
}

// held is why embargoes are held, empty if they are not.
func held(t *testing.T, store *storage.Store) (reason string) {
	t.Helper()
	err := store.View(t.Context(), func(tx *storage.Tx) (err error) {
		reason, err = tx.ClockHeld()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return reason
}

// TestClockOfTheServer: it is the clock of the database's server by which entries are
// dated and embargoes end, whatever the clocks of the machines say.
func TestClockOfTheServer(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := skewed(t)
	skew(t, address, "1 hour")
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	var past, ahead press.Article
	var entry press.Entry
	err = store.Update(t.Context(), func(tx *storage.Tx) error {
		section, err := tx.AddSection(press.Root, "news", "en", "News")
		if err != nil {
			return err
		}
		draft := press.Draft{Section: section.ID, Language: "en", Title: "In half an hour", Body: "<p>Text.</p>", Published: time.Now().Add(30 * time.Minute)}
		if past, entry, err = tx.Publish(draft); err != nil {
			return err
		}
		draft.Title, draft.Published = "In an hour", tx.Now().Add(200*time.Millisecond)
		ahead, _, err = tx.Publish(draft)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if past.State != press.Published || ahead.State != press.Embargoed {
		t.Errorf("they are %v and %v", past.State, ahead.State)
	}
	if off := entry.At.Sub(time.Now().Add(time.Hour)).Abs(); off > 5*time.Minute {
		t.Errorf("the entry is dated %s", entry.At)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- store.RunClock(ctx, slog.New(slog.DiscardHandler), func() {}) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	for ahead.State != press.Published { // the test's own time limit ends it
		err := store.View(t.Context(), func(tx *storage.Tx) (err error) {
			ahead, err = tx.Article(ahead.ID)
			return err
		})
		if err != nil && !errors.Is(err, press.ErrNotFound) {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if reason := held(t, store); reason != "" {
		t.Errorf("embargoes are held: %s", reason)
	}
	skew(t, address, "2 hours")
	for held(t, store) == "" {
		time.Sleep(10 * time.Millisecond)
	}
	if reason := held(t, store); reason != "the clock jumped by 1h0m0s" {
		t.Errorf("embargoes are held: %s", reason)
	}
}

// TestClockOfAnotherServer: after a promotion embargoes are held in the transaction that
// comes first if the clock is another one that tells another time; else they are not.
func TestClockOfAnotherServer(t *testing.T) {
	needsServer(t)
	t.Parallel()
	for name, c := range map[string]struct {
		promoted bool
		by, want string
	}{
		"the same clock":              {true, "0", ""},
		"almost the same":             {true, "1 second", ""},
		"ahead":                       {true, "5 seconds", "5s off from it"},
		"behind":                      {true, "-5 seconds", "went back by"},
		"ahead, on the same server":   {false, "5 seconds", ""}, // which whoever runs the clock sees
		"behind, on the same server":  {false, "-1 hour", "went back by"},
		"by less than what is looked": {false, "-1 second", ""},
	} {
		t.Run(name, func(t *testing.T) {
			address := skewed(t)
			store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
			if err != nil {
				t.Fatal(err)
			}
			defer store.Close()
			if err := state(t, store, "before"); err != nil {
				t.Fatal(err)
			}
			if c.promoted {
				run(t, address, `UPDATE public.facts SET value = regexp_replace(value, '/', '/1') WHERE name = 'history'`)
			}
			skew(t, address, c.by)
			run(t, address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
			if err := state(t, store, "after"); err != nil {
				t.Fatal(err)
			}
			if reason := held(t, store); (reason == "") != (c.want == "") || !strings.Contains(reason, c.want) {
				t.Errorf("embargoes are held: %q, want %q", reason, c.want)
			}
		})
	}
}

package postgres_test

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/internal/kernel"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/press"
)

// ownServer makes a server that the test may crash, with a database on it.
func ownServer(t *testing.T) (server *postgrestest.Server, address string) {
	t.Helper()
	server = postgrestest.New(t)
	address, err := server.Make("press", "")
	if err != nil {
		t.Fatal(err)
	}
	return server, address
}

// TestCrashes: whatever a server that crashes was doing, what was acknowledged stands.
func TestCrashes(t *testing.T) {
	needsServer(t)
	t.Parallel()
	server, address := ownServer(t)
	t.Run("nothing acknowledged is lost", func(t *testing.T) { nothingLost(t, server, address) })
	t.Run("a number is given again", func(t *testing.T) { numberGivenAgain(t, server, address) })
}

// numberGivenAgain: what a crash took with it is not taken for what another program did
// since. The server gives the number of a transaction again of which nothing had reached
// its disk, so that its own word on that number is about the other one.
func numberGivenAgain(t *testing.T, server *postgrestest.Server, address string) {
	var other *storage.Store
	var armed atomic.Bool
	crash := func() {
		if err := errors.Join(server.Crash(), server.Again()); err != nil {
			t.Error(err)
		}
		for n := range 5 {
			for state(t, other, fmt.Sprint("other", n)) != nil { // it may be slow to answer; the test's own time limit ends it
			}
		}
	}
	store, err := postgres.OpenThrough(t.Context(), address, storage.SystemClock{}, func(c driver.Connector) driver.Connector {
		return postgrestest.Commits(c, &armed, crash)
	})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if other, err = postgres.Open(t.Context(), address, storage.SystemClock{}); err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	// Nothing reaches the disk but by a commit.
	run(t, address, `ALTER SYSTEM SET wal_writer_delay = '10s'`, `SELECT pg_reload_conf()`)
	armed.Store(true)
	err = state(t, store, "told") // which may not be done again, as the server is away for so long
	if there := stated(t, other, "told"); there != (err == nil) {
		t.Errorf("it came to %v, and is there: %t", err, there)
	}
}

// nothingLost: where the server crashes again and again what was acknowledged is there,
// and what was refused is not; only of what nobody could tell there is either.
func nothingLost(t *testing.T, server *postgrestest.Server, address string) {
	stores := make([]*storage.Store, 2) // as of two programs
	for i := range stores {
		var err error
		if stores[i], err = postgres.Open(t.Context(), address, storage.SystemClock{}); err != nil {
			t.Fatal(err)
		}
		defer stores[i].Close()
	}
	stop := make(chan struct{})
	var writing sync.WaitGroup
	said := make([]map[string]error, 8)
	for i := range said {
		said[i] = map[string]error{}
		writing.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
				}
				name := fmt.Sprintf("%d of %d", n, i)
				if said[i][name] = state(t, stores[i%len(stores)], name); said[i][name] != nil {
					time.Sleep(10 * time.Millisecond) // it is away
				}
			}
		})
	}
	for range 3 {
		if err := errors.Join(server.Crash(), server.Again()); err != nil {
			t.Error(err)
		}
		for range 30 { // that all have written something
			if err := state(t, stores[0], "between"); err != nil {
				t.Errorf("it does not go on: %v", err)
			}
		}
	}
	close(stop)
	writing.Wait()
	all, acknowledged := 0, 0
	err := stores[0].View(t.Context(), func(tx *storage.Tx) error {
		for _, of := range said {
			for name, came := range of {
				all++
				if came == nil {
					acknowledged++
				}
				_, err := tx.Fact(name)
				if err != nil && !errors.Is(err, press.ErrNotFound) {
					return err
				}
				if there := err == nil; there != (came == nil) && !errors.Is(came, press.ErrUnsure) {
					t.Errorf("%s came to %v, and is there: %t", name, came, there)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d of %d were acknowledged", acknowledged, all)
}

// TestHastyCommits: a session for which commits do not wait any more commits nothing.
func TestHastyCommits(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	set := func(how string) {
		t.Helper()
		run(t, address, `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I `+how+`', current_database()); END $$`,
			`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}
	set("SET synchronous_commit = local")
	if err := state(t, store, "hasty"); !errors.Is(err, press.ErrAway) || !strings.Contains(err.Error(), "synchronous_commit is local") {
		t.Errorf("it came to %v", err)
	}
	set("RESET synchronous_commit")
	if err := state(t, store, "safe"); err != nil {
		t.Error(err)
	}
	if stated(t, store, "hasty") {
		t.Error("what was refused is there")
	}
}

// TestPrimaryNoMore: sessions of a server that was told to take no writing any more are
// not used again, for reading neither: the next host is tried.
func TestPrimaryNoMore(t *testing.T) {
	needsServer(t)
	t.Parallel()
	before := postgrestest.New(t)
	after, err := postgrestest.Shared()
	if err != nil {
		t.Fatal(err)
	}
	const name = "primary_no_more"
	var hosts []string
	for _, server := range []*postgrestest.Server{before, after} {
		address, err := server.Make(name, "")
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		hosts = append(hosts, u.Query().Get("host"))
	}
	next, err := postgres.Open(t.Context(), after.Address(name), storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	if err := state(t, next, "there"); err != nil {
		t.Fatal(err)
	}
	address := "postgres:///" + name + "?user=communique&host=" + strings.Join(hosts, ",")
	for how, look := range map[string]func(*storage.Store) error{
		"who writes": func(s *storage.Store) error { return state(t, s, "written") },
		"who looks for changes": func(s *storage.Store) error {
			time.Sleep(kernel.Lag) // for so long a look before that serves
			_, err := s.State(t.Context())
			if err == nil {
				return errors.New("it was not noticed")
			}
			if errors.Is(err, press.ErrAway) {
				_, err = s.State(t.Context())
			}
			return err
		},
	} {
		takeWriting(t, before.Address(name), true)
		store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		if err := state(t, store, "first"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.State(t.Context()); err != nil || !stated(t, store, "first") {
			t.Fatal(err)
		}
		takeWriting(t, before.Address(name), false)
		if err := look(store); err != nil {
			t.Errorf("%s: %v", how, err)
		}
		if stated(t, store, "first") || !stated(t, store, "there") {
			t.Errorf("%s: it is read from the old one still", how)
		}
	}
}

// takeWriting has a server take writing from now on, or none.
func takeWriting(t *testing.T, address string, takes bool) {
	t.Helper()
	run(t, address, fmt.Sprintf(`ALTER SYSTEM SET default_transaction_read_only = %t`, !takes), `SELECT pg_reload_conf()`)
	for is := !takes; is != takes; time.Sleep(10 * time.Millisecond) {
		db, err := sql.Open("pgx", address)
		if err != nil {
			t.Fatal(err)
		}
		err = db.QueryRowContext(t.Context(), `SELECT current_setting('transaction_read_only') = 'off'`).Scan(&is)
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func state(t *testing.T, store *storage.Store, name string) error {
	t.Helper()
	return store.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact(name, "stated") })
}

func stated(t *testing.T, store *storage.Store, name string) bool {
	t.Helper()
	err := store.View(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.Fact(name)
		return err
	})
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

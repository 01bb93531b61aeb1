package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
)

// TestDeadlines: every session bounds its statements, its waiting and its silence, unless
// its address says otherwise.
func TestDeadlines(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Del("idle_in_transaction_session_timeout") // which tests have longer
	query.Set("lock_timeout", "7s")
	u.RawQuery = query.Encode()
	config, err := postgres.Configured(u.String())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	for name, want := range map[string]string{
		"statement_timeout": "30000", "idle_in_transaction_session_timeout": "3000", "lock_timeout": "7000", "tcp_user_timeout": "",
	} {
		var setting, source string
		if err := conn.QueryRow(t.Context(), `SELECT setting, source FROM pg_settings WHERE name = $1`, name).Scan(&setting, &source); err != nil {
			t.Fatal(err)
		}
		if source != "client" || want != "" && setting != want { // over a socket the last one tells nothing
			t.Errorf("%s is %s, by %s; want %s", name, setting, source, want)
		}
	}
}

// TestOneThatStopped in the middle of writing holds up nobody for longer than it takes to
// find that out, and does it again when it goes on.
func TestOneThatStopped(t *testing.T) {
	needsServer(t)
	t.Parallel()
	u, err := url.Parse(postgrestest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("idle_in_transaction_session_timeout", "500ms")
	u.RawQuery = query.Encode()
	stores := make([]*storage.Store, 2)
	for i := range stores {
		if stores[i], err = postgres.Open(t.Context(), u.String(), storage.SystemClock{}); err != nil {
			t.Fatal(err)
		}
		defer stores[i].Close()
	}
	stopped, goOn := make(chan struct{}), make(chan struct{})
	var stop sync.Once
	came := make(chan error, 1)
	go func() {
		came <- stores[0].Update(t.Context(), func(tx *storage.Tx) error {
			if err := tx.SetFact("stopped", "stated"); err != nil {
				return err
			}
			stop.Do(func() {
				close(stopped)
				<-goOn
			})
			return nil
		})
	}()
	<-stopped
	if err := state(t, stores[1], "other"); err != nil {
		t.Errorf("the other one: %v", err)
	}
	close(goOn)
	if err := <-came; err != nil {
		t.Errorf("the one that stopped: %v", err)
	}
	if !stated(t, stores[1], "other") || !stated(t, stores[1], "stopped") {
		t.Error("what was acknowledged is not there")
	}
}

// TestHungUp: who hangs up in the middle of reading or writing costs no connection.
func TestHungUp(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if _, err := store.State(t.Context()); err != nil { // which has one, too
		t.Fatal(err)
	}
	before := sessions(t, address)
	for range 20 {
		ctx, hangUp := context.WithCancel(t.Context())
		read := func(tx *storage.Tx) error {
			hangUp()
			_, err := tx.Head()
			return err
		}
		if err := errors.Join(store.View(ctx, read), store.Update(ctx, read)); !errors.Is(err, context.Canceled) {
			t.Errorf("it came to %v", err)
		}
	}
	if after := sessions(t, address); after != before {
		t.Errorf("the sessions were %s and are %s", before, after)
	}
}

// TestOpenedDuringADump: a dump, which has all tables as they were, keeps nobody from
// opening the database and from writing.
func TestOpenedDuringADump(t *testing.T) {
	needsServer(t)
	t.Parallel()
	address := postgrestest.Database(t)
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
		DO $$ DECLARE name TEXT; BEGIN
			FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE format('LOCK TABLE %I IN ACCESS SHARE MODE', name);
			END LOOP;
		END $$`)
	if err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := state(t, store, "meanwhile"); err != nil {
		t.Error(err)
	}
}

// sessions are those of a database, by the numbers of their processes.
func sessions(t *testing.T, address string) (all string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.QueryRowContext(t.Context(), `SELECT string_agg(CAST(pid AS TEXT), ' ' ORDER BY pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

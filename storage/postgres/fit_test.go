package postgres_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/storagetest/engines"
)

// TestRefused: a database that would not keep what is promised is not opened, and
// the error says what to do.
func TestRefused(t *testing.T) {
	needsServer(t)
	for name, c := range map[string]struct{ statement, want string }{
		"another encoding": {`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`, "LATIN1: make one by createdb"},
		"commits that may be lost": {`CREATE DATABASE hasty TEMPLATE template0; ALTER DATABASE hasty SET synchronous_commit = off`,
			"synchronous_commit is off"},
	} {
		t.Run(name, func(t *testing.T) {
			address := postgrestest.Database(t)
			db, err := sql.Open("pgx", address)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			for statement := range strings.SplitSeq(c.statement, ";") {
				if _, err := db.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			made := strings.Fields(c.statement)[2]
			before, query, _ := strings.Cut(address, "?")
			store, err := postgres.Open(t.Context(), before[:strings.LastIndexByte(before, '/')+1]+made+"?"+query, storage.SystemClock{})
			if err == nil {
				_ = store.Close()
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestServerStartedAgain: after all connections are lost the next transactions get
// new ones.
func TestServerStartedAgain(t *testing.T) {
	needsServer(t)
	address := postgrestest.Database(t)
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	set := func(value string) error {
		return store.Update(t.Context(), func(tx *storage.Tx) error { return tx.SetFact("name", value) })
	}
	read := func(ctx context.Context) (value string, err error) {
		err = store.View(ctx, func(tx *storage.Tx) error {
			value, err = tx.Fact("name")
			return err
		})
		return value, err
	}
	if err := set("before"); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	if err := set("after"); err != nil {
		t.Errorf("write on a new connection: %v", err)
	}
	if value, err := read(t.Context()); err != nil || value != "after" {
		t.Errorf("read %q on a new connection: %v", value, err)
	}
}

func needsServer(t *testing.T) {
	t.Helper()
	if !strings.Contains(os.Getenv(engines.Variable), "postgres") {
		t.Skipf("%s does not name it", engines.Variable)
	}
}

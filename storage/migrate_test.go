package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/migrations"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// TestOldAndNew: a later program adds to the schema beside an older one, takes away what
// that one uses only when it does not serve any more, and then the older one stops.
func TestOldAndNew(t *testing.T) {
	t.Parallel()
	file := sqlitetest.File(t)
	store, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	adds := migrations.Migration{Version: store.Schema() + 1, Name: "adds", SQL: `CREATE TABLE later (id BIGINT PRIMARY KEY)`}
	takes := migrations.Migration{Version: store.Schema() + 2, Name: "takes", SQL: `DROP TABLE bodies`, Oldest: store.Schema() + 1}
	if err := store.Migrate(t.Context(), adds); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.ExecContext(t.Context(), `INSERT INTO replicas (id, name, version, since, until, schema) VALUES (1, 'press-2', '0.9', 0, $1, $2)`,
		time.Now().Add(time.Minute).UnixMicro(), store.Schema())
	if err != nil {
		t.Fatal(err)
	}
	err = store.Migrate(t.Context(), adds, takes)
	if older, is := errors.AsType[*storage.OlderProgramError](err); !is || older.Name != "press-2" || !strings.Contains(err.Error(), "stop it") {
		t.Fatalf("while an older program serves: %v", err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE replicas SET schema = schema + 1`); err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context(), adds, takes); err != nil {
		t.Fatal(err)
	}
	var newer *storage.NewerSchemaError
	if err := store.RunSchema(t.Context()); !errors.As(err, &newer) || !strings.Contains(err.Error(), "use the newer program") {
		t.Errorf("the older program goes on: %v", err)
	}
	if again, err := sqlite.Open(t.Context(), file, storage.SystemClock{}); !errors.As(err, &newer) {
		t.Errorf("the older program begins: %v", err)
		_ = again.Close()
	}
}

// TestBeforeUpgrade: what is done before a database is brought up to date is done once, before
// the first step; if it fails, the database stays as it was.
func TestBeforeUpgrade(t *testing.T) {
	t.Parallel()
	file := sqlitetest.File(t)
	made := func(context.Context, int) error {
		t.Error("something is done before a new database is made")
		return nil
	}
	store, err := sqlite.Open(storage.BeforeUpgrade(t.Context(), made), file, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	known := store.Schema()
	steps := []migrations.Migration{
		{Version: known + 1, Name: "one", SQL: `CREATE TABLE one (id BIGINT PRIMARY KEY)`},
		{Version: known + 2, Name: "two", SQL: `CREATE TABLE two (id BIGINT PRIMARY KEY)`},
	}
	calls, failed := 0, errors.New("the disk is full")
	var fails error
	ctx := storage.BeforeUpgrade(t.Context(), func(_ context.Context, found int) error {
		if calls++; found != known {
			t.Errorf("call %d: schema %d was found, want %d", calls, found, known)
		}
		return fails
	})
	for _, c := range []struct {
		fails   error
		calls   int
		refused bool
	}{{failed, 1, true}, {nil, 2, false}, {failed, 2, false}} { // the last finds it up to date
		fails = c.fails
		err := store.Migrate(ctx, steps...)
		if calls != c.calls || errors.Is(err, failed) != c.refused {
			t.Errorf("%d calls, want %d; refused: %v", calls, c.calls, err)
		}
	}
}

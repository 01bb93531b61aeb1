package kernel_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/sqlite/sqlitetest"
)

// dialect is SQLite's, as far as these tests need it: it cannot tell of writes.
var dialect = kernel.Dialect{
	Name: "sqlite", BeginRead: "BEGIN", DataVersion: "PRAGMA data_version",
	Begin: func(ctx context.Context, conn *sql.Conn) (int64, error) {
		_, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE")
		return 0, err
	},
	Notify: func(context.Context, *sql.DB, func()) (func() error, error) {
		return nil, errors.New("nobody tells")
	},
	Classify: func(err error) error { return err },
}

// open opens a new database, which is closed when the test ends.
func open(t *testing.T) *kernel.DB {
	t.Helper()
	return openFile(t, sqlitetest.File(t), dialect)
}

func openFile(t *testing.T, file string, d kernel.Dialect) *kernel.DB {
	t.Helper()
	handle := func() *sql.DB {
		db, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)")
		if err != nil {
			t.Fatal(err)
		}
		return db
	}
	db, err := kernel.Open(t.Context(), handle(), handle(), d, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// TestClosed: what comes after the end is refused, and ending twice is ending.
func TestClosed(t *testing.T) {
	t.Parallel()
	db := open(t)
	update(t, db, func(tx *kernel.Tx) error { return tx.SetFact("colour", "blue") })
	if err := db.Release(); err != nil {
		t.Fatal(err)
	}
	never := func(*kernel.Tx) error {
		t.Error("a transaction began on a closed database")
		return nil
	}
	if db.View(t.Context(), never) == nil || db.Update(t.Context(), never) == nil {
		t.Error("no error from a closed database")
	}
	for range 2 {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
}

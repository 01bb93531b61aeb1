// Package sqlitetest makes databases for tests.
package sqlitetest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"communique/storage"
	"communique/storage/sqlite"
)

// File makes a database with nothing in it, in a folder that goes with the test,
// and returns its name for [sqlite.Open]. All are copies of one: the migrations,
// which would take most of a small test's time, run once.
func File(t testing.TB) string {
	t.Helper()
	content, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "communique.db")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// empty is the content of a new database. Its write-ahead log is gone with its
// last connection.
var empty = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "sqlitetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "empty.db")
	store, err := sqlite.Create(context.Background(), file, storage.SystemClock{})
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, fmt.Errorf("close %s: %w", file, err)
	}
	return os.ReadFile(file)
})

package postgrestest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"communique/storage"
	"communique/storage/postgres"
)

// Database makes a database with nothing in it and returns its address for
// [postgres.Open]. All are copies of one, on one server for all tests of a program:
// the migrations run once.
func Database(t testing.TB) string {
	t.Helper()
	s, err := Shared()
	if err != nil {
		t.Fatal(err)
	}
	return s.Database(t, "empty")
}

// Open opens a database by the machine's clock, until the test ends.
func Open(t testing.TB, address string) *storage.Store {
	t.Helper()
	store, err := postgres.Open(t.Context(), address, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() }) // the database goes, too
	return store
}

// Shared is the server of all tests of a program.
var Shared = sync.OnceValues(func() (*Server, error) {
	s, err := Start()
	if err != nil {
		return nil, err
	}
	if _, err := s.Make("empty", ""); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	store, err := postgres.Open(context.Background(), s.Address("empty"), storage.SystemClock{})
	if err == nil {
		err = errors.Join(store.Close(), s.Template("empty"))
	}
	if err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
})

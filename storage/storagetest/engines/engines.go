// Package engines is every engine that the conformance suite is held against.
package engines

import (
	"cmp"
	"database/sql"
	"os"
	"slices"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
	"communique/storage/storagetest"
)

var engines = []storagetest.Engine{
	{Name: "sqlite", New: newSQLite},
	{Name: "postgres", New: newPostgres},
	{Name: "postgres-faulty", New: newFaulty},
}

// Variable names the engines that are tested, separated by commas. Without it the
// embedded one is: each test on a server makes a database there.
const Variable = "COMMUNIQUE_ENGINES"

// Run holds the engines to a part of what the store promises.
func Run(t *testing.T, p storagetest.Part) {
	tested := strings.Split(cmp.Or(os.Getenv(Variable), "sqlite"), ",")
	for _, e := range engines {
		t.Run(e.Name, func(t *testing.T) {
			if !slices.Contains(tested, e.Name) {
				t.Skipf("%s does not name it", Variable)
			}
			t.Parallel()
			storagetest.Run(t, e, p)
		})
	}
}

// Chosen makes a database with nothing in it, of a server if the variable names one and
// embedded if it does not, for tests that are not of the store itself. What it returns opens
// it, as often as one likes.
func Chosen(t testing.TB) func(storage.Clock) (*storage.Store, error) {
	t.Helper()
	if !strings.Contains(os.Getenv(Variable), "postgres") {
		file := sqlitetest.File(t)
		return func(clock storage.Clock) (*storage.Store, error) { return sqlite.Open(t.Context(), file, clock) }
	}
	address := postgrestest.Database(t)
	return func(clock storage.Clock) (*storage.Store, error) { return postgres.Open(t.Context(), address, clock) }
}

func newSQLite(t *testing.T) storagetest.Database {
	t.Helper()
	file := sqlitetest.File(t)
	return storagetest.Database{
		Open: func(clock storage.Clock) (*storage.Store, error) {
			return sqlite.Open(t.Context(), file, clock)
		},
		Exec: past(t, "sqlite", "file:"+file),
	}
}

func newPostgres(t *testing.T) storagetest.Database {
	t.Helper()
	address := postgrestest.Database(t)
	return storagetest.Database{
		Open: func(clock storage.Clock) (*storage.Store, error) {
			return postgres.OpenThrough(t.Context(), address, clock, postgrestest.Wide)
		},
		Exec: past(t, "pgx", address),
	}
}

// newFaulty makes databases on which each transaction fails once.
func newFaulty(t *testing.T) storagetest.Database {
	t.Helper()
	address := postgrestest.Database(t)
	return storagetest.Database{
		Open: func(clock storage.Clock) (*storage.Store, error) {
			return postgres.OpenThrough(t.Context(), address, clock, postgrestest.Faulty)
		},
		Exec: past(t, "pgx", address),
	}
}

// past runs statements on a connection of its own.
func past(t *testing.T, driver, name string) func(query string, args ...any) error {
	return func(query string, args ...any) error {
		db, err := sql.Open(driver, name)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.ExecContext(t.Context(), query, args...)
		return err
	}
}

package migrations_test

import (
	"cmp"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // its driver is pgx

	"communique/storage"
	"communique/storage/migrations"
	"communique/storage/postgres"
	"communique/storage/postgres/postgrestest"
	"communique/storage/sqlite"
	"communique/storage/storagetest/engines"
)

// database is one that this program has not opened yet.
type database struct {
	engine  string // in names of migrations
	driver  string
	address string
	open    func(t *testing.T) (*storage.Store, error)
}

// onEach holds the engines that are tested to what becomes of the rows that an earlier
// program left.
func onEach(t *testing.T, test func(t *testing.T, d database)) {
	t.Helper()
	t.Parallel()
	tested := strings.Split(cmp.Or(os.Getenv(engines.Variable), "sqlite"), ",")
	for name, empty := range map[string]func(*testing.T) database{"sqlite": file, "postgres": onServer} {
		t.Run(name, func(t *testing.T) {
			if !slices.Contains(tested, name) {
				t.Skipf("%s does not name it", engines.Variable)
			}
			t.Parallel()
			test(t, empty(t))
		})
	}
}

func file(t *testing.T) database {
	t.Helper()
	return inFile(filepath.Join(t.TempDir(), "older.db"))
}

func inFile(name string) database {
	return database{"sqlite", "sqlite", "file:" + name, func(t *testing.T) (*storage.Store, error) {
		t.Helper()
		return sqlite.Open(t.Context(), name, storage.SystemClock{})
	}}
}

func onServer(t *testing.T) database {
	t.Helper()
	server, err := postgrestest.Shared()
	if err != nil {
		t.Fatal(err)
	}
	address := server.Database(t, "") // without a schema
	return database{"postgres", "pgx", address, func(t *testing.T) (*storage.Store, error) {
		t.Helper()
		return postgres.Open(t.Context(), address, storage.SystemClock{})
	}}
}

// older makes the database as an earlier program left it, with what it stored.
func (d database) older(t *testing.T, version int, stored ...string) {
	t.Helper()
	steps, err := migrations.All(d.engine)
	if err != nil {
		t.Fatal(err)
	}
	statements := []string{`BEGIN`, `CREATE TABLE schema_version (version BIGINT NOT NULL PRIMARY KEY)`}
	for _, m := range steps[:version] {
		statements = append(statements, m.SQL, fmt.Sprintf(`INSERT INTO schema_version (version) VALUES (%d)`, m.Version))
	}
	statements = append(append(statements, stored...), `COMMIT`)
	if _, err := d.raw(t).Exec(strings.Join(statements, ";\n")); err != nil {
		t.Fatalf("version %d: %v", version, err)
	}
}

// raw are connections past the program.
func (d database) raw(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open(d.driver, d.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// opened is the store that the program makes of it.
func (d database) opened(t *testing.T) *storage.Store {
	t.Helper()
	s, err := d.open(t)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// migrated has the program open it, and returns connections past that.
func (d database) migrated(t *testing.T) *sql.DB {
	t.Helper()
	s, err := d.open(t)
	if err != nil {
		t.Fatal(err)
	}
	check(t, s)
	return d.raw(t)
}

// lines are the rows of a query for one text each.
func lines(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

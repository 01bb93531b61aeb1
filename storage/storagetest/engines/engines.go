// Package engines is every engine that the conformance suite is held against.
package engines

import (
	"database/sql"
	"testing"

	"communique/storage"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
	"communique/storage/storagetest"
)

var engines = []storagetest.Engine{
	{Name: "sqlite", New: newSQLite},
}

// Run holds every engine to a part of what the store promises.
func Run(t *testing.T, p storagetest.Part) {
	for _, e := range engines {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			storagetest.Run(t, e, p)
		})
	}
}

func newSQLite(t *testing.T) storagetest.Database {
	t.Helper()
	file := sqlitetest.File(t)
	return storagetest.Database{
		Open: func(clock storage.Clock) (*storage.Store, error) {
			return sqlite.Open(t.Context(), file, clock)
		},
		Exec: func(query string, args ...any) error {
			db, err := sql.Open("sqlite", "file:"+file)
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = db.ExecContext(t.Context(), query, args...)
			return err
		},
	}
}

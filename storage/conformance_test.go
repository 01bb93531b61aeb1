package storage_test

import (
	"database/sql"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
	"communique/storage/storagetest"
)

// engines is every engine that there is.
var engines = []storagetest.Engine{
	{Name: "sqlite", New: newSQLite},
}

func TestConformance(t *testing.T) {
	for _, e := range engines {
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			storagetest.Run(t, e)
		})
	}
}

func newSQLite(t *testing.T) storagetest.Database {
	t.Helper()
	file := sqlitetest.File(t)
	return storagetest.Database{
		Open: func(now func() time.Time) (*storage.Store, error) {
			return sqlite.Open(t.Context(), file, now)
		},
		Exec: func(query string, args ...any) error {
			db, err := sql.Open("sqlite", "file:"+file)
			if err != nil {
				return err
			}
			defer db.Close()
			_, err = db.Exec(query, args...)
			return err
		},
	}
}

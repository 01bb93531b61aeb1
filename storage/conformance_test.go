package storage_test

import (
	"database/sql"
	"slices"
	"strings"
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

// TestFollowingsAreNotSearched: whether anything is known of the actor of a
// Delete is asked thousands of times in a storm, and followers may be millions.
func TestFollowingsAreNotSearched(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", "file:"+sqlitetest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+storage.FollowingsOf, "https://social.example/users/ada")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var plan []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil || len(plan) != 2 || slices.ContainsFunc(plan, func(step string) bool { return !strings.HasPrefix(step, "SEARCH ") }) {
		t.Errorf("followings are found by %q, %v", plan, err)
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

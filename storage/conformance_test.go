package storage_test

import (
	"database/sql"
	"slices"
	"strings"
	"testing"

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

// TestPlans holds statements that are run for each message or publication to
// finding what they need without reading what else there is: SQLite, left to
// itself, has chosen otherwise.
func TestPlans(t *testing.T) {
	t.Parallel()
	db, err := sql.Open("sqlite", "file:"+sqlitetest.File(t))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, tt := range map[string]struct{ statement, want string }{
		"followings of an actor": {storage.FollowingsOf, `SEARCH f USING COVERING INDEX sqlite_autoindex_followers_1 (source=? AND actor=?)`},
		"sitemap of an article":  {storage.MarkSitemap, `SEARCH p USING INDEX positions_article (article=? AND section=?)`},
		"what is pinned":         {storage.Pinned, `SEARCH a USING INDEX sqlite_autoindex_articles_1 (id=?)`},
		"what is due next":       {storage.NextDue, `SCAN destinations USING INDEX destinations_retry`},
		"pictures of an article": {storage.DropMedia, `SEARCH media_articles USING INDEX media_articles_article (article=?)`},
	} {
		if plan := planOf(t, db, tt.statement); !slices.Contains(plan, tt.want) {
			t.Errorf("%s: %q is not in the plan:\n%s", name, tt.want, strings.Join(plan, "\n"))
		}
	}
}

// planOf is what SQLite would do for a statement, a step a line.
func planOf(t *testing.T, db *sql.DB, statement string) (plan []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `EXPLAIN QUERY PLAN `+statement, 1, 2, 3, 4, 5)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		plan = append(plan, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
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
			_, err = db.Exec(query, args...)
			return err
		},
	}
}

package sqlitetest_test

import (
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// TestFile: each test has a database of its own, with a schema and nothing in it.
func TestFile(t *testing.T) {
	t.Parallel()
	for range 2 {
		s, err := sqlite.Open(t.Context(), sqlitetest.File(t), storage.SystemClock{})
		if err != nil {
			t.Fatal(err)
		}
		err = s.Update(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.AddSection(press.Root, "news", "en", "News")
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestPlans(t *testing.T) {
	t.Parallel()
	sqlitetest.Plans(t, map[string]sqlitetest.Plan{
		"a fact": {Statement: `SELECT value FROM facts WHERE name = $1`, Step: `SEARCH facts USING INDEX sqlite_autoindex_facts_1 (name=?)`},
	})
}

package publog_test

import (
	"database/sql"
	"strings"
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// TestVerifyLog: an entry that is missing is found wherever it stood; what a restore leaves
// out is not taken for one.
func TestVerifyLog(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		spoil string // a statement
		want  string // a part of the error; empty for none
	}{
		"nothing is missing": {"SELECT 1", ""},
		"in the middle":      {"DELETE FROM entries WHERE seq = 2", "entry 1 is followed by 3"},
		"the first":          {"DELETE FROM entries WHERE seq = 1", "entry 0 is followed by 2"},
		"the last":           {"DELETE FROM entries WHERE seq = 1000005", "entry 1000004 is followed by 1000006"},
		"the head is behind": {"UPDATE log_head SET seq = seq - 1", "entry 1000005 is followed by 1000005"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := sqlitetest.File(t)
			s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			update := func(fn func(*storage.Tx) error) {
				t.Helper()
				if err := s.Update(t.Context(), fn); err != nil {
					t.Fatal(err)
				}
			}
			if err := verifyLog(t, s); err != nil {
				t.Errorf("an empty log: %v", err)
			}
			add := func(slug string) func(*storage.Tx) error {
				return func(tx *storage.Tx) error {
					_, err := tx.AddSection(press.Root, slug, "en", "News")
					return err
				}
			}
			for _, slug := range []string{"one", "two", "three"} {
				update(add(slug))
			}
			update(func(tx *storage.Tx) error {
				_, err := tx.Reopen()
				return err
			})
			if err := verifyLog(t, s); err != nil {
				t.Errorf("after a jump: %v", err)
			}
			update(add("four"))
			update(add("five"))
			db, err := sql.Open("sqlite", "file:"+file)
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			if _, err := db.ExecContext(t.Context(), tt.spoil); err != nil {
				t.Fatal(err)
			}
			err = verifyLog(t, s)
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func verifyLog(t *testing.T, s *storage.Store) error {
	t.Helper()
	return s.View(t.Context(), func(tx *storage.Tx) error { return tx.VerifyLog() })
}

package sqlite_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/terms"
)

// FuzzSearch: whatever is typed is no syntax to the engine, and what a text
// says it is found by.
func FuzzSearch(f *testing.F) {
	file := filepath.Join(f.TempDir(), "search.db")
	s, err := sqlite.Create(context.Background(), file, storage.SystemClock{})
	if err != nil {
		f.Fatal(err)
	}
	defer s.Close()
	const title = `Harbour treaty: 外交部长王毅 “x” معاهدة`
	err = s.Update(context.Background(), func(tx *storage.Tx) error {
		if _, err := tx.AddSection(press.Root, "news", "en", "News"); err != nil {
			return err
		}
		_, _, err := tx.Publish(press.Draft{Section: 1, Language: "en", Title: title, Body: "<p>Text.</p>"})
		return err
	})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		title, `harbour`, `"`, `""`, `a" OR "b`, `title : x`, `{title lead} : x`, `NEAR(a b)`, `x*`, `^x`, `-x`, `a NOT b`, "(", "王", "'; DROP TABLE articles; --", "harbour -t", "harbour -treaty", "-x harbour -外交", "\x00", "a\u0300", "\u0300",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := terms.Parse(text)
		if err != nil {
			return
		}
		err = s.View(t.Context(), func(tx *storage.Tx) error {
			found, err := tx.Search(newsdesk.Search{Query: q, Language: "en", Section: 1}, newsdesk.Rank{}, 10)
			if says := q.In(title, "", "", "Text."); err == nil && says != (len(found) == 1) {
				t.Errorf("%q: the text says it is %t, found are %d", text, says, len(found))
			}
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", text, err)
		}
	})
}

// TestIndexesAreMerged: what was indexed text by text is put together, and is found as before.
func TestIndexesAreMerged(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "search.db")
	s, err := sqlite.Create(t.Context(), file, storage.SystemClock{})
	s = closing(t, s, err)
	section := press.Root
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		news, err := tx.AddSection(press.Root, "news", "en", "News")
		section = news.ID
		return err
	})
	for n := 0; err == nil && n < 30; n++ {
		err = s.Update(t.Context(), func(tx *storage.Tx) error {
			_, _, err := tx.Publish(press.Draft{Section: section, Language: "en", Title: fmt.Sprint("Statement ", n), Body: "<p>The harbour treaty.</p>"})
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	database, err := sql.Open("sqlite", file)
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	looksInto := func() (segments int) {
		if err := database.QueryRow(`SELECT COUNT(DISTINCT segid) FROM search_terms_idx`).Scan(&segments); err != nil {
			t.Fatal(err)
		}
		return segments
	}
	before := looksInto()
	if err := s.MergeIndexes(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := looksInto(); after >= before || after > 3 {
		t.Errorf("the index was in %d parts and is in %d", before, after)
	}
	q, err := terms.Parse("harbour treaty")
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx *storage.Tx) error {
		found, err := tx.Search(newsdesk.Search{Query: q, Language: "en", Section: section}, newsdesk.Rank{}, 100)
		if len(found) != 30 {
			t.Errorf("%d are found", len(found))
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

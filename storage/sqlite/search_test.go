package sqlite_test

import (
	"context"
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

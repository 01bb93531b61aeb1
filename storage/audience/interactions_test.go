package audience_test

import (
	"database/sql"
	"testing"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

// TestBeyondTheCount: what is no longer counted was said all the same, and its server
// has the article.
func TestBeyondTheCount(t *testing.T) {
	t.Parallel()
	file := sqlitetest.File(t)
	s, err := sqlite.Open(t.Context(), file, storage.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var a press.Article
	announce := func(actor string) (taken bool) {
		t.Helper()
		err := s.Update(t.Context(), func(tx *storage.Tx) (err error) {
			taken, err = tx.AddInteraction(audience.Interaction{Article: a.ID, Kind: audience.KindAnnounce, Actor: actor}, tx.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return taken
	}
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		section, err := tx.AddSection(press.Root, "press", "en", "Press")
		if err == nil {
			a, _, err = tx.Publish(press.Draft{Section: section.ID, Language: "en", Title: "Shared", Body: "<p>Text.</p>"})
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	announce("https://one.example/ada")
	db, err := sql.Open("sqlite", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), `UPDATE reactions SET shares = $1`, audience.MaxInteractions); err != nil {
		t.Fatal(err)
	}
	if !announce("https://two.example/bob") {
		t.Error("an announce that is not counted was not taken")
	}
}

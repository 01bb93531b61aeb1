package publog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage"
	"communique/storage/clocktest"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
	"communique/storage/sqlite/sqlitetest"
)

func TestSourceNames(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, actor string }{
		{publog.ActorSource("ministry"), "ministry"},
		{publog.TopicID{Language: "en", Format: "atom"}.Source(), ""},
	} {
		if got := (publog.Source{Name: tt.name}).Actor(); got != tt.actor {
			t.Errorf("source %s is of actor %q, want %q", tt.name, got, tt.actor)
		}
	}
}

// TestReading holds the log to what its readers ask of it: an article's own
// entries, and what changed the look of a section since.
func TestReading(t *testing.T) {
	t.Parallel()
	s, err := sqlite.Open(t.Context(), sqlitetest.File(t), clocktest.Running())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	err = s.Update(t.Context(), func(tx *storage.Tx) error {
		section, err := tx.AddSection(press.Root, "news", "en", "News")
		if err != nil {
			return err
		}
		d := press.Draft{Section: section.ID, Language: "en", Title: "Visit", Body: "<p>Text.</p>"}
		a, published, err := tx.Publish(d)
		if err != nil {
			return err
		}
		_, withdrawn, err := tx.Withdraw(a.ID, "Issued in error.")
		if err != nil {
			return err
		}
		entries, err := tx.EntriesOf(a.ID)
		if diff := cmp.Diff([]press.Entry{published, withdrawn}, entries); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
		if err != nil {
			return err
		}
		named, err := tx.NameSection(section.ID, "en", "Newsroom")
		if err != nil {
			return err
		}
		for seq, want := range map[press.Seq]bool{withdrawn.Seq: true, named.Seq: false} {
			if shown, err := tx.ShownSince(section.ID, seq); shown != want || err != nil {
				t.Errorf("shown otherwise since %d: %t, %v", seq, shown, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

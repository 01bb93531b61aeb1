package newsroom

import (
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// TestSectionMovesUnderEmbargo: where a section is and who announces it is a part of what is approved, until
// that is filed. Under embargo an article goes along with its section as what is public does, alone and
// in a set of which all go out or none, and nothing of it is held back for that.
func TestSectionMovesUnderEmbargo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if _, err := o.AddSections(t.Context(), []string{"The Office"}, NewSections{}); err != nil {
		t.Fatal(err)
	}
	at := now.Add(time.Hour)
	alone := o.propose(o.ana, "Summit", "language: en", "published: "+at.Format(time.RFC3339))
	r, err := o.approve(o.eva, alone)
	if err != nil {
		t.Fatal(err)
	}
	articles := []press.ArticleID{r.Article.ID}
	set := o.languageSet(true, at.Format(time.RFC3339))
	waiting := o.propose(o.ana, "Visit", "language: en", "published: "+at.Format(time.RFC3339))
	shown, err := o.eva.Look(t.Context(), waiting.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en", "fr", "ar"} {
		if _, err := o.approve(o.rui, set[language]); err != nil {
			t.Fatal(err)
		}
	}
	o.look(func(tx *storage.Tx) error {
		for _, m := range set {
			now, err := tx.Manuscript(m.ID)
			if err != nil {
				return err
			}
			articles = append(articles, now.Article)
		}
		return nil
	})
	if _, err := o.MoveSection(t.Context(), "the-ministry/statements", "the-office", false); err != nil {
		t.Fatal(err)
	}
	if _, err := o.eva.Approve(t.Context(), waiting.ID, Approving{Revision: 1, Digest: shown.Digest}); !errors.Is(err, ErrNotShown) {
		t.Errorf("what was shown before it moved is approved: %v", err)
	}
	o.clock.Set(at.Add(time.Second))
	o.change(func(tx *storage.Tx) error {
		_, err := tx.Release(10)
		return err
	})
	for _, id := range articles {
		if a := o.stored(id); a.State != press.Published || o.pathOf(a) != "the-office/statements" {
			t.Errorf("at its instant article %s in %s is %s, held %v, at %s", id, a.Language, a.State, a.Held, o.pathOf(a))
		}
	}
}

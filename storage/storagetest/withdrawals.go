package storagetest

import (
	"errors"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var withdrawalTests = map[string]func(*testing.T, *world){
	"what only others have is withdrawn, too, and a draft that it was is gone": func(t *testing.T, w *world) {
		known, _ := w.publish(w.draft("Known"))
		draft, _ := w.publish(w.embargoed("Not yet"))
		for _, id := range []press.ArticleID{press.NewArticleID(), draft.ID} {
			var gone press.Article
			var e press.Entry
			err := w.store.Update(t.Context(), func(tx *storage.Tx) (err error) {
				gone, e, err = tx.WithdrawOrphan(newsdesk.Orphan{ID: id, Language: "en", Section: known.Section}, "It was in error.")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.same("entry", press.Entry{Seq: w.head(), Kind: press.KindWithdrawn, At: noon, Article: id, Revision: 1}, e)
			w.same("head of the source", e.Seq, w.sourceHead())
			w.same("stored", gone, w.article(id))
			w.same("what it said", "", gone.Title)
			err = w.store.View(t.Context(), func(tx *storage.Tx) error {
				_, err := tx.PublicArticle(id)
				return err
			})
			if withdrawn, is := errors.AsType[*press.WithdrawnError](err); !is || withdrawn.Reason != "It was in error." {
				t.Errorf("the public is told %v", err)
			}
		}
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			_, _, err := tx.WithdrawOrphan(newsdesk.Orphan{ID: known.ID, Language: "en", Section: known.Section}, "It was in error.")
			return err
		})
		if !errors.Is(err, press.ErrConflict) {
			t.Errorf("a public one: %v", err)
		}
	},

	"a withdrawal is one entry and leaves a reason": func(t *testing.T, w *world) {
		a, published := w.publish(w.draft("Taken back"))
		w.clock.Pass(time.Hour)
		gone, e := w.withdraw(a.ID)
		w.same("entry", press.Entry{
			Seq: published.Seq + 1, Kind: press.KindWithdrawn, At: noon.Add(time.Hour),
			Article: a.ID, Revision: 1, Pushed: published.Seq,
		}, e)
		w.same("head of the log", e.Seq, w.head())
		w.same("head of the source", e.Seq, w.sourceHead())
		w.same("stored", gone, w.article(a.ID))
		w.same("state", press.Withdrawn, gone.State)
		err := w.store.View(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.PublicArticle(a.ID)
			return err
		})
		var withdrawn *press.WithdrawnError
		if !errors.As(err, &withdrawn) {
			t.Fatalf("got error %v, want a *WithdrawnError", err)
		}
		w.same("what the public is told", &press.WithdrawnError{
			ID: a.ID, Language: "en", At: noon.Add(time.Hour), Reason: "Issued in error.",
		}, withdrawn)
	},

	"a withdrawn article is listed nowhere": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Taken back"))
		_, e := w.withdraw(a.ID)
		for _, section := range []press.SectionID{w.activities, w.minister, w.ministry, press.Root} {
			w.same("listed", []string(nil), w.titles(section, "en"))
			w.same("changed", e.Seq, w.changed(section, "en"))
		}
		w.view(func(tx *storage.Tx) error {
			n, err := tx.CountPublished()
			w.same("count", 0, n)
			if err != nil {
				return err
			}
			outbox, err := tx.NewestOfEach(e.Seq+1, 10)
			w.same("outbox", []press.Entry(nil), outbox)
			return err
		})
	},

	"a second time is a conflict": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Taken back"))
		w.withdraw(a.ID)
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Withdraw(a.ID, "Again.")
			return err
		})
		w.same("reason", "Issued in error.", w.article(a.ID).Reason)
	},

	"an unknown article cannot be withdrawn": func(t *testing.T, w *world) {
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.Withdraw(press.NewArticleID(), "Who?")
			return err
		})
	},

	// Somebody may have got it by another way: it goes to all.
	"the withdrawal of a silent article is not silent": func(t *testing.T, w *world) {
		a, _ := w.publish(w.silent("Archived", noon.AddDate(-1, 0, 0)))
		_, e := w.withdraw(a.ID)
		if e.Silent || e.Pushed != 0 {
			t.Errorf("the entry says silent %t, pushed %d", e.Silent, e.Pushed)
		}
		w.same("head of the source", e.Seq, w.sourceHead())
	},

	"the entry recalls the push through corrections": func(t *testing.T, w *world) {
		a, published := w.publish(w.draft("One"))
		w.correct(a.ID, w.draft("Two"))
		w.correct(a.ID, w.draft("Three"))
		_, e := w.withdraw(a.ID)
		w.same("pushed", published.Seq, e.Pushed)
		w.same("revision", 3, e.Revision)
		w.view(func(tx *storage.Tx) error {
			entries, err := tx.EntriesOf(a.ID)
			var kinds []press.Kind
			for _, e := range entries {
				kinds = append(kinds, e.Kind)
			}
			w.same("kinds", []press.Kind{press.KindPublished, press.KindCorrected, press.KindCorrected, press.KindWithdrawn}, kinds)
			return err
		})
	},
}

package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

var publishingTests = map[string]func(*testing.T, *world){
	"an article is public with its one entry": func(t *testing.T, w *world) {
		before := w.head()
		a, e := w.publish(w.draft("Treaty signed"))
		w.same("entry", press.Entry{
			Seq: before + 1, Kind: press.KindPublished, At: noon, Article: a.ID, Revision: 1, Pushed: before + 1,
		}, e)
		w.same("head of the log", e.Seq, w.head())
		w.same("article", press.Article{
			ID: a.ID, Section: w.activities, Language: "en", Group: a.ID,
			Title: "Treaty signed", Lead: "In short.", Body: "<p>At length.</p>", Tags: []string{"treaties"},
			Published: noon, Precision: press.ToTheSecond, Updated: noon,
			State: press.Published, Revision: 1, Worded: 1, Agrees: 1, Revised: noon, Changed: e.Seq,
		}, w.article(a.ID))
		if _, err := press.ParseArticleID(string(a.ID)); err != nil {
			t.Error(err)
		}
	},

	"a date is kept to the second, in UTC": func(t *testing.T, w *world) {
		d := w.silent("From the archive", time.Date(1815, time.June, 9, 14, 30, 15, 999, time.FixedZone("", 3600)))
		a, _ := w.publish(d)
		got := w.article(a.ID)
		w.same("published", time.Date(1815, time.June, 9, 13, 30, 15, 0, time.UTC), got.Published)
		w.same("updated", got.Published, got.Updated)
		w.same("revised", noon, got.Revised)
		w.same("precision", press.ToTheSecond, got.Precision)
	},

	"a date without a precision is an instant": func(t *testing.T, w *world) {
		a, _ := w.publish(w.silent("Yesterday", noon.AddDate(0, 0, -1)))
		w.same("precision", press.ToTheSecond, w.article(a.ID).Precision)
	},

	"the start of 1970 is a date like any other": func(t *testing.T, w *world) {
		a, _ := w.publish(w.silent("Epoch", time.Unix(0, 0)))
		w.same("published", time.Unix(0, 0).UTC(), w.article(a.ID).Published)
	},

	"a silent article is in the log and moves no head": func(t *testing.T, w *world) {
		head := w.sourceHead()
		a, e := w.publish(w.silent("Imported", noon.AddDate(-1, 0, 0)))
		if !e.Silent || e.Pushed != 0 {
			t.Errorf("the entry says silent %t, pushed %d", e.Silent, e.Pushed)
		}
		w.same("head of the source", head, w.sourceHead())
		w.same("listed", []string{"Imported"}, w.titles(w.ministry, "en"))
		w.same("state", press.Published, w.article(a.ID).State)
	},

	"an unknown section is refused": func(t *testing.T, w *world) {
		d := w.draft("Lost")
		d.Section = 999
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.Publish(d)
			return err
		})
	},

	"a key publishes once": func(t *testing.T, w *world) {
		d := w.draft("Once")
		var first press.Article
		var entry press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			first, entry, err = tx.PublishOnce("k", d)
			return err
		})
		w.clock.Pass(time.Minute)
		head := w.head()
		w.update(func(tx *storage.Tx) error {
			again, e, err := tx.PublishOnce("k", d)
			w.same("article", first, again)
			w.same("entry", entry, e)
			return err
		})
		w.same("head of the log", head, w.head())
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.PublishOnce("k", w.draft("Another text"))
			return err
		})
	},

	"a key of an embargoed article names it": func(t *testing.T, w *world) {
		d := w.embargoed("Later")
		var ids []press.ArticleID
		for range 2 {
			w.update(func(tx *storage.Tx) error {
				a, e, err := tx.PublishOnce("k", d)
				w.same("entry", press.Entry{}, e)
				ids = append(ids, a.ID)
				return err
			})
		}
		w.same("article", ids[0], ids[1])
	},

	"a key is free again after a rollback": func(t *testing.T, w *world) {
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, _, err := tx.PublishOnce("k", press.Draft{Section: w.activities, Language: "en"})
			return err
		})
		w.update(func(tx *storage.Tx) error {
			_, _, err := tx.PublishOnce("k", w.draft("Now with a title"))
			return err
		})
	},

	"an identity is stored once": func(t *testing.T, w *world) {
		d := w.silent("Imported", noon.AddDate(-1, 0, 0))
		d.Identity, d.SourceURL = "https://old.mfa.example/1.html", "https://old.mfa.example/1.html"
		a, _ := w.publish(d)
		w.view(func(tx *storage.Tx) error {
			got, digest, err := tx.ByIdentity(d.Identity)
			w.same("article", w.article(a.ID), got)
			w.same("digest", d.Digest(), digest)
			return err
		})
		edited := w.silent("Imported and edited", noon.AddDate(-1, 0, 0))
		edited.Identity, edited.ReadAs = "https://old.mfa.example/3.html", "as it was read"
		w.publish(edited)
		w.view(func(tx *storage.Tx) error {
			_, digest, err := tx.ByIdentity(edited.Identity)
			w.same("digest of what was read", edited.ReadAs, digest)
			return err
		})
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Publish(d)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.ByIdentity("https://old.mfa.example/2.html")
			return err
		})
	},

	"articles without an identity are many": func(t *testing.T, w *world) {
		w.publish(w.draft("One"))
		w.publish(w.draft("One"))
		w.same("listed", []string{"One", "One"}, w.titles(press.Root, "en"))
	},
}

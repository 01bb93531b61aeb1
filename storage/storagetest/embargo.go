package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var embargoTests = map[string]func(*testing.T, *world){
	// SECURITY A40: what is under embargo shows nowhere, not even as a gap.
	"nothing public tells of it": func(t *testing.T, w *world) {
		public, _ := w.publish(w.draft("Public"))
		log, head, changed, page := w.head(), w.sourceHead(), w.changed(press.Root, "en"), w.article(public.ID)
		w.addPicture()
		d := w.embargoed("Secret")
		d.Language, d.TranslationOf, d.Images = "fr", public.ID, w.illustrated("").Images
		_, e := w.publish(d)

		w.same("entry", press.Entry{}, e)
		w.same("head of the log", log, w.head())
		w.same("head of the source", head, w.sourceHead())
		w.same("changed", changed, w.changed(press.Root, "en"))
		w.same("changed in French", w.changed(w.pressRoom, "fr"), w.changed(press.Root, "fr"))
		w.same("the translation's page", page, w.article(public.ID))
		w.same("listed", []string(nil), w.titles(press.Root, "fr"))
		w.view(func(tx *storage.Tx) error {
			n, err := tx.CountPublished()
			w.same("count", 1, n)
			if err != nil {
				return err
			}
			translations, err := tx.Translations(public.Group)
			w.same("translations", []press.Translation{{ID: public.ID, Language: "en", Title: "Public"}}, translations)
			if err != nil {
				return err
			}
			newer, err := tx.Newer(press.Root, "fr", newsdesk.PlaceOf(public), 10)
			w.same("newer", 0, len(newer))
			if err != nil {
				return err
			}
			outbox, err := tx.NewestOfEach(1<<60, 10)
			w.same("outbox", 1, len(outbox))
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.PublicMedia(pictureHash)
			return err
		})
	},

	// SECURITY A55: nothing of a draft is read for strangers, which would take time.
	"who asks for it waits no longer than for an unknown id": func(t *testing.T, w *world) {
		held, _ := w.publish(w.embargoed("Secret"))
		if err := w.database.Exec(`UPDATE revisions SET tags = 'unreadable' WHERE article = $1`, string(held.ID)); err != nil {
			t.Fatal(err)
		}
		w.view(func(tx *storage.Tx) error {
			if _, err := tx.Article(held.ID); err == nil {
				t.Error("a revision that cannot be read was read")
			}
			return nil
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.PublicArticle(held.ID)
			return err
		})
	},

	"a date that is written as before keeps its instant, whatever the zone is now": func(t *testing.T, w *world) {
		d := w.embargoed("Secret")
		d.Precision, d.Local = press.ToTheMinute, press.Local(d.Published.Format("2006-01-02 15:04"))
		held, _ := w.publish(d)
		fr := w.embargoed("Le secret")
		fr.Language, fr.TranslationOf, fr.Inherits = "fr", held.ID, true
		w.publish(fr)
		d.Lead, d.Published = "With a comma.", d.Published.Add(-5*time.Hour) // the same words, farther east
		w.update(func(tx *storage.Tx) error {
			after, e, err := tx.Correct(held.ID, newsdesk.Correction{Draft: d, Minor: true})
			w.same("state", press.Embargoed, after.State)
			w.same("instant", held.Published, after.Published)
			w.same("entry", press.Entry{}, e)
			return err
		})
	},

	"what happens to its translations does not show where it will stand": func(t *testing.T, w *world) {
		public, _ := w.publish(w.draft("Public"))
		d := w.embargoed("Secret")
		d.Language, d.TranslationOf, d.Section = "fr", public.ID, w.pressRoom
		held, _ := w.publish(d)
		before := w.changed(w.pressRoom, "fr")
		w.correct(public.ID, w.draft("Public, corrected"))
		w.same("changed", before, w.changed(w.pressRoom, "fr"))
		w.same("its own page", press.Seq(0), w.article(held.ID).Changed)
	},

	"it answers like an unknown id": func(t *testing.T, w *world) {
		secret := w.embargoed("Secret")
		secret.Images = w.illustrated("").Images
		held, _ := w.publish(secret)
		cancelled, _ := w.publish(w.embargoed("Never"))
		w.withdraw(cancelled.ID)
		unknown := press.NewArticleID()
		text := func(id press.ArticleID) string {
			err := w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
				a, err := tx.PublicArticle(id)
				w.same("article", press.Article{}, a)
				return err
			})
			// The id is the asker's own.
			return err.Error()[:len(err.Error())-len(id)]
		}
		w.same("under embargo", text(unknown), text(held.ID))
		w.same("cancelled", text(unknown), text(cancelled.ID))
		picture := func(hash string) string {
			err := w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
				_, err := tx.PublicMedia(hash)
				return err
			})
			return err.Error()
		}
		unknownPicture := picture(pictureHash)
		w.addPicture()
		w.correct(held.ID, secret)
		w.same("its picture", unknownPicture, picture(pictureHash))
	},

	// Whoever looks ahead reads what will be public, and cannot make it public.
	"nobody ends it who looks ahead": func(t *testing.T, w *world) {
		a, _ := w.publish(w.embargoed("Soon"))
		seen := ""
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			if err := tx.LookAhead(a.ID); err != nil {
				return err
			}
			p, err := tx.PublicArticle(a.ID)
			seen = p.Title
			return err
		})
		w.same("what was seen", "Soon", seen)
		w.same("committed", true, err != nil)
		w.same("state", press.Embargoed, w.article(a.ID).State)
	},

	"it ends on its second, not before": func(t *testing.T, w *world) {
		a, _ := w.publish(w.embargoed("Soon"))
		w.clock.Pass(time.Hour - time.Microsecond)
		w.same("released a moment before", 0, len(w.release()))
		w.clock.Pass(time.Microsecond)
		released := w.release()
		w.same("entries", []press.Entry{{
			Seq: w.head(), Kind: press.KindPublished, At: noon.Add(time.Hour), Article: a.ID, Revision: 1, Pushed: w.head(),
		}}, released)
		got := w.article(a.ID)
		w.same("state", press.Published, got.State)
		w.same("published", noon.Add(time.Hour), got.Published)
		w.same("revised", noon.Add(time.Hour), got.Revised)
		w.same("listed", []string{"Soon"}, w.titles(press.Root, "en"))
		w.same("changed", w.head(), w.changed(press.Root, "en"))
		w.same("released again", 0, len(w.release()))
	},

	"released late, it keeps its date": func(t *testing.T, w *world) {
		a, _ := w.publish(w.embargoed("Soon"))
		w.clock.Pass(3 * time.Hour)
		w.release()
		got := w.article(a.ID)
		w.same("published", noon.Add(time.Hour), got.Published)
		w.same("updated", noon.Add(time.Hour), got.Updated)
		w.same("revised", noon.Add(3*time.Hour), got.Revised)
	},

	"several end in the order of their instants": func(t *testing.T, w *world) {
		var want []press.ArticleID
		at := map[int]press.ArticleID{}
		for _, minutes := range []int{30, 10, 20} {
			d := w.draft("Soon")
			d.Published = noon.Add(time.Duration(minutes) * time.Minute)
			a, _ := w.publish(d)
			at[minutes] = a.ID
		}
		want = append(want, at[10], at[20], at[30])
		w.clock.Pass(time.Hour)
		var got []press.ArticleID
		for range 2 { // in batches too
			var entries []press.Entry
			w.update(func(tx *storage.Tx) (err error) {
				entries, err = tx.Release(2)
				return err
			})
			for _, e := range entries {
				got = append(got, e.Article)
			}
		}
		w.same("order", want, got)
	},

	"the next end is known": func(t *testing.T, w *world) {
		next := func() (at time.Time) {
			w.view(func(tx *storage.Tx) (err error) {
				at, err = tx.NextRelease()
				return err
			})
			return at
		}
		w.same("without any", time.Time{}, next())
		late, _ := w.publish(w.embargoed("Late"))
		d := w.draft("Early")
		d.Published = noon.Add(time.Minute)
		early, _ := w.publish(d)
		w.same("next", early.Published, next())
		w.withdraw(early.ID)
		w.same("next", late.Published, next())
		w.clock.Pass(time.Hour)
		w.release()
		w.same("after the last", time.Time{}, next())
	},

	"a correction replaces the draft and keeps the embargo": func(t *testing.T, w *world) {
		log := w.head()
		a, _ := w.publish(w.embargoed("Draft"))
		d := w.draft("Better draft")
		d.Section, d.Silent = w.pressRoom, true
		w.clock.Pass(time.Minute)
		got, e := w.correct(a.ID, d)
		w.same("entry", press.Entry{}, e)
		w.same("head of the log", log, w.head())
		w.same("stored", got, w.article(a.ID))
		w.same("state", press.Embargoed, got.State)
		w.same("revision", 1, got.Revision)
		w.same("published", a.Published, got.Published)
		w.clock.Pass(time.Hour)
		released := w.release()
		w.same("silent", true, released[0].Silent)
		w.same("listed", []string{"Better draft"}, w.titles(w.pressRoom, "en"))
		w.same("not listed", []string(nil), w.titles(w.activities, "en"))
		w.view(func(tx *storage.Tx) error {
			history, err := tx.History(a.ID, 99)
			w.same("history", []press.Revision{{Number: 1, At: w.article(a.ID).Revised}}, history)
			return err
		})
	},

	"a correction may move the instant, also to now": func(t *testing.T, w *world) {
		a, _ := w.publish(w.embargoed("Draft"))
		d := w.draft("Draft")
		d.Published = noon.Add(2 * time.Hour)
		later, _ := w.correct(a.ID, d)
		w.same("published", d.Published, later.Published)
		w.clock.Pass(time.Hour)
		w.same("released at the old instant", 0, len(w.release()))
		d.Published = noon.Add(time.Hour)
		now, e := w.correct(a.ID, d)
		w.same("state", press.Published, now.State)
		w.same("kind", press.KindPublished, e.Kind)
		w.same("stored", now, w.article(a.ID))
	},

	"a cancelled draft never comes": func(t *testing.T, w *world) {
		log := w.head()
		a, _ := w.publish(w.embargoed("Never"))
		cancelled, e := w.withdraw(a.ID)
		w.same("entry", press.Entry{}, e)
		w.same("state", press.Cancelled, cancelled.State)
		w.clock.Pass(2 * time.Hour)
		w.same("released", 0, len(w.release()))
		w.same("head of the log", log, w.head())
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Withdraw(a.ID, "Again.")
			return err
		})
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: w.draft("After all"), Note: "No."})
			return err
		})
	},
}

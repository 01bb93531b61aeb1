package storagetest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
)

var embargoTests = map[string]func(*testing.T, *world){
	// SECURITY A40: what is under embargo shows nowhere, not even as a gap.
	"nothing public tells of it": func(t *testing.T, w *world) {
		public, _ := w.publish(w.draft("Public"))
		log, head, changed, page := w.head(), w.sourceHead(), w.changed(press.Root, "en"), w.article(public.ID)
		d := w.embargoed("Secret")
		d.Language, d.TranslationOf = "fr", public.ID
		a, e := w.publish(d)
		w.update(func(tx *storage.Tx) error {
			if err := tx.AddMedia(storage.Media{Hash: "cafe", Type: "image/png", Content: []byte("png")}); err != nil {
				return err
			}
			return tx.ShowMedia("cafe", a.ID)
		})

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
			newer, err := tx.Newer(press.Root, "fr", storage.PlaceOf(public), 10)
			w.same("newer", 0, len(newer))
			if err != nil {
				return err
			}
			outbox, err := tx.NewestOfEach(1<<60, 10)
			w.same("outbox", 1, len(outbox))
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.PublicMedia("cafe")
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
		held, _ := w.publish(w.embargoed("Secret"))
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
		unknownPicture := picture("cafe")
		w.update(func(tx *storage.Tx) error {
			if err := tx.AddMedia(storage.Media{Hash: "cafe", Type: "image/png", Content: []byte("png")}); err != nil {
				return err
			}
			return tx.ShowMedia("cafe", held.ID)
		})
		w.same("its picture", unknownPicture, picture("cafe"))
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
		at := map[time.Duration]press.ArticleID{}
		for _, minutes := range []time.Duration{30, 10, 20} {
			d := w.draft("Soon")
			d.Published = noon.Add(minutes * time.Minute)
			a, _ := w.publish(d)
			at[minutes] = a.ID
		}
		want = append(want, at[10], at[20], at[30])
		w.clock.Pass(time.Hour)
		var got []press.ArticleID
		for range 2 { // in batches too
			w.update(func(tx *storage.Tx) error {
				entries, err := tx.Release(2)
				for _, e := range entries {
					got = append(got, e.Article)
				}
				return err
			})
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
			_, _, err := tx.Correct(a.ID, storage.Correction{Draft: w.draft("After all"), Note: "No."})
			return err
		})
	},

	"the running clock ends it": func(t *testing.T, w *world) {
		a := w.inASecond()
		stop := w.runClock()
		defer stop()
		w.clock.Pass(time.Second)
		w.until(func() bool { return w.article(a.ID).State == press.Published })
	},

	"the running clock hears of one that is set elsewhere": func(t *testing.T, w *world) {
		stop := w.runClock()
		defer stop()
		for range 3 {
			a := w.inASecond()
			w.clock.Pass(time.Second)
			w.until(func() bool { return w.article(a.ID).State == press.Published })
		}
	},

	// SECURITY B F9: a statement that is late can be explained, one that leaked
	// cannot.
	"a clock that jumps ends none until it is confirmed": func(t *testing.T, w *world) {
		held := func() (reason string) {
			w.view(func(tx *storage.Tx) (err error) {
				reason, err = tx.ClockHeld()
				return err
			})
			return reason
		}
		w.same("held at first", "", held())
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error { return tx.ConfirmClock() })
		stop := w.runClock()
		first := w.inASecond()
		w.clock.Pass(time.Second)
		w.until(func() bool { return w.article(first.ID).State == press.Published })
		a, _ := w.publish(w.embargoed("Soon"))
		w.clock.Jump(24 * time.Hour)
		w.until(func() bool { return held() != "" })
		w.same("the reason", "the clock jumped by 24h0m0s", held())
		stop()
		stop = w.runClock() // a restart decides nothing
		defer stop()
		time.Sleep(50 * time.Millisecond)
		w.same("state", press.Embargoed, w.article(a.ID).State)
		w.update(func(tx *storage.Tx) error { return tx.ConfirmClock() })
		w.until(func() bool { return w.article(a.ID).State == press.Published })
	},

	// What a clock that nobody has confirmed says to be over may lie ahead.
	"while embargoes are held no draft goes out by the clock": func(t *testing.T, w *world) {
		corrected, _ := w.publish(w.embargoed("To be corrected"))
		given := w.embargoed("To be filed")
		stop := w.runClock()
		defer stop()
		running := w.inASecond()
		w.clock.Pass(time.Second)
		w.until(func() bool { return w.article(running.ID).State == press.Published })
		w.clock.Jump(24 * time.Hour)
		w.untilHeld()
		a, e := w.correct(corrected.ID, w.draft("Corrected"))
		w.same("the entry of the correction", press.Entry{}, e)
		w.same("the state of what was corrected", press.Embargoed, a.State)
		filed, e := w.publish(given)
		w.same("the entry of what was filed", press.Entry{}, e)
		w.same("the state of what was filed", press.Embargoed, filed.State)
		now, _ := w.publish(w.draft("Now"))
		w.same("the state of what has no instant", press.Published, now.State)
		w.update(func(tx *storage.Tx) error { return tx.ConfirmClock() })
		w.until(func() bool {
			return w.article(a.ID).State == press.Published && w.article(filed.ID).State == press.Published
		})
	},
}

// inASecond files a draft whose embargo ends in a second.
func (w *world) inASecond() press.Article {
	w.t.Helper()
	d := w.draft("Soon")
	d.Published = w.clock.Now().Add(time.Second)
	a, _ := w.publish(d)
	return a
}

// untilHeld waits until embargoes are held.
func (w *world) untilHeld() {
	w.t.Helper()
	w.until(func() (held bool) {
		w.view(func(tx *storage.Tx) error {
			reason, err := tx.ClockHeld()
			held = reason != ""
			return err
		})
		return held
	})
}

// runClock runs the store's clock until stop is called.
func (w *world) runClock() (stop func()) {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.store.RunClock(ctx, slog.New(slog.DiscardHandler)) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

// until waits; the test's own time limit ends it.
func (w *world) until(is func() bool) {
	w.t.Helper()
	for !is() {
		time.Sleep(time.Millisecond)
	}
}

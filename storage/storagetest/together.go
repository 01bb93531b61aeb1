package storagetest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// together files a statement under embargo in English, French and Arabic that goes out in all
// of them or in none.
func (w *world) together() (set []press.Article) {
	w.t.Helper()
	en, _ := w.publish(w.embargoed("Treaty"))
	set = append(set, en)
	for _, lang := range []press.Language{"fr", "ar"} {
		d := w.filed("Treaty in "+string(lang), w.activities, lang)
		d.TranslationOf, d.Inherits = en.ID, true
		a, _ := w.publish(d)
		set = append(set, a)
	}
	w.update(func(tx *storage.Tx) error { return tx.GoTogether(set[0].ID, set[1].ID, set[2].ID) })
	return set
}

// states are those of articles as they are now, with held apart.
func (w *world) states(set []press.Article) (all []string) {
	w.t.Helper()
	for _, a := range set {
		now := w.article(a.ID)
		state := string(now.State)
		if now.Held {
			state = "held"
		}
		all = append(all, state)
	}
	return all
}

var togetherTests = map[string]func(*testing.T, *world){
	"all go out in one step": func(t *testing.T, w *world) {
		set := w.together()
		w.same("before", []string{"embargoed", "embargoed", "embargoed"}, w.states(set))
		w.clock.Pass(time.Hour)
		w.update(func(tx *storage.Tx) error {
			entries, err := tx.Release(1)
			w.same("entries", 3, len(entries))
			return err
		})
		w.same("after", []string{"published", "published", "published"}, w.states(set))
		w.same("and are like any other then", false, w.article(set[1].ID).Together)
	},

	"none goes out if one cannot, and all are held": func(t *testing.T, w *world) {
		for name, spoil := range map[string]func(*storage.Tx, []press.Article) error{
			"one is held": func(tx *storage.Tx, set []press.Article) error { return tx.Hold(set[1].ID) },
			"one is to go out later": func(tx *storage.Tx, set []press.Article) error {
				d := w.filed("Treaty in fr", w.activities, "fr")
				d.Published = set[0].Published.Add(time.Hour)
				_, _, err := tx.Correct(set[1].ID, newsdesk.Correction{Draft: d})
				return err
			},
			"one says something else than when it was sealed": func(tx *storage.Tx, set []press.Article) error {
				_, _, err := tx.Correct(set[2].ID, newsdesk.Correction{Draft: w.filed("Something else", w.activities, "ar")})
				return err
			},
			"the original says something else": func(tx *storage.Tx, set []press.Article) error {
				_, _, err := tx.Correct(set[0].ID, newsdesk.Correction{Draft: w.draft("Something else")})
				return err
			},
		} {
			set := w.together()
			w.update(func(tx *storage.Tx) error { return spoil(tx, set) })
			w.clock.Pass(time.Hour)
			w.same(name+": released", 0, len(w.release()))
			w.same(name, []string{"held", "held", "held"}, w.states(set))
			w.view(func(tx *storage.Tx) error {
				next, err := tx.NextRelease()
				w.same(name+": nothing is due any more", true, next.IsZero())
				return err
			})
			w.view(func(tx *storage.Tx) error {
				held, err := tx.HeldTogether(set[0].Published.Add(-time.Minute), set[0].Published.Add(2*time.Hour), 10)
				w.same(name+": told of", []press.ArticleID{set[0].ID}, ids(held))
				return err
			})
			for _, a := range slices.Backward(set) {
				w.withdraw(a.ID)
			}
		}
	},

	"others go out beside a set that is held": func(t *testing.T, w *world) {
		set := w.together()
		other, _ := w.publish(w.embargoed("Another statement"))
		w.update(func(tx *storage.Tx) error { return tx.Hold(set[2].ID) })
		w.clock.Pass(time.Hour)
		for w.article(other.ID).State != press.Published {
			w.update(func(tx *storage.Tx) error {
				_, err := tx.Release(1)
				return err
			})
		}
		w.release()
		w.same("the set", []string{"held", "held", "held"}, w.states(set))
	},

	"what is left goes out once somebody has said so, and what is held has no part in that before": func(t *testing.T, w *world) {
		set := w.together()
		w.update(func(tx *storage.Tx) error {
			_, _, err := tx.Withdraw(set[1].ID, "")
			if err != nil {
				return err
			}
			return tx.HoldTogether(set[0].Group)
		})
		w.same("one was taken back", []string{"held", "cancelled", "held"}, w.states(set))
		w.clock.Pass(2 * time.Hour)
		w.same("released", 0, len(w.release()))
		w.update(func(tx *storage.Tx) error { return tx.FreeTogether(set[0].Group) })
		w.same("then", 2, len(w.release()))
		w.same("in the end", []string{"published", "cancelled", "published"}, w.states(set))
	},

	"it follows an embargo that moves": func(t *testing.T, w *world) {
		set := w.together()
		d := w.draft("Treaty")
		d.Published = set[0].Published.Add(time.Hour)
		w.update(func(tx *storage.Tx) error {
			en, _, err := tx.Correct(set[0].ID, newsdesk.Correction{Draft: d})
			for _, a := range set[1:] {
				if err == nil {
					_, err = tx.Follow(w.articleIn(tx, a.ID), en)
				}
			}
			if err == nil {
				err = tx.GoTogether(en.ID)
			}
			return err
		})
		w.clock.Pass(time.Hour)
		w.same("at the old instant", 0, len(w.release()))
		w.same("which held nothing", []string{"embargoed", "embargoed", "embargoed"}, w.states(set))
		w.clock.Pass(time.Hour)
		w.same("at the new one", 3, len(w.release()))
	},

	// A transaction that dies in the middle of a set leaves none of it.
	"a crash in between leaves none": func(t *testing.T, w *world) {
		set := w.together()
		w.clock.Pass(time.Hour)
		died := errors.New("died")
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			if _, err := tx.Release(100); err != nil {
				return err
			}
			return died
		})
		if !errors.Is(err, died) {
			t.Error(err)
		}
		w.same("after the crash", []string{"embargoed", "embargoed", "embargoed"}, w.states(set))
		w.same("and then", 3, len(w.release()))
	},

	"the running clocks of several programs release it once, and whole": func(t *testing.T, w *world) {
		set := w.together()
		other := w.open()
		first := w.runClock()
		defer first()
		second, _ := w.runClockOf(other)
		defer second()
		w.clock.Pass(time.Hour)
		w.until(func() bool {
			states := w.states(set)
			return !slices.Contains(states, "embargoed")
		})
		w.same("all", []string{"published", "published", "published"}, w.states(set))
		for _, a := range set {
			w.view(func(tx *storage.Tx) error {
				entries, err := tx.EntriesOf(a.ID)
				w.same("entries", 1, len(entries))
				return err
			})
		}
	},
}

// articleIn reads an article in a transaction that is under way.
func (w *world) articleIn(tx *storage.Tx, id press.ArticleID) press.Article {
	w.t.Helper()
	a, err := tx.Article(id)
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

package storagetest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

var logTests = map[string]func(*testing.T, *world){
	"seq has no gaps, whoever appends": func(t *testing.T, w *world) {
		const writers, each = 4, 10
		handles := []*storage.Store{w.store, w.open()}
		before := w.head()
		var wg sync.WaitGroup
		for i := range writers {
			wg.Go(func() {
				for n := range each {
					publish := func() error {
						return handles[i%len(handles)].Update(t.Context(), func(tx *storage.Tx) error {
							if _, _, err := tx.Publish(w.draft(fmt.Sprintf("%d of %d", n, i))); err != nil {
								return err
							}
							if n%3 == 0 {
								return errChangedMind
							}
							return nil
						})
					}
					err := publish()
					for errors.Is(err, press.ErrBusy) { // nothing was done, and it says so
						err = publish()
					}
					if err != nil && n%3 != 0 {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		w.view(func(tx *storage.Tx) error {
			entries, err := tx.EntriesAfter(before, 1000)
			for i, e := range entries {
				if want := before + press.Seq(i) + 1; e.Seq != want {
					t.Errorf("entry %d of the log has seq %d, want %d", i, e.Seq, want)
				}
			}
			w.same("entries", writers*(each-4), len(entries))
			return err
		})
	},

	"another handle sees what was committed": func(t *testing.T, w *world) {
		other := w.open()
		a, e := w.publish(w.draft("Here"))
		err := other.View(t.Context(), func(tx *storage.Tx) error {
			got, err := tx.PublicArticle(a.ID)
			w.same("article", a, got)
			if err != nil {
				return err
			}
			h, err := tx.Head()
			w.same("head", e.Seq, h.Seq)
			w.same("time of the head", noon, h.At)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	},

	"entries are read in order, from behind one": func(t *testing.T, w *world) {
		before := w.head()
		for range 3 {
			w.publish(w.draft("One"))
		}
		w.view(func(tx *storage.Tx) error {
			entries, err := tx.EntriesAfter(before+1, 1)
			w.same("entries", 1, len(entries))
			w.same("seq", before+2, entries[0].Seq)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.Entry(before + 99)
			return err
		})
	},

	"heads move for what is pushed": func(t *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			return tx.AddSource(publog.Source{Name: "actor:minister", Kind: publog.Author})
		})
		heads := func() (both [2]press.Seq) {
			w.view(func(tx *storage.Tx) (err error) {
				if both[0], err = tx.SourceHead(source); err != nil {
					return err
				}
				both[1], err = tx.SourceHead("actor:minister")
				return err
			})
			return both
		}
		a, _ := w.publish(w.draft("Pushed"))
		start := heads()
		silent, _ := w.publish(w.silent("Imported", noon.AddDate(-1, 0, 0)))
		w.correct(silent.ID, w.draft("Imported"))
		w.update(func(tx *storage.Tx) error {
			if _, err := tx.NameSection(w.ministry, "fr", "Le ministère"); err != nil {
				return err
			}
			_, err := tx.AddSection(w.ministry, "history", "en", "History")
			return err
		})
		w.same("after silent entries and sections", start, heads())

		_, e := w.correct(a.ID, w.draft("Pushed and corrected"))
		w.same("after a correction", [2]press.Seq{e.Seq, e.Seq}, heads())
		_, gone := w.withdraw(silent.ID)
		w.same("after the withdrawal of a silent article", [2]press.Seq{gone.Seq, gone.Seq}, heads())
		w.update(func(tx *storage.Tx) error {
			profile, err := tx.AppendActor("minister")
			w.same("actor", "minister", profile.Actor)
			return err
		})
		w.same("after an actor's change", [2]press.Seq{gone.Seq, gone.Seq + 1}, heads())
	},

	"a source starts at the head and is added once": func(t *testing.T, w *world) {
		_, e := w.publish(w.draft("Before"))
		add := func() {
			w.update(func(tx *storage.Tx) error {
				return tx.AddSource(publog.Source{Name: "actor:minister", Kind: publog.Author})
			})
		}
		add()
		w.view(func(tx *storage.Tx) error {
			head, err := tx.SourceHead("actor:minister")
			w.same("head", e.Seq, head)
			return err
		})
		w.publish(w.silent("Imported", noon.AddDate(-1, 0, 0)))
		add()
		w.view(func(tx *storage.Tx) error {
			head, err := tx.SourceHead("actor:minister")
			w.same("head, added again", e.Seq, head)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.SourceHead("actor:nobody")
			return err
		})
	},

	"an outbox has each article once, in its newest state": func(t *testing.T, w *world) {
		one, _ := w.publish(w.draft("One"))
		_, two := w.publish(w.draft("Two"))
		_, again := w.correctMinor(one.ID, w.draft("One, corrected"))
		gone, _ := w.publish(w.draft("Gone"))
		w.withdraw(gone.ID)
		w.view(func(tx *storage.Tx) error {
			all, err := tx.NewestOfEach(w.head()+1, 10)
			w.same("outbox", []press.Entry{again, two}, all)
			if err != nil {
				return err
			}
			page, err := tx.NewestOfEach(again.Seq, 10)
			w.same("second page", []press.Entry{two}, page)
			return err
		})
	},

	"entries tell the time of their transaction": func(t *testing.T, w *world) {
		w.clock.Pass(time.Minute)
		_, e := w.publish(w.draft("One"))
		w.same("time", noon.Add(time.Minute), e.At)
	},

	"entries are dated in the order of the log, if the clock was set back": func(_ *testing.T, w *world) {
		w.clock.Jump(-time.Hour)
		_, e := w.publish(w.draft("One"))
		w.same("behind the sections of noon", noon.Add(time.Second), e.At)
		var both [2]press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			for i := range both {
				if _, both[i], err = tx.Publish(w.draft("Of a transaction")); err != nil {
					break
				}
			}
			return err
		})
		w.same("of a transaction", []time.Time{noon.Add(2 * time.Second), noon.Add(2 * time.Second)}, []time.Time{both[0].At, both[1].At})
		w.clock.Pass(time.Hour + time.Second)
		_, e = w.publish(w.draft("Put right by a second"))
		w.same("of a clock put right", noon.Add(2*time.Second), e.At)
		w.clock.Jump(-25*time.Hour - time.Second)
		_, e = w.publish(w.draft("Two"))
		w.same("after a day too much", noon.Add(-25*time.Hour), e.At)
	},

	// Whoever counts back from it, as feeds do to what was withdrawn lately, must not
	// begin in a future that has been put right.
	"a section is as new as its last entry, though an earlier one was dated ahead": func(t *testing.T, w *world) {
		w.clock.Pass(365 * 24 * time.Hour)
		w.update(func(tx *storage.Tx) error {
			_, err := tx.NameSection(w.ministry, "fr", "Le ministère")
			return err
		})
		w.clock.Jump(-365 * 24 * time.Hour)
		_, e := w.publish(w.draft("After the clock was put right"))
		w.view(func(tx *storage.Tx) error {
			seq, at, err := tx.Changed(w.ministry, "en")
			w.same("changed", e.Seq, seq)
			w.same("at", e.At, at)
			return err
		})
	},
}

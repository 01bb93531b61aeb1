package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var correctionTests = map[string]func(*testing.T, *world){
	"a correction is a revision and one entry": func(t *testing.T, w *world) {
		first, published := w.publish(w.draft("Treaty singed"))
		w.clock.Pass(time.Hour)
		second, e := w.correct(first.ID, w.draft("Treaty signed"))
		w.same("entry", press.Entry{
			Seq: published.Seq + 1, Kind: press.KindCorrected, At: noon.Add(time.Hour),
			Article: first.ID, Revision: 2, Pushed: published.Seq,
		}, e)
		w.same("head of the log", e.Seq, w.head())
		w.same("head of the source", e.Seq, w.sourceHead())
		want := first
		want.Title, want.Revision, want.Worded, want.Changed = "Treaty signed", 2, 2, e.Seq
		want.Updated, want.Revised = noon.Add(time.Hour), noon.Add(time.Hour)
		w.same("returned", want, second)
		w.same("stored", want, w.article(first.ID))
		w.view(func(tx *storage.Tx) error {
			old, err := tx.ArticleAt(first.ID, 1)
			w.same("title of the first revision", "Treaty singed", old.Title)
			w.same("date of the first revision", noon, old.Revised)
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.ArticleAt(first.ID, 3)
			return err
		})
	},

	"the history tells notes, and of minor corrections nothing": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		w.clock.Pass(time.Hour)
		w.correct(a.ID, w.draft("Two"))
		w.clock.Pass(time.Hour)
		w.correctMinor(a.ID, w.draft("Three"))
		w.view(func(tx *storage.Tx) error {
			all, err := tx.History(a.ID, 3)
			w.same("history", []press.Revision{
				{Number: 1, At: noon},
				{Number: 2, At: noon.Add(time.Hour), Note: "A name was misspelt."},
				{Number: 3, At: noon.Add(2 * time.Hour), Minor: true},
			}, all)
			if err != nil {
				return err
			}
			some, err := tx.History(a.ID, 2)
			w.same("history up to the second", all[:2], some)
			return err
		})
	},

	// INTEROP C3: receivers ignore an Update that is not later than the last.
	"revised rises by a second at least, whatever the clock says": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		last := a.Revised
		for i, step := range []time.Duration{0, 0, 300 * time.Millisecond, -time.Hour, 0, 2 * time.Hour, 0} {
			w.clock.Pass(step)
			next, _ := w.correctMinor(a.ID, w.draft("Another"))
			if got := w.article(a.ID).Revised; !got.Equal(next.Revised) || got.Sub(last) < time.Second || got.Nanosecond() != 0 {
				t.Errorf("correction %d: revised %s after %s", i, got, last)
			}
			last = next.Revised
		}
	},

	"updated moves for major corrections only": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		w.clock.Pass(time.Hour)
		minor, e := w.correctMinor(a.ID, w.draft("Two"))
		w.same("updated after a minor one", a.Updated, minor.Updated)
		w.same("the entry is minor", true, e.Minor)
		major, _ := w.correct(a.ID, w.draft("Three"))
		w.same("updated after a major one", noon.Add(time.Hour+time.Second), major.Updated)
		w.clock.Pass(time.Hour)
		minor, _ = w.correctMinor(a.ID, w.draft("Four"))
		w.same("updated after another minor one", major.Updated, minor.Updated)
	},

	"a minor correction has no note": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: w.draft("Two"), Minor: true, Note: "A comma."})
			return err
		})
	},

	// INTEROP O5: a receiver refuses an object whose published changes.
	"the date of a pushed article is fixed": func(t *testing.T, w *world) {
		d := w.draft("Dated")
		d.Published = noon.Add(-time.Minute + 250*time.Millisecond)
		a, _ := w.publish(d)
		same, _ := w.correct(a.ID, d) // as the file says it, fractions and all
		w.same("published", a.Published, same.Published)
		d.Published = noon.Add(-2 * time.Minute)
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: d, Note: "The date."})
			return err
		})
		w.same("published", a.Published, w.article(a.ID).Published)
	},

	"the date of a silent article may be corrected": func(t *testing.T, w *world) {
		day := time.Date(2020, time.May, 1, 0, 0, 0, 0, time.UTC)
		d := w.silent("Archived", day)
		a, _ := w.publish(d)
		w.publish(w.silent("Neighbour", day.AddDate(0, 0, 1)))
		w.same("listed", []string{"Neighbour", "Archived"}, w.titles(w.ministry, "en"))
		d.Published, d.Precision, d.Local = day.AddDate(0, 0, 2), press.ToTheDay, "2020-05-03"
		moved, e := w.correctMinor(a.ID, d)
		w.same("published", d.Published, moved.Published)
		w.same("precision", press.ToTheDay, moved.Precision)
		w.same("updated goes along", d.Published, moved.Updated)
		w.same("stored", moved, w.article(a.ID))
		w.same("the entry is silent", true, e.Silent)
		w.same("listed", []string{"Archived", "Neighbour"}, w.titles(w.ministry, "en"))
	},

	"updated goes back with published": func(t *testing.T, w *world) {
		d := w.silent("Archived", noon.AddDate(-1, 0, 0))
		a, _ := w.publish(d)
		d.Published = noon.AddDate(-2, 0, 0)
		moved, _ := w.correctMinor(a.ID, d)
		w.same("updated", d.Published, moved.Updated)
	},

	// INTEROP O6: updated >= published, or GoToSocial rejects the text.
	"updated never lies before published": func(t *testing.T, w *world) {
		d := w.silent("Archived", noon.AddDate(-1, 0, 0))
		a, _ := w.publish(d)
		w.correct(a.ID, d)
		w.clock.Pass(time.Hour)
		d.Published = noon.Add(30 * time.Minute)
		moved, _ := w.correctMinor(a.ID, d)
		if moved.Updated.Before(moved.Published) {
			t.Errorf("updated %s lies before published %s", moved.Updated, moved.Published)
		}
	},

	"what is public is not dated into the future": func(t *testing.T, w *world) {
		d := w.silent("Archived", noon.AddDate(-1, 0, 0))
		a, _ := w.publish(d)
		d.Published = noon.Add(time.Hour)
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: d, Note: "The date."})
			return err
		})
	},

	"corrections of a silent article are silent": func(t *testing.T, w *world) {
		a, _ := w.publish(w.silent("Archived", noon.AddDate(-1, 0, 0)))
		head := w.sourceHead()
		d := w.draft("Archived, corrected") // not marked silent
		_, e := w.correct(a.ID, d)
		if !e.Silent || e.Pushed != 0 {
			t.Errorf("the entry says silent %t, pushed %d", e.Silent, e.Pushed)
		}
		w.same("head of the source", head, w.sourceHead())
		w.same("still silent", true, w.article(a.ID).Silent)
	},

	"an article moves between sections": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Moves"))
		d := w.draft("Moves")
		d.Section = w.pressRoom
		_, e := w.correct(a.ID, d)
		for section, listed := range map[press.SectionID][]string{
			w.activities: nil, w.minister: nil, w.ministry: nil, w.pressRoom: {"Moves"}, press.Root: {"Moves"},
		} {
			w.same("listed", listed, w.titles(section, "en"))
			w.same("changed", e.Seq, w.changed(section, "en"))
		}
	},

	"an article changes its language": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Communiqué"))
		d := w.draft("Communiqué")
		d.Language = "fr"
		_, e := w.correct(a.ID, d)
		w.same("listed in English", []string(nil), w.titles(w.activities, "en"))
		w.same("listed in French", []string{"Communiqué"}, w.titles(w.activities, "fr"))
		w.same("changed in English", e.Seq, w.changed(press.Root, "en"))
		w.same("changed in French", e.Seq, w.changed(press.Root, "fr"))
	},

	"what cannot be corrected": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		lost := w.draft("Two")
		lost.Section = 999
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: lost, Note: "Where?"})
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(press.NewArticleID(), newsdesk.Correction{Draft: w.draft("Two"), Note: "Who?"})
			return err
		})
		w.withdraw(a.ID)
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(a.ID, newsdesk.Correction{Draft: w.draft("Two"), Note: "Too late."})
			return err
		})
	},
}

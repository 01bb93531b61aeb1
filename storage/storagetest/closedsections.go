package storagetest

import (
	"slices"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var closedSectionTests = map[string]func(*testing.T, *world){
	"nothing is filed in a closed section or below": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		d := w.draft("Elsewhere")
		d.Section = w.pressRoom
		b, _ := w.publish(d)
		before := w.head()
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.CloseSection(w.minister, []press.SectionID{w.pressRoom})
			return err
		})
		w.same("entry", press.Entry{Seq: before + 1, Kind: press.KindSection, At: noon, Section: w.minister}, e)
		for _, section := range []press.SectionID{w.minister, w.activities} {
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				d := w.draft("Two")
				d.Section = section
				_, _, err := tx.Publish(d)
				return err
			})
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				_, _, err := tx.Correct(b.ID, newsdesk.Correction{Draft: w.draft("Elsewhere"), Minor: true})
				return err
			})
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				_, err := tx.AddSection(section, "new", "en", "New")
				return err
			})
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				_, err := tx.MoveSection(w.pressRoom, section, "x", false)
				return err
			})
			w.refused(press.ErrConflict, func(tx *storage.Tx) error {
				_, err := tx.CloseSection(section, nil)
				return err
			})
			w.same("changed", e.Seq, w.changed(section, "fr"))
		}
		w.same("the list above", []string{"Elsewhere", "One"}, slices.Sorted(slices.Values(w.titles(press.Root, "en"))))
		w.correct(a.ID, w.draft("One, corrected"))
		w.same("what it has", []string{"One, corrected"}, w.titles(w.minister, "en"))
	},

	"a closed section names what is instead": func(t *testing.T, w *world) {
		w.close(w.activities)
		tree := w.tree()
		w.same("the one above", []press.SectionID{w.minister}, idsOf(tree.Instead(w.activities)))
		w.same("closed by", true, closedBy(tree, w.activities) == w.activities)
		w.same("left in the navigation", 0, len(tree.OpenChildren(w.minister)))
		w.close(w.ministry, w.pressRoom)
		tree = w.tree()
		w.same("named", []press.SectionID{w.pressRoom}, idsOf(tree.Instead(w.minister)))
		w.same("closed below", []press.SectionID{w.pressRoom}, idsOf(tree.Instead(w.activities)))
		w.same("closed by the one above", true, closedBy(tree, w.minister) == w.ministry)
		w.same("open", press.SectionID(0), closedBy(tree, w.pressRoom))
	},

	"a closed section can be opened again": func(t *testing.T, w *world) {
		w.close(w.minister, w.pressRoom)
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.ReopenSection(w.activities)
			return err
		})
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.ReopenSection(w.minister)
			return err
		})
		w.same("changed", e.Seq, w.changed(w.activities, "en"))
		w.publish(w.draft("One"))
		s, _ := w.tree().Section(w.minister)
		w.same("instead", []press.SectionID(nil), s.Instead)
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.ReopenSection(999)
			return err
		})
	},

	"a name that a closed section shows changes it": func(t *testing.T, w *world) {
		w.close(w.activities, w.pressRoom)
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.NameSection(w.pressRoom, "en", "The Press")
			return err
		})
		w.same("changed", e.Seq, w.changed(w.activities, "en"))
	},

	"what cannot be closed": func(t *testing.T, w *world) {
		w.close(w.pressRoom)
		for name, instead := range map[string]press.SectionID{
			"itself": w.ministry, "what is below": w.activities,
		} {
			t.Log(name)
			w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
				_, err := tx.CloseSection(w.ministry, []press.SectionID{instead})
				return err
			})
		}
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.CloseSection(w.ministry, []press.SectionID{w.pressRoom})
			return err
		})
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.CloseSection(999, nil)
			return err
		})
		a, _ := w.publish(w.embargoed("Tomorrow"))
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.CloseSection(w.ministry, nil)
			return err
		})
		w.clock.Pass(2 * time.Hour)
		w.release()
		w.close(w.ministry)
		w.same("it came out before", press.Published, w.article(a.ID).State)
	},
}

func (w *world) close(id press.SectionID, instead ...press.SectionID) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) error {
		_, err := tx.CloseSection(id, instead)
		return err
	})
}

func closedBy(tree press.Tree, id press.SectionID) press.SectionID {
	s, _ := tree.ClosedBy(id)
	return s.ID
}

func idsOf(sections []press.Section) (ids []press.SectionID) {
	for _, s := range sections {
		ids = append(ids, s.ID)
	}
	return ids
}

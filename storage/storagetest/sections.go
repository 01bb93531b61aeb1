package storagetest

import (
	"testing"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

var sectionTests = map[string]func(*testing.T, *world){
	"a section is added with one entry": func(t *testing.T, w *world) {
		before := w.head()
		var s press.Section
		w.update(func(tx *storage.Tx) (err error) {
			s, err = tx.AddSection(w.minister, "speeches", "en", "  Speeches \n and statements ")
			return err
		})
		w.same("section", press.Section{
			ID: s.ID, Parent: w.minister, Slug: "speeches", Path: "the-ministry/the-minister/speeches",
			Names: map[press.Language]string{"en": "Speeches and statements"}, Created: noon,
		}, s)
		w.view(func(tx *storage.Tx) error {
			tree, err := tx.Tree()
			stored, _ := tree.Section(s.ID)
			w.same("stored", s, stored)
			if err != nil {
				return err
			}
			h, err := tx.Head()
			w.same("head", publog.Head{Seq: before + 1, Tree: before + 1, At: noon}, h)
			if err != nil {
				return err
			}
			e, err := tx.Entry(before + 1)
			w.same("entry", press.Entry{Seq: before + 1, Kind: press.KindSection, At: noon, Section: s.ID}, e)
			return err
		})
	},

	"a name is set with one entry, and replaced": func(t *testing.T, w *world) {
		for _, name := range []string{"Le ministere", "Le ministère"} {
			before := w.head()
			w.update(func(tx *storage.Tx) error {
				e, err := tx.NameSection(w.ministry, "fr", name)
				w.same("entry", press.Entry{Seq: before + 1, Kind: press.KindSection, At: noon, Section: w.ministry}, e)
				if err != nil {
					return err
				}
				stored, err := tx.Entry(e.Seq)
				w.same("stored entry", e, stored)
				return err
			})
		}
		w.view(func(tx *storage.Tx) error {
			tree, err := tx.Tree()
			s, _ := tree.Section(w.ministry)
			w.same("names", map[press.Language]string{"en": "The Ministry", "fr": "Le ministère"}, s.Names)
			return err
		})
	},

	"what is not a section is refused": func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			parent     press.SectionID
			slug, name string
			lang       press.Language
			want       error
		}{
			"taken slug":     {press.Root, "press-room", "Another", "en", press.ErrConflict},
			"bad slug":       {press.Root, "Press Room", "Press Room", "en", press.ErrInvalid},
			"reserved slug":  {press.Root, "articles", "Articles", "en", press.ErrInvalid},
			"empty name":     {press.Root, "new", " \t", "en", press.ErrInvalid},
			"no language":    {press.Root, "new", "New", "", press.ErrInvalid},
			"unknown parent": {999, "new", "New", "en", press.ErrNotFound},
		} {
			t.Log(name)
			w.refused(c.want, func(tx *storage.Tx) error {
				_, err := tx.AddSection(c.parent, c.slug, c.lang, c.name)
				return err
			})
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.NameSection(999, "en", "New")
			return err
		})
		w.refused(press.ErrInvalid, func(tx *storage.Tx) error {
			_, err := tx.NameSection(w.ministry, "en", "")
			return err
		})
	},

	"one slug may stand in two places": func(t *testing.T, w *world) {
		w.update(func(tx *storage.Tx) error {
			s, err := tx.AddSection(w.pressRoom, "activities", "en", "Activities")
			w.same("path", press.Path("press-room/activities"), s.Path)
			return err
		})
	},

	"the tree has the order of its making": func(t *testing.T, w *world) {
		w.view(func(tx *storage.Tx) error {
			tree, err := tx.Tree()
			var paths []press.Path
			tree.Walk(func(s press.Section, _ int) { paths = append(paths, s.Path) })
			w.same("paths", []press.Path{
				"the-ministry", "the-ministry/the-minister", "the-ministry/the-minister/activities", "press-room",
			}, paths)
			return err
		})
	},
}

var changedTests = map[string]func(*testing.T, *world){
	"an article marks its section and all above, in its language": func(t *testing.T, w *world) {
		beside, french := w.changed(w.pressRoom, "en"), w.changed(press.Root, "fr")
		d := w.draft("One")
		d.Section = w.minister
		below := w.changed(w.activities, "en")
		_, e := w.publish(d)
		for _, section := range []press.SectionID{w.minister, w.ministry, press.Root} {
			w.same("changed", e.Seq, w.changed(section, "en"))
		}
		w.same("below", below, w.changed(w.activities, "en"))
		w.same("beside", beside, w.changed(w.pressRoom, "en"))
		w.same("in French", french, w.changed(press.Root, "fr"))
		w.view(func(tx *storage.Tx) error {
			_, at, err := tx.Changed(press.Root, "en")
			w.same("time", noon, at)
			return err
		})
	},

	"a name marks the subtree and all above, in every language": func(t *testing.T, w *world) {
		w.publish(w.draft("One"))
		beside := w.changed(w.pressRoom, "en")
		var e press.Entry
		w.update(func(tx *storage.Tx) (err error) {
			e, err = tx.NameSection(w.minister, "fr", "Le ministre")
			return err
		})
		for _, section := range []press.SectionID{w.activities, w.minister, w.ministry, press.Root} {
			// Also where nothing was published yet, and where another
			// language's name is shown for want of an own one.
			for _, lang := range []press.Language{"en", "fr", "ar"} {
				w.same("changed", e.Seq, w.changed(section, lang))
			}
		}
		w.same("beside", beside, w.changed(w.pressRoom, "en"))
	},

	"a new section marks those that list it": func(t *testing.T, w *world) {
		beside := w.changed(w.pressRoom, "en")
		w.update(func(tx *storage.Tx) error {
			_, err := tx.AddSection(w.ministry, "history", "en", "History")
			return err
		})
		for _, section := range []press.SectionID{w.ministry, press.Root} {
			w.same("changed", w.head(), w.changed(section, "fr"))
		}
		w.same("beside", beside, w.changed(w.pressRoom, "en"))
	},

	"nothing is marked before anything was": func(t *testing.T, w *world) {
		w.view(func(tx *storage.Tx) error {
			seq, at, err := tx.Changed(999, "en")
			if seq != 0 || !at.IsZero() {
				t.Errorf("an unknown section changed at %d, %s", seq, at)
			}
			return err
		})
	},
}

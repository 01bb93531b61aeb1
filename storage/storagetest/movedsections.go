package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
)

var movedSectionTests = map[string]func(*testing.T, *world){
	"a renamed section keeps its old addresses, and those below it": func(t *testing.T, w *world) {
		before := w.head()
		e := w.move(w.minister, w.ministry, "minister")
		w.same("entry", press.Entry{Seq: before + 1, Kind: press.KindSection, At: noon, Section: w.minister}, e)
		tree := w.tree()
		for old, now := range map[press.Path]press.Path{
			"the-ministry/the-minister":            "the-ministry/minister",
			"the-ministry/the-minister/activities": "the-ministry/minister/activities",
		} {
			s, _ := tree.Former(old)
			w.same("old address", now, s.Path)
			if _, there := tree.ByPath(old); there {
				t.Errorf("there still is a section at %s", old)
			}
		}
		w.view(func(tx *storage.Tx) error {
			h, err := tx.Head()
			w.same("head", publog.Head{Seq: e.Seq, Tree: e.Seq, Names: e.Seq, At: noon}, h)
			return err
		})
	},

	"a chain of moves leads to where the section is now, and back": func(t *testing.T, w *world) {
		w.move(w.activities, w.ministry, "activities")
		w.move(w.activities, w.pressRoom, "events")
		w.move(w.minister, press.Root, "minister")
		tree := w.tree()
		for _, old := range []press.Path{"the-ministry/the-minister/activities", "the-ministry/activities"} {
			s, _ := tree.Former(old)
			w.same("after two moves", press.Path("press-room/events"), s.Path)
		}
		w.move(w.activities, w.ministry, "activities")
		tree = w.tree()
		w.same("former", []press.Path{"press-room/events", "the-ministry/the-minister/activities"}, tree.FormerPaths(w.activities))
		w.same("of the other", []press.Path{"the-ministry/the-minister"}, tree.FormerPaths(w.minister))
	},

	"a name leads to the section that had it in that place": func(t *testing.T, w *world) {
		before := w.tree().Names(w.activities, "en", "en")
		w.move(w.minister, w.pressRoom, "minister")
		w.update(func(tx *storage.Tx) error {
			if _, err := tx.NameSection(w.activities, "en", "Diary"); err != nil {
				return err
			}
			_, err := tx.NameSection(w.activities, "en", "Agenda")
			return err
		})
		tree := w.tree()
		now := tree.Names(w.activities, "en", "en")
		for _, names := range [][]string{before, now, {now[0], now[1], "Diary"}, {before[0], before[1], "diary"}} {
			s, ok := tree.FormerlyNamed(names)
			w.same("there is a section", true, ok)
			w.same("it", w.activities, s.ID)
		}
		for _, names := range [][]string{{"Diary"}, {before[0], "Diary"}, append(now, "Diary"), {}} {
			_, ok := tree.FormerlyNamed(names)
			w.same("there is a section", false, ok)
		}
	},

	"articles move with their section": func(t *testing.T, w *world) {
		w.publish(w.draft("One"))
		d := w.draft("In the middle")
		d.Section = w.minister
		w.publish(d)
		d.Section = w.pressRoom
		w.publish(d)
		e := w.move(w.activities, w.pressRoom, "activities")
		w.same("itself", []string{"One"}, w.titles(w.activities, "en"))
		w.same("where it was", []string{"In the middle"}, w.titles(w.minister, "en"))
		w.same("above that", []string{"In the middle"}, w.titles(w.ministry, "en"))
		w.same("where it is", 2, len(w.titles(w.pressRoom, "en")))
		w.same("at the top", 3, len(w.titles(press.Root, "en")))
		w.same("archive where it was", []string{"In the middle", "One"}, w.archived(w.ministry, "en", 1))
		w.same("archive where it is", []string{"One", "In the middle"}, w.archived(w.pressRoom, "en", 1))
		w.same("archive at the top", 3, len(w.archived(press.Root, "en", 1)))
		for _, section := range []press.SectionID{w.activities, w.minister, w.ministry, w.pressRoom, press.Root} {
			for _, lang := range []press.Language{"en", "fr"} {
				w.same("changed", e.Seq, w.changed(section, lang))
			}
		}
		// What is published and corrected there from now on goes up the new way.
		a, _ := w.publish(w.draft("Two"))
		w.same("above", 3, len(w.titles(w.pressRoom, "en")))
		w.same("no longer above", []string{"In the middle"}, w.titles(w.ministry, "en"))
		w.withdraw(a.ID)
		w.same("withdrawn", 2, len(w.titles(w.pressRoom, "en")))
	},

	"a move is told where it takes articles from, and nowhere else": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("One"))
		gone, _ := w.publish(w.draft("Withdrawn"))
		w.withdraw(gone.ID)
		e := w.move(w.activities, w.pressRoom, "activities")
		told := func(section press.SectionID) (all []string) {
			w.view(func(tx *storage.Tx) error {
				articles, err := tx.Told(section, "en", noon.Add(-time.Second), 10)
				for _, a := range articles {
					all = append(all, a.Title)
				}
				return err
			})
			return all
		}
		for section, want := range map[press.SectionID][]string{
			w.minister: {"One"}, w.ministry: {"One"}, w.pressRoom: nil, w.activities: nil, press.Root: nil,
		} {
			w.same("told", want, told(section))
		}
		w.view(func(tx *storage.Tx) error {
			since, err := tx.ArticlesSince(w.ministry, "en", e.Seq-1, 10)
			w.same("changed", []press.ArticleID{a.ID}, []press.ArticleID{since[0].ID})
			return err
		})
		// In another place below the same ones nothing has left them.
		w.move(w.activities, w.minister, "activities")
		w.move(w.activities, w.ministry, "activities")
		w.same("above both", []string{"One"}, told(w.ministry))
	},

	"what comes back has the positions that it had": func(t *testing.T, w *world) {
		for _, title := range []string{"One", "Two", "Three"} {
			w.publish(w.draft(title))
		}
		before := w.archived(w.ministry, "en", 1)
		w.move(w.activities, w.pressRoom, "activities")
		w.move(w.activities, w.minister, "activities")
		w.same("archive", before, w.archived(w.ministry, "en", 1))
		w.same("list", 3, len(w.titles(w.ministry, "en")))
		w.same("nothing left", []string(nil), w.titles(w.pressRoom, "en"))
	},

	"a move takes the languages apart": func(t *testing.T, w *world) {
		for _, lang := range []press.Language{"en", "fr", "en"} {
			d := w.draft(string(lang))
			d.Language = lang
			w.publish(d)
		}
		d := w.draft("there")
		d.Section = w.pressRoom
		w.publish(d)
		w.move(w.minister, w.pressRoom, "the-minister")
		w.same("English", []string{"en", "en", "there"}, w.archived(w.pressRoom, "en", 1))
		w.same("French", []string{"fr"}, w.archived(w.pressRoom, "fr", 1))
	},

	"what is not a move is refused": func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			id, parent press.SectionID
			slug       string
			want       error
		}{
			"into itself":          {w.ministry, w.ministry, "x", press.ErrInvalid},
			"below itself":         {w.ministry, w.activities, "x", press.ErrInvalid},
			"where it is":          {w.minister, w.ministry, "the-minister", press.ErrConflict},
			"where another is":     {w.minister, press.Root, "press-room", press.ErrConflict},
			"to a bad slug":        {w.minister, w.ministry, "The Minister", press.ErrInvalid},
			"to a reserved slug":   {w.minister, press.Root, "articles", press.ErrInvalid},
			"an unknown section":   {999, press.Root, "x", press.ErrNotFound},
			"to an unknown parent": {w.minister, 999, "x", press.ErrNotFound},
		} {
			t.Log(name)
			w.refused(c.want, func(tx *storage.Tx) error {
				_, err := tx.MoveSection(c.id, c.parent, c.slug, true)
				return err
			})
		}
	},

	"an old address is taken on purpose only": func(t *testing.T, w *world) {
		w.move(w.minister, press.Root, "minister")
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.AddSection(w.ministry, "the-minister", "en", "The Minister")
			return err
		})
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, err := tx.MoveSection(w.pressRoom, w.ministry, "the-minister", false)
			return err
		})
		var s press.Section
		w.update(func(tx *storage.Tx) (err error) {
			if _, err = tx.MoveSection(w.pressRoom, w.ministry, "the-minister", true); err != nil {
				return err
			}
			if err = tx.GiveUp("press-room"); err != nil {
				return err
			}
			s, err = tx.AddSection(press.Root, "press-room", "en", "Another press room")
			return err
		})
		tree := w.tree()
		w.same("of who was there", []press.Path(nil), tree.FormerPaths(w.pressRoom))
		there, _ := tree.ByPath("the-ministry/the-minister")
		w.same("who is there", w.pressRoom, there.ID)
		other, _ := tree.ByPath("press-room")
		w.same("who came", s.ID, other.ID)
		below, _ := tree.Former("the-ministry/the-minister/activities")
		w.same("below it the old one", w.activities, below.ID)
	},
}

func (w *world) move(id, parent press.SectionID, slug string) (e press.Entry) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		e, err = tx.MoveSection(id, parent, slug, false)
		return err
	})
	return e
}

func (w *world) tree() (tree press.Tree) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		tree, err = tx.Tree()
		return err
	})
	return tree
}

package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// inSet begins a manuscript in a set of languages; without one it begins the set.
func (w *world) inSet(set string, lang press.Language) (m manuscripts.Manuscript) {
	w.t.Helper()
	w.update(func(tx *storage.Tx) (err error) {
		m, err = tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.NewArticle, Section: w.activities, Language: lang, Title: "Treaty", By: "ana", Set: set}, manuscripts.Revision{By: "ana"})
		if err == nil && set == "" {
			err = tx.BeginLanguageSet(m.ID)
		}
		return err
	})
	return m
}

// languages are those of a set, in its order.
func (w *world) languages(set string) (all []press.Language) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		found, err := tx.LanguageSet(set)
		for _, m := range found {
			all = append(all, m.Language)
		}
		return err
	})
	return all
}

var languageSetTests = map[string]func(*testing.T, *world){
	"a set has its original first, and says for all how it goes out": func(t *testing.T, w *world) {
		en := w.inSet("", "en")
		fr, _ := w.inSet(en.ID, "fr"), w.inSet(en.ID, "ar")
		other := w.inSet("", "ar")
		w.same("languages", []press.Language{"en", "ar", "fr"}, w.languages(en.ID))
		w.same("of another", []press.Language{"ar"}, w.languages(other.ID))
		w.same("of none", 0, len(w.languages("")))
		w.update(func(tx *storage.Tx) error { return tx.SetTogether(en.ID, true) })
		w.view(func(tx *storage.Tx) error {
			m, err := tx.Manuscript(fr.ID)
			w.same("all or none", true, m.Together)
			if err != nil {
				return err
			}
			m, err = tx.Manuscript(other.ID)
			w.same("another set", false, m.Together)
			return err
		})
	},

	"what was given up stays in its set until it leaves it": func(t *testing.T, w *world) {
		en := w.inSet("", "en")
		fr := w.inSet(en.ID, "fr")
		w.update(func(tx *storage.Tx) error { return tx.CancelManuscript(fr.ID) })
		w.same("given up", []press.Language{"en", "fr"}, w.languages(en.ID))
		w.update(func(tx *storage.Tx) error { return tx.LeaveLanguageSet(fr.ID) })
		w.same("left", []press.Language{"en"}, w.languages(en.ID))
	},

	"what is ready is open, and a revision takes it back to be written": func(t *testing.T, w *world) {
		m := w.manuscript("Treaty")
		w.update(func(tx *storage.Tx) (err error) {
			m, err = tx.SetManuscriptState(m.ID, 1, manuscripts.Ready)
			return err
		})
		w.same("open", true, m.State.Open())
		w.same("ready", []string{"Treaty"}, w.manuscripts(manuscripts.Ready))
		w.view(func(tx *storage.Tx) error {
			coming, err := tx.ManuscriptsComing(noon, noon.Add(2*time.Hour), 10)
			w.same("coming", 1, len(coming))
			return err
		})
		m, err := w.revise(m, 1, "ana", "second")
		w.same("state", manuscripts.Draft, m.State)
		if err != nil {
			t.Error(err)
		}
	},

	"what translates an article is found, also by its set, while it is open": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Treaty"))
		en := w.inSet("", "en")
		fr := w.inSet(en.ID, "fr")
		var ar manuscripts.Manuscript
		w.update(func(tx *storage.Tx) (err error) {
			ar, err = tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.NewArticle, Section: w.activities, Language: "ar", Translates: a.ID, By: "ana"}, manuscripts.Revision{By: "ana"})
			if err == nil {
				err = tx.ReleaseManuscript(en.ID, 1, a.ID)
			}
			return err
		})
		translating := func() (found []string) {
			w.view(func(tx *storage.Tx) error {
				all, err := tx.TranslationsOf([]press.ArticleID{a.ID})
				for _, m := range all {
					found = append(found, m.ID)
				}
				return err
			})
			return found
		}
		w.same("translating", []string{ar.ID, fr.ID}, translating())
		w.update(func(tx *storage.Tx) error { return tx.CancelManuscript(ar.ID) })
		w.same("one given up", []string{fr.ID}, translating())
		w.update(func(tx *storage.Tx) error { return tx.SetInstant(fr.ID, noon.Add(time.Hour)) })
		w.view(func(tx *storage.Tx) error {
			m, err := tx.Manuscript(fr.ID)
			w.same("instant", noon.Add(time.Hour), m.Instant)
			w.same("and not changed by that", fr.Changed, m.Changed)
			return err
		})
	},
}

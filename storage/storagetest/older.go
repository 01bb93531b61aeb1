package storagetest

import (
	"testing"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// older is what the original of a translation's set has counted that the translation is older
// than; 0 if it is not.
func (w *world) older(id press.ArticleID) (worded int) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		older, err := tx.Older([]press.Article{a})
		worded = older[id]
		return err
	})
	return worded
}

var olderTests = map[string]func(*testing.T, *world){
	"a translation is older once its original says something else, until it is corrected": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		fr, _ := w.translate(en.ID, "fr", "Traité")
		w.same("at first", 0, w.older(fr.ID))
		w.correct(en.ID, w.draft("Treaty, corrected"))
		w.same("then", 2, w.older(fr.ID))
		w.same("the original", 0, w.older(en.ID))
		w.correctMinor(en.ID, w.draft("Treaty, corrected again"))
		w.same("of a slip of the pen, too", 3, w.older(fr.ID))
		d := w.draft("Traité, corrigé")
		d.Language = "fr"
		w.correct(fr.ID, d)
		w.same("corrected", 0, w.older(fr.ID))
	},

	"it is as old as before once somebody has said that it needs no change": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		fr, _ := w.translate(en.ID, "fr", "Traité")
		w.correct(en.ID, w.draft("Treaty, corrected"))
		seen := w.older(fr.ID)
		w.correct(en.ID, w.draft("Treaty, corrected again"))
		agree := func(id press.ArticleID, worded int) func(*storage.Tx) error {
			return func(tx *storage.Tx) error { return tx.Agree(id, worded) }
		}
		w.refused(press.ErrConflict, agree(fr.ID, seen))     // of what it said before
		w.refused(press.ErrConflict, agree(fr.ID, seen+100)) // of what nobody has said yet
		w.refused(press.ErrConflict, agree(en.ID, 3))
		w.same("refused", 3, w.older(fr.ID))
		w.update(agree(fr.ID, 3))
		w.same("agreed", 0, w.older(fr.ID))
		w.refused(press.ErrConflict, agree(fr.ID, 3))
		w.correct(en.ID, w.draft("Treaty, corrected once more"))
		w.same("and corrected again", 4, w.older(fr.ID))
	},

	"what only moves makes nothing older, and is no answer to what does": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		fr, _ := w.translate(en.ID, "fr", "Traité")
		moved := w.draft("Treaty")
		moved.Section, moved.Tags = w.pressRoom, []string{"other"}
		w.correct(en.ID, moved)
		w.same("the original moved", 0, w.older(fr.ID))
		w.correct(en.ID, w.draft("Treaty, corrected"))
		d := w.draft("Traité")
		d.Language, d.Section = "fr", w.pressRoom
		w.correct(fr.ID, d)
		w.same("the translation moved", 2, w.older(fr.ID))
	},

	"so it is under embargo": func(t *testing.T, w *world) {
		en, _ := w.publish(w.embargoed("Treaty"))
		d := w.draft("Traité")
		d.Language, d.TranslationOf, d.Inherits = "fr", en.ID, true
		fr, _ := w.publish(d)
		w.correct(en.ID, w.embargoed("Treaty, corrected"))
		w.same("under embargo", 2, w.older(fr.ID))
		w.clock.Pass(en.Published.Sub(noon))
		w.release()
		w.same("public", 2, w.older(fr.ID))
		w.withdraw(en.ID)
		w.same("its original withdrawn", 0, w.older(fr.ID))
	},

	"what comes into a set agrees with its original as it is then": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		w.correct(en.ID, w.draft("Treaty, corrected"))
		ar, _ := w.translate(en.ID, "ar", "معاهدة")
		w.same("filed later", 0, w.older(ar.ID))
		alone := w.draft("Traktat")
		alone.Language = "de"
		de, _ := w.publish(alone)
		pl, _ := w.translate(de.ID, "pl", "Traktat po polsku")
		alone.TranslationOf = en.ID
		w.update(func(tx *storage.Tx) error {
			_, _, err := tx.Correct(de.ID, newsdesk.Correction{Draft: alone, Minor: true})
			return err
		})
		w.same("joined", []int{0, 0}, []int{w.older(de.ID), w.older(pl.ID)})
		w.correct(en.ID, w.draft("Treaty, corrected again"))
		w.same("corrected", []int{3, 3, 3}, []int{w.older(ar.ID), w.older(de.ID), w.older(pl.ID)})
	},
}

package storagetest

import (
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// translate publishes a translation.
func (w *world) translate(of press.ArticleID, lang press.Language, title string) (press.Article, press.Entry) {
	w.t.Helper()
	d := w.draft(title)
	d.Language, d.TranslationOf = lang, of
	return w.publish(d)
}

func (w *world) translations(group press.ArticleID) (all []press.Translation) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		all, err = tx.Translations(group)
		return err
	})
	return all
}

var translationTests = map[string]func(*testing.T, *world){
	"translations join the group of the first": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		fr, _ := w.translate(en.ID, "fr", "Traité")
		ar, _ := w.translate(fr.ID, "ar", "معاهدة") // of the translation
		w.same("group", en.ID, fr.Group)
		w.same("group", en.ID, ar.Group)
		w.same("translations", []press.Translation{
			{ID: ar.ID, Language: "ar", Title: "معاهدة"}, {ID: en.ID, Language: "en", Title: "Treaty"}, {ID: fr.ID, Language: "fr", Title: "Traité"},
		}, w.translations(en.Group))
	},

	"each tells the others' pages and sections that it changed": func(t *testing.T, w *world) {
		d := w.draft("Treaty")
		d.Section = w.pressRoom
		en, _ := w.publish(d)
		fr, published := w.translate(en.ID, "fr", "Traité")
		check := func(e press.Entry) {
			t.Helper()
			w.same("English page", e.Seq, w.article(en.ID).Changed)
			w.same("French page", e.Seq, w.article(fr.ID).Changed)
			w.same("English section", e.Seq, w.changed(w.pressRoom, "en"))
			w.same("French section", e.Seq, w.changed(w.activities, "fr"))
		}
		check(published)
		d = w.draft("Traité, corrigé")
		d.Language = "fr"
		_, corrected := w.correct(fr.ID, d)
		check(corrected)
		_, withdrawn := w.withdraw(fr.ID)
		check(withdrawn)
		w.same("translations", []press.Translation{{ID: en.ID, Language: "en", Title: "Treaty"}}, w.translations(en.Group))
	},

	"a group has one article a language": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		second := w.draft("Treaty again")
		second.TranslationOf = en.ID
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Publish(second)
			return err
		})
		held := w.embargoed("Traité")
		held.Language, held.TranslationOf = "fr", en.ID
		fr, _ := w.publish(held)
		second.Language = "fr"
		w.refused(press.ErrConflict, func(tx *storage.Tx) error { // also against one under embargo
			_, _, err := tx.Publish(second)
			return err
		})
		w.withdraw(fr.ID)
		w.publish(second)
	},

	"a correction keeps the group, joins one or stays out": func(t *testing.T, w *world) {
		en, _ := w.publish(w.draft("Treaty"))
		fr, _ := w.translate(en.ID, "fr", "Traité")
		d := w.draft("Traité, corrigé")
		d.Language = "fr"
		kept, _ := w.correct(fr.ID, d)
		w.same("group", en.ID, kept.Group)
		d.TranslationOf = en.ID
		kept, _ = w.correct(fr.ID, d)
		w.same("group, named again", en.ID, kept.Group)
		d.Language = "en"
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(fr.ID, newsdesk.Correction{Draft: d, Note: "The language."})
			return err
		})

		alone := w.draft("Traktat")
		alone.Language = "de"
		de, before := w.publish(alone)
		w.clock.Pass(time.Minute)
		alone.TranslationOf = fr.ID
		joined, e := w.correct(de.ID, alone)
		w.same("group joined", en.ID, joined.Group)
		w.same("seq", before.Seq+1, e.Seq)
		w.same("the others' pages", e.Seq, w.article(en.ID).Changed)
	},

	"whoever joins another group takes its own along, or stays": func(t *testing.T, w *world) {
		fr, _ := w.publish(w.filed("Traité", w.activities, "fr"))
		ar, _ := w.translate(fr.ID, "ar", "معاهدة")
		en, _ := w.publish(w.draft("Treaty"))
		d := w.filed("Traité", w.activities, "fr")
		d.TranslationOf = en.ID
		_, e := w.correct(fr.ID, d)
		for _, a := range []press.Article{fr, ar, en} {
			w.same("group", en.ID, w.article(a.ID).Group)
			w.same("page", e.Seq, w.article(a.ID).Changed)
		}
		other, _ := w.publish(w.draft("Another statement"))
		d.TranslationOf = other.ID
		w.refused(press.ErrConflict, func(tx *storage.Tx) error {
			_, _, err := tx.Correct(fr.ID, newsdesk.Correction{Draft: d, Note: "Of another."})
			return err
		})
	},

	"who inherits an embargo is as silent as that": func(t *testing.T, w *world) {
		silent := w.embargoed("Treaty")
		silent.Silent = true
		en, _ := w.publish(silent)
		later, _ := w.publish(w.embargoed("Visit"))
		translation := func(of press.Article) press.Article {
			d := w.filed("Traité "+string(of.ID), w.activities, "fr")
			d.TranslationOf, d.Inherits = of.ID, true
			a, _ := w.publish(d)
			return a
		}
		w.same("the translation of a silent draft is silent", true, translation(en).Silent)
		fr := translation(later)
		w.same("the translation of another is not", false, fr.Silent)
		old := w.draft("Visit")
		old.Silent, old.Published = true, noon.AddDate(-1, 0, 0)
		w.update(func(tx *storage.Tx) error {
			out, _, err := tx.Correct(later.ID, newsdesk.Correction{Draft: old})
			if err != nil {
				return err
			}
			moved, err := tx.Follow(fr, out)
			w.same("moved along, it is", press.Published, moved.State)
			return err
		})
		w.same("what goes out with it goes out as it does", true, w.article(fr.ID).Silent)
	},

	"what is due of a set goes out in one step": func(t *testing.T, w *world) {
		en, _ := w.publish(w.embargoed("Treaty"))
		for _, lang := range []press.Language{"fr", "ar", "de"} {
			d := w.filed("Traité", w.activities, lang)
			d.TranslationOf, d.Inherits = en.ID, true
			a, e := w.publish(d)
			w.same("state", press.Embargoed, a.State)
			w.same("entry", press.Entry{}, e)
			w.same("instant", en.Published, a.Published)
		}
		w.clock.Pass(en.Published.Sub(noon))
		w.update(func(tx *storage.Tx) error {
			entries, err := tx.Release(1)
			w.same("entries", 4, len(entries))
			w.same("first", en.ID, entries[0].Article)
			return err
		})
	},

	"a translation of nothing is refused": func(t *testing.T, w *world) {
		d := w.draft("Treaty")
		d.TranslationOf = press.NewArticleID()
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, _, err := tx.Publish(d)
			return err
		})
	},
}

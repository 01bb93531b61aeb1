package storagetest

import (
	"testing"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

var sitemapTests = map[string]func(*testing.T, *world){
	"a part lists what is public, with its translations": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Treaty"))
		french := w.draft("Traité")
		french.Language, french.TranslationOf = "fr", a.ID
		b, e := w.publish(french)
		w.embargoed("Not yet")
		w.same("parts", []newsdesk.SitemapPart{
			{Language: "en", Number: 1, Changed: e.Seq, At: e.At}, // it links to the translation
			{Language: "fr", Number: 1, Changed: e.Seq, At: e.At},
		}, w.sitemapParts())
		both := []press.Translation{{ID: a.ID, Language: "en", Title: "Treaty"}, {ID: b.ID, Language: "fr", Title: "Traité"}}
		w.same("in French", []newsdesk.SitemapArticle{{Translation: both[1], Revised: b.Revised, Translations: both}}, w.sitemapArticles("fr", 1))
		_, e = w.withdraw(b.ID)
		w.same("withdrawn", 0, len(w.sitemapArticles("fr", 1)))
		w.same("on its own", both[:1], w.sitemapArticles("en", 1)[0].Translations)
		for _, p := range w.sitemapParts() {
			w.same("marked", e.Seq, p.Changed)
		}
		w.refused(press.ErrNotFound, func(tx *storage.Tx) error {
			_, err := tx.SitemapPart("en", 2)
			return err
		})
	},

	"an article that changes its language leaves the list of the old one": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Treaty"))
		french := w.draft("Traité")
		french.Language = "fr"
		w.correct(a.ID, french)
		w.same("in English", 0, len(w.sitemapArticles("en", 1)))
		w.same("in French", 1, len(w.sitemapArticles("fr", 1)))
	},
}

func (w *world) sitemapParts() (parts []newsdesk.SitemapPart) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		parts, err = tx.SitemapParts()
		return err
	})
	return parts
}

func (w *world) sitemapArticles(lang press.Language, number int) (articles []newsdesk.SitemapArticle) {
	w.t.Helper()
	w.view(func(tx *storage.Tx) (err error) {
		articles, err = tx.SitemapArticles(lang, number)
		return err
	})
	return articles
}

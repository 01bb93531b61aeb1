package storagetest

import (
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// titlesOf reads a list to its end, page by page, each behind the place of the last one before.
func titlesOf[T any, P any](w *world, page int, place func(T) P, title func(T) string, read func(tx *storage.Tx, after P) ([]T, error), between string) string {
	w.t.Helper()
	var titles []string
	var after P
	for {
		var all []T
		w.view(func(tx *storage.Tx) (err error) {
			all, err = read(tx, after)
			return err
		})
		for _, one := range all {
			titles, after = append(titles, title(one)), place(one)
		}
		if len(all) < page {
			return strings.Join(titles, between)
		}
	}
}

func titleOf(m manuscripts.Manuscript) string { return m.Title }

// piled are the titles of a list of manuscripts, page by page.
func (w *world) piled(l manuscripts.Listing, page int) string {
	w.t.Helper()
	return titlesOf(w, page, manuscripts.PlaceOf, titleOf, func(tx *storage.Tx, after manuscripts.Place) ([]manuscripts.Manuscript, error) {
		return tx.Manuscripts(l, after, page)
	}, " ")
}

var listedTests = map[string]func(*testing.T, *world){
	"manuscripts are listed by what their documents say, and by whose they are": func(_ *testing.T, w *world) {
		for _, m := range []manuscripts.Manuscript{
			{Title: "a", Section: w.activities, Language: "en", ArticleKind: "speech", By: "ana", Lacks: []string{"text", "section"}},
			{Title: "b", Section: w.ministry, Language: "en", By: "rui"},
			{Title: "c", Section: w.activities, Language: "fr", ArticleKind: "speech", By: "ana"},
			{Title: "d", Section: press.Root, Language: "en", By: "ana"},
			{Title: "e", Section: w.activities, Language: "en", ArticleKind: "speech", By: "rui"},
		} {
			w.clock.Pass(time.Second)
			w.update(func(tx *storage.Tx) error {
				m.Kind = manuscripts.NewArticle
				begun, err := tx.AddManuscript(m, manuscripts.Revision{By: m.By, Document: []byte("# " + m.Title)})
				if err == nil && m.Title == "b" {
					err = tx.AssignManuscript(begun.ID, "ana")
				}
				if err == nil && (m.Title == "c" || m.Title == "e") {
					_, err = tx.SetManuscriptState(begun.ID, 1, manuscripts.InReview)
				}
				if err != nil {
					return err
				}
				read, err := tx.Manuscript(begun.ID)
				w.same("what it lacks", m.Lacks, read.Lacks)
				w.same("its kind", m.ArticleKind, read.ArticleKind)
				return err
			})
		}
		open := []manuscripts.State{manuscripts.Draft, manuscripts.InReview}
		for what, tt := range map[string]struct {
			list manuscripts.Listing
			want string
		}{
			"all":             {manuscripts.Listing{}, "e d c b a"},
			"of a section":    {manuscripts.Listing{Sections: []press.SectionID{w.activities}}, "e c a"},
			"of two sections": {manuscripts.Listing{Sections: []press.SectionID{w.activities, w.ministry}}, "e c b a"},
			"of no section":   {manuscripts.Listing{Sections: []press.SectionID{}}, ""},
			"of many sections": {manuscripts.Listing{Sections: []press.SectionID{
				w.activities, 901, 902, 903, 904, 905, 906, 907, 908, w.ministry,
			}}, "e c b a"},
			"of a language":    {manuscripts.Listing{Language: "en"}, "e d b a"},
			"of a kind":        {manuscripts.Listing{Kind: "speech"}, "e c a"},
			"of somebody":      {manuscripts.Listing{By: "ana"}, "d c a"},
			"theirs":           {manuscripts.Listing{Of: "ana"}, "d c b a"},
			"theirs, of rui's": {manuscripts.Listing{Of: "ana", By: "rui"}, "b"},
			"for somebody":     {manuscripts.Listing{For: "ana"}, "e c b"},
			"all at once":      {manuscripts.Listing{Sections: []press.SectionID{w.activities}, Language: "en", Kind: "speech", By: "rui"}, "e"},
		} {
			tt.list.States = open
			for _, page := range []int{1, 2, 10} {
				w.same(what, tt.want, w.piled(tt.list, page))
			}
		}
		w.same("drafts", "d b a", w.piled(manuscripts.Listing{States: open[:1]}, 2))
		w.same("of no state", "", w.piled(manuscripts.Listing{}, 2))
	},

	"articles are listed by who began their manuscripts, with their places and sets": func(_ *testing.T, w *world) {
		a, _ := w.publish(w.draft("Written"))
		b, _ := w.publish(w.draft("Filed"))
		fr := w.draft("Écrit")
		fr.Language, fr.TranslationOf = "fr", a.ID
		c, _ := w.publish(fr)
		w.update(func(tx *storage.Tx) error {
			m, err := tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.NewArticle, Section: w.activities, Language: "en", Title: "Written", By: "ana"}, manuscripts.Revision{By: "ana"})
			if err == nil {
				err = tx.SetAuthor(a.ID, m.By)
			}
			if err == nil {
				_, err = tx.AddManuscript(manuscripts.Manuscript{Kind: manuscripts.NewArticle, Section: w.activities, Language: "ar", Title: "Unwritten", By: "rui", Translates: c.ID}, manuscripts.Revision{By: "rui"})
			}
			return err
		})
		w.view(func(tx *storage.Tx) error {
			for by, want := range map[string][]press.ArticleID{"ana": {a.ID}, "rui": nil} {
				all, err := tx.AllOf(newsdesk.Narrowed{By: by}, newsdesk.Place{}, 10)
				if err != nil {
					return err
				}
				var ids []press.ArticleID
				for _, one := range all {
					ids = append(ids, one.ID)
				}
				w.same("of "+by, want, ids)
			}
			placed, err := tx.Placed([]press.ArticleID{a.ID, c.ID, press.NewArticleID()})
			w.same("places", map[press.ArticleID]newsdesk.Placed{a.ID: {Section: a.Section, Language: "en", Group: a.ID}, c.ID: {Section: c.Section, Language: "fr", Group: a.ID}}, placed)
			if err != nil {
				return err
			}
			members, err := tx.Members([]press.ArticleID{a.ID, b.ID})
			w.same("sets", map[press.ArticleID]map[press.ArticleID]press.Language{a.ID: {a.ID: "en", c.ID: "fr"}, b.ID: {b.ID: "en"}}, members)
			if err != nil {
				return err
			}
			written, err := tx.Translating([]press.ArticleID{a.ID, c.ID})
			w.same("being written", map[press.ArticleID][]press.Language{c.ID: {"ar"}}, written)
			return err
		})
	},
}

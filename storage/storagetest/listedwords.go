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

// saying are the titles of the articles of a list that say something, page by page.
func (w *world) saying(words string, n newsdesk.Narrowed, page int) string {
	w.t.Helper()
	return titlesOf(w, page, newsdesk.PlaceOf, func(a press.Article) string { return a.Title }, func(tx *storage.Tx, after newsdesk.Place) ([]press.Article, error) {
		return tx.AllSaying(w.search(words).Query, n, time.Time{}, after, page)
	}, ", ")
}

// written are the titles of the manuscripts of a list that say something, page by page.
func (w *world) written(words string, l manuscripts.Listing, page int) string {
	w.t.Helper()
	return titlesOf(w, page, manuscripts.PlaceOf, titleOf, func(tx *storage.Tx, after manuscripts.Place) ([]manuscripts.Manuscript, error) {
		all, err := tx.ManuscriptsSaying(w.search(words).Query, l, after, page)
		for _, m := range all {
			says, bad := tx.ManuscriptSays(m.ID, w.search(words).Query)
			w.same("it says it when it is read", true, says && bad == nil)
		}
		return all, err
	}, ", ")
}

var listedWordsTests = map[string]func(*testing.T, *world){
	"articles of every state are listed by their words, and readers find the public ones alone": func(_ *testing.T, w *world) {
		of := func(title, body string) press.Draft {
			d := w.draft(title)
			d.Lead, d.Body = "", press.HTML("<p>"+body+"</p>")
			return d
		}
		first, _ := w.publish(of("First", "The treaty on tides."))
		w.clock.Pass(time.Second)
		gone, _ := w.publish(of("Gone", "The treaty on reefs."))
		w.withdraw(gone.ID)
		same := []string{"Same"}
		for range 2 { // of one second
			d := of(strings.Join(same, " "), "The treaty on tides, again.")
			w.publish(d)
			same = append(same, "too")
		}
		secret := of("Secret", "The treaty on straits.")
		secret.Published = w.clock.Now().Add(time.Hour)
		draft, _ := w.publish(secret)
		speech := of("Spoken", "The treaty, spoken of.")
		speech.Section, speech.Kind, speech.Language = w.ministry, "speech", "fr"
		w.clock.Pass(time.Second)
		spoken, _ := w.publish(speech)
		w.update(func(tx *storage.Tx) error { return tx.SetAuthor(spoken.ID, "ana") })
		for what, tt := range map[string]struct {
			words string
			n     newsdesk.Narrowed
			want  string
		}{
			"all":                    {"treaty", newsdesk.Narrowed{}, "Secret, Spoken, Same too, Same, Gone, First"},
			"words in a row":         {`"treaty on tides"`, newsdesk.Narrowed{}, "Same too, Same, First"},
			"not those with a word":  {"treaty -again -spoken", newsdesk.Narrowed{}, "Secret, Gone, First"},
			"a part of a word":       {"treat", newsdesk.Narrowed{}, ""},
			"nothing":                {"?", newsdesk.Narrowed{}, ""},
			"public":                 {"treaty", newsdesk.Narrowed{State: press.Published}, "Spoken, Same too, Same, First"},
			"withdrawn":              {"treaty", newsdesk.Narrowed{State: press.Withdrawn}, "Gone"},
			"under embargo":          {"treaty", newsdesk.Narrowed{State: press.Embargoed}, "Secret"},
			"under embargo, another": {"tides", newsdesk.Narrowed{State: press.Embargoed}, ""},
			"in a language":          {"treaty", newsdesk.Narrowed{Language: "fr"}, "Spoken"},
			"of a kind":              {"treaty", newsdesk.Narrowed{Kind: "speech"}, "Spoken"},
			"of another kind":        {"treaty", newsdesk.Narrowed{Kind: "readout"}, ""},
			"of somebody":            {"treaty", newsdesk.Narrowed{By: "ana"}, "Spoken"},
			"of somebody else":       {"treaty", newsdesk.Narrowed{By: "rui"}, ""},
			"in a section":           {"treaty", newsdesk.Narrowed{Sections: []press.SectionID{w.ministry}}, "Spoken"},
			"in sections":            {"reefs", newsdesk.Narrowed{Sections: []press.SectionID{w.ministry, w.activities}}, "Gone"},
			"in no section":          {"treaty", newsdesk.Narrowed{Sections: []press.SectionID{}}, ""},
		} {
			for _, page := range []int{1, 2, 10} {
				w.same(what, tt.want, w.saying(tt.words, tt.n, page))
			}
		}
		w.same("readers find", []string{"Spoken", "Same too", "Same", "First"}, w.find("treaty"))
		for _, words := range []string{"straits", "reefs"} {
			w.same("readers find of "+words, []string(nil), w.find(words))
		}

		w.correct(first.ID, of("First", "As corrected."))
		w.same("of an earlier wording", "Same too, Same", w.saying("tides", newsdesk.Narrowed{}, 10))
		w.withdraw(draft.ID)
		w.same("of what was cancelled", "", w.saying("straits", newsdesk.Narrowed{}, 10))
	},

	"what is under embargo is found by readers once it is public": func(_ *testing.T, w *world) {
		w.publish(w.embargoed("Ministers meet"))
		w.same("before, at the desk", "Ministers meet", w.saying("ministers", newsdesk.Narrowed{}, 10))
		w.same("before", []string(nil), w.find("ministers"))
		w.clock.Pass(24 * time.Hour)
		w.release()
		w.same("then", []string{"Ministers meet"}, w.find("ministers"))
		w.same("then, at the desk", "Ministers meet", w.saying("ministers", newsdesk.Narrowed{}, 10))
	},

	"manuscripts are listed by their words, as they stand, and readers find none": func(_ *testing.T, w *world) {
		states := append(manuscripts.OpenStates(), manuscripts.Approved, manuscripts.Released)
		all := manuscripts.Listing{States: states}
		begin := func(m manuscripts.Manuscript, text string) manuscripts.Manuscript {
			w.clock.Pass(time.Second)
			m.Kind = manuscripts.NewArticle
			w.update(func(tx *storage.Tx) (err error) {
				m, err = tx.AddManuscript(m, manuscripts.Revision{By: m.By, Words: manuscripts.Words{Lead: "In the harbour city.", Tags: "sea / law", Text: text}})
				return err
			})
			return m
		}
		a := begin(manuscripts.Manuscript{Title: "Tides", Section: w.activities, Language: "en", ArticleKind: "speech", By: "ana"}, "A treaty of ships.")
		b := begin(manuscripts.Manuscript{Title: "Reefs", Section: w.ministry, Language: "fr", By: "rui"}, "A treaty of boats.")
		c := begin(manuscripts.Manuscript{Title: "Straits", Section: w.activities, Language: "en", By: "ana"}, "A note.")
		w.update(func(tx *storage.Tx) error {
			if err := tx.AssignManuscript(b.ID, "ana"); err != nil {
				return err
			}
			_, err := tx.SetManuscriptState(c.ID, 1, manuscripts.InReview)
			return err
		})
		for what, tt := range map[string]struct {
			words string
			list  manuscripts.Listing
			want  string
		}{
			"of the text":        {"treaty", all, "Reefs, Tides"},
			"of the title":       {"straits", all, "Straits"},
			"of the lead":        {"harbour", all, "Straits, Reefs, Tides"},
			"of two tags":        {`"sea law"`, all, "Straits, Reefs, Tides"},
			"not these":          {"harbour -treaty", all, "Straits"},
			"in a state":         {"harbour", manuscripts.Listing{States: []manuscripts.State{manuscripts.InReview}}, "Straits"},
			"in no state":        {"harbour", manuscripts.Listing{}, ""},
			"in a section":       {"harbour", manuscripts.Listing{States: states, Sections: []press.SectionID{w.ministry}}, "Reefs"},
			"in a language":      {"harbour", manuscripts.Listing{States: states, Language: "en"}, "Straits, Tides"},
			"of a kind":          {"harbour", manuscripts.Listing{States: states, Kind: "speech"}, "Tides"},
			"of somebody":        {"harbour", manuscripts.Listing{States: states, By: "ana"}, "Straits, Tides"},
			"theirs":             {"harbour", manuscripts.Listing{States: states, Of: "ana"}, "Straits, Reefs, Tides"},
			"theirs, of another": {"harbour", manuscripts.Listing{States: states, Of: "rui"}, "Reefs"},
			"for somebody":       {"harbour", manuscripts.Listing{States: states, For: "ana"}, "Straits, Reefs"},
		} {
			for _, page := range []int{1, 2, 10} {
				w.same(what, tt.want, w.written(tt.words, tt.list, page))
			}
		}
		w.same("readers find", []string(nil), w.find("harbour"))

		w.clock.Pass(time.Second)
		w.update(func(tx *storage.Tx) error {
			a.Title = "Tides and waves"
			_, err := tx.ReviseManuscript(a, 1, manuscripts.Revision{By: "ana", Words: manuscripts.Words{Text: "A treaty of sails."}})
			return err
		})
		w.same("once it was revised, the last changed first", "Tides and waves, Reefs", w.written("treaty", all, 10))
		w.same("of what it said before", "", w.written("ships", all, 10))
		w.update(func(tx *storage.Tx) error { return tx.ReleaseManuscript(a.ID, 2, "a") })
		w.same("released", "Tides and waves", w.written("treaty", manuscripts.Listing{States: []manuscripts.State{manuscripts.Released}}, 10))
		w.update(func(tx *storage.Tx) error { return tx.HideWordingsOf("a", "Tides") })
		w.same("of what was hidden", "Reefs", w.written("treaty", all, 10))
		w.same("of what it is called now", "Tides", w.written("tides", all, 10))
		w.update(func(tx *storage.Tx) error { return tx.CancelManuscript(b.ID) })
		w.same("of what was given up", "Straits", w.written("harbour", all, 10))
		w.update(func(tx *storage.Tx) error { return tx.UnassignAll("ana") })
		w.update(func(tx *storage.Tx) error { return tx.ForgetManuscriptsOf("a") })
		w.same("of what was forgotten", "", w.written("tides", all, 10))
	},
}

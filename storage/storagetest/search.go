package storagetest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/terms"
)

// find searches and returns the titles of what is found, best first.
func (w *world) find(query string, narrow ...func(*newsdesk.Search)) []string {
	w.t.Helper()
	var titles []string
	for _, hit := range w.hits(query, newsdesk.Rank{}, 100, narrow...) {
		titles = append(titles, hit.Article.Title)
	}
	return titles
}

func (w *world) hits(query string, behind newsdesk.Rank, limit int, narrow ...func(*newsdesk.Search)) (hits []newsdesk.Hit) {
	w.t.Helper()
	s := w.search(query, narrow...)
	w.view(func(tx *storage.Tx) error {
		var err error
		hits, err = tx.Search(s, behind, limit)
		if err != nil {
			return err
		}
		n, err := tx.CountHits(s, 100)
		if behind == (newsdesk.Rank{}) && limit >= 100 && n != len(hits) {
			w.t.Errorf("%q: %d hits are counted, %d found", query, n, len(hits))
		}
		return err
	})
	return hits
}

func (w *world) search(query string, narrow ...func(*newsdesk.Search)) newsdesk.Search {
	w.t.Helper()
	q, err := terms.Parse(query)
	if err != nil {
		w.t.Fatal(err)
	}
	s := newsdesk.Search{Query: q}
	for _, n := range narrow {
		n(&s)
	}
	return s
}

func in(lang press.Language) func(*newsdesk.Search) {
	return func(s *newsdesk.Search) { s.Language = lang }
}

func below(section press.SectionID) func(*newsdesk.Search) {
	return func(s *newsdesk.Search) { s.Section = section }
}

func between(from, until time.Time) func(*newsdesk.Search) {
	return func(s *newsdesk.Search) { s.From, s.Until = from, until }
}

// say publishes a text with a word of its own in each field.
func (w *world) say(lang press.Language, title, lead, body string, tags ...string) press.Article {
	w.t.Helper()
	d := w.draft(title)
	d.Language, d.Lead, d.Body, d.Tags = lang, lead, press.HTML(body), tags
	a, _ := w.publish(d)
	w.clock.Pass(time.Second)
	return a
}

var searchTests = map[string]func(*testing.T, *world){
	"a text of any length is found by what stands anywhere in it": func(t *testing.T, w *world) {
		var body strings.Builder
		for i := range 30_000 {
			fmt.Fprintf(&body, "the w%d ", i)
		}
		w.say("en", "Minutes", "", "<p>"+body.String()+strings.Repeat("x", 3000)+"</p>")
		for _, query := range []string{
			`"w0 the w1"`, `"w99 the w100 the w101"`, `"w124 the w125 the"`, `"w29999"`, `"the w20000 the w20001"`,
			`"the w7" "w29998 the"`, strings.Repeat("x", 190),
		} {
			if found := w.find(query); !slices.Equal(found, []string{"Minutes"}) {
				t.Errorf("%.40s: %q is found", query, found)
			}
		}
		for _, query := range []string{`"w0 w1"`, `"the w5 the w7"`, `"w29999 the w0"`} {
			if found := w.find(query); len(found) > 0 {
				t.Errorf("%s: %q is found", query, found)
			}
		}
	},

	"what is public is found by its words, in every language": func(t *testing.T, w *world) {
		w.say("en", "Harbour treaties signed", "Pilots & tugs.", "<p>The Minister’s <em>guest</em> spoke.</p><p>COVID-19</p>", "sea")
		w.say("fr", "Traité sur l'énergie", "À Évian.", "<p>Le ministre a déclaré…</p>")
		w.say("ar", "الوزيرة تُوقّع المعاهدات", "", "<p>في مدينة إسطنبول</p>")
		w.say("ru", "Министр Королёв о соглашениях", "", "<p>Заявление для печати</p>")
		w.say("zh", "外交部长王毅访问", "", "<p>双方讨论了关税。</p>")
		w.say("ja", "東京での会談", "", "<p>外務大臣がカナダを訪問</p>")
		for query, want := range map[string][]string{
			"treaty":              {"Harbour treaties signed"},
			"TREATIES harbour":    {"Harbour treaties signed"},
			`"harbour treaty"`:    {"Harbour treaties signed"},
			`"treaty harbour"`:    nil,
			"tug":                 {"Harbour treaties signed"},
			"minister guest":      {"Harbour treaties signed"},
			"covid-19":            {"Harbour treaties signed"},
			"sea":                 {"Harbour treaties signed"},
			"harbour -pilots":     nil,
			"harbour -fisheries":  {"Harbour treaties signed"},
			"-fisheries":          nil,
			"harbour absent":      nil,
			"em":                  nil, // mark-up is no text
			"traite energie":      {"Traité sur l'énergie"},
			"ÉVIAN":               {"Traité sur l'énergie"},
			"معاهدة":              {"الوزيرة تُوقّع المعاهدات"},
			"اسطنبول":             {"الوزيرة تُوقّع المعاهدات"},
			"королев соглашение":  {"Министр Королёв о соглашениях"},
			"заявления":           {"Министр Королёв о соглашениях"},
			"王毅":                  {"外交部长王毅访问"},
			"外交部":                 {"外交部长王毅访问"},
			"部长王毅访问":              {"外交部长王毅访问"},
			"税":                   {"外交部长王毅访问"},
			"毅王":                  nil,
			"王毅 关税":               {"外交部长王毅访问"},
			"東京":                  {"東京での会談"},
			"カナダ":                 {"東京での会談"},
			`"`:                   nil,
			`title:x" OR y* -- )`: nil,
		} {
			w.same(query, want, w.find(query))
		}
	},

	"the title weighs most, then the lead, the tags, the text, then the date": func(t *testing.T, w *world) {
		w.say("en", "Title: whales", "", "<p>x</p>")
		w.say("en", "Text", "", "<p>Of whales, whales and whales.</p>")
		w.say("en", "Topic", "", "<p>x</p>", "whales")
		w.say("en", "Lead", "On whales.", "<p>whales</p>")
		w.say("en", "Newer title: whales", "", "<p>x</p>")
		w.say("en", "Newer text", "", "<p>A whale.</p>")
		want := []string{"Newer title: whales", "Title: whales", "Lead", "Topic", "Newer text", "Text"}
		w.same("best first", want, w.find("whales"))
		// Page by page nothing is missed or shown twice.
		var paged []string
		var behind newsdesk.Rank
		for {
			hits := w.hits("whales", behind, 2)
			if len(hits) == 0 {
				break
			}
			for _, hit := range hits {
				paged, behind = append(paged, hit.Article.Title), hit.Rank
			}
			w.say("en", fmt.Sprintf("Whales, meanwhile %d", len(paged)), "", "<p>x</p>")
		}
		w.same("paged", want, paged)
		w.same("words in several fields", []string{"Lead"}, w.find("lead whales"))
	},

	"no word is found before its second": func(t *testing.T, w *world) {
		d := w.embargoed("Secret summit")
		a, _ := w.publish(d)
		w.same("under embargo", []string(nil), w.find("summit"))
		d.Title = "Secret meeting"
		d.Published = time.Time{}
		w.correct(a.ID, d)
		w.same("its draft replaced", []string(nil), append(w.find("meeting"), w.find("secret")...))
		w.clock.Pass(time.Hour)
		w.same("not yet released", []string(nil), w.find("meeting"))
		w.release()
		w.same("released", []string{"Secret meeting"}, w.find("meeting"))
		w.same("what the first draft said", []string(nil), w.find("summit"))
		cancelled, _ := w.publish(w.embargoed("Cancelled summit"))
		w.withdraw(cancelled.ID)
		w.clock.Pass(2 * time.Hour)
		w.release()
		w.same("cancelled", []string(nil), w.find("summit"))
	},

	"no word of a withdrawn article is found": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Taken back"))
		w.same("before", []string{"Taken back"}, w.find("taken"))
		w.withdraw(a.ID)
		for _, query := range []string{"taken", "length", "short", "treaties", "issued"} {
			w.same(query, []string(nil), w.find(query))
		}
	},

	"a corrected article is found by what it says now": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Visit of Mr Smyth"))
		w.correct(a.ID, w.draft("Visit of Ms Smith"))
		w.same("old", []string(nil), w.find("smyth"))
		w.same("new", []string{"Visit of Ms Smith"}, w.find("smith"))
		w.correctMinor(a.ID, w.draft("Visit of Ms Smithson"))
		w.same("minor", []string(nil), w.find("smith"))
	},

	"a failed publication leaves no word": func(t *testing.T, w *world) {
		err := w.store.Update(t.Context(), func(tx *storage.Tx) error {
			if _, _, err := tx.Publish(w.draft("Never said")); err != nil {
				return err
			}
			return errChangedMind
		})
		if !errors.Is(err, errChangedMind) {
			t.Fatal(err)
		}
		w.same("found", []string(nil), w.find("never"))
	},

	"sections are searched with what is below them, and articles move": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Treaty"))
		for section, want := range map[press.SectionID][]string{
			press.Root: {"Treaty"}, w.ministry: {"Treaty"}, w.minister: {"Treaty"}, w.activities: {"Treaty"}, w.pressRoom: nil,
		} {
			w.same(fmt.Sprint("section ", section), want, w.find("treaty", below(section)))
		}
		d := w.draft("Treaty")
		d.Section = w.pressRoom
		w.correct(a.ID, d)
		w.same("where it was", []string(nil), w.find("treaty", below(w.ministry)))
		w.same("where it is", []string{"Treaty"}, w.find("treaty", below(w.pressRoom)))
		err := w.store.View(t.Context(), func(tx *storage.Tx) error {
			_, err := tx.Search(w.search("treaty", below(999)), newsdesk.Rank{}, 1)
			return err
		})
		if !errors.Is(err, press.ErrNotFound) {
			t.Errorf("no such section: got %v, want press.ErrNotFound", err)
		}
	},

	"languages and dates narrow a search": func(t *testing.T, w *world) {
		en, _ := w.publish(w.silent("Summit 1999", time.Date(1999, 5, 1, 0, 0, 0, 0, time.UTC)))
		w.translate(en.ID, "zh-Hant", "Summit 高峰會")
		w.publish(w.silent("Summit 1966", time.Date(1966, 5, 1, 23, 59, 59, 0, time.UTC)))
		w.same("all", []string{"Summit 高峰會", "Summit 1999", "Summit 1966"}, w.find("summit"))
		w.same("one", []string{"Summit 高峰會"}, w.find("summit", in("zh-Hant")))
		w.same("another", []string(nil), w.find("summit", in("zh")))
		may := func(year int) time.Time { return time.Date(year, 5, 1, 0, 0, 0, 0, time.UTC) }
		w.same("from", []string{"Summit 1999"}, w.find("summit", in("en"), between(may(1999), time.Time{})))
		w.same("until", []string{"Summit 1966"}, w.find("summit", between(time.Time{}, may(1999))))
		w.same("a day", []string{"Summit 1966"}, w.find("summit", between(may(1966), may(1966).AddDate(0, 0, 1))))
		w.same("nothing between", []string(nil), w.find("summit", between(may(2000), may(1990))))
	},

	"a translation is found beside the original": func(t *testing.T, w *world) {
		a, _ := w.publish(w.draft("Summit"))
		w.translate(a.ID, "fr", "Sommet")
		w.withdraw(a.ID)
		w.same("withdrawn", []string(nil), w.find("summit"))
		w.same("standing", []string{"Sommet"}, w.find("sommet", in("fr")))
	},

	"many articles of one second all have room": func(t *testing.T, w *world) {
		for i := range 5 {
			w.publish(w.silent(fmt.Sprintf("Day %d", i), noon.AddDate(-1, 0, 0)))
		}
		w.same("found", []string{"Day 4", "Day 3", "Day 2", "Day 1", "Day 0"}, w.find("day"))
	},

	// A model beside it: whatever is published, corrected and withdrawn, a
	// search finds exactly the public articles that say the word.
	"after anything that happens exactly what is public is found": func(t *testing.T, w *world) {
		random := rand.New(rand.NewPCG(1, 2))
		words := []string{"alpha", "beta", "gamma", "王毅", "معاهدة", "мир"}
		said := map[press.ArticleID]string{}
		var ids []press.ArticleID
		for n := range 60 {
			word := words[random.IntN(len(words))]
			d := w.draft(fmt.Sprintf("%s %d", word, n))
			switch {
			case len(ids) < 5 || random.IntN(3) == 0:
				a, _ := w.publish(d)
				ids, said[a.ID] = append(ids, a.ID), d.Title
			case random.IntN(2) == 0:
				id := ids[random.IntN(len(ids))]
				w.correct(id, d)
				said[id] = d.Title
			default:
				i := random.IntN(len(ids))
				w.withdraw(ids[i])
				delete(said, ids[i])
				ids = slices.Delete(ids, i, i+1)
			}
			w.clock.Pass(time.Minute)
		}
		for _, word := range words {
			var want []string
			for _, title := range said {
				if strings.HasPrefix(title, word) {
					want = append(want, title)
				}
			}
			got := w.find(word)
			slices.Sort(want)
			slices.Sort(got)
			w.same(word, want, got)
		}
	},
}

package site

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"communique/storage/press"
	"communique/storage/terms"
)

// Search is what the search page shows.
type Search struct {
	Language press.Language
	Form     SearchForm
	Tree     press.Tree
	// Asked says that the query is not empty.
	Asked   bool
	Results []Result
	// Count is how many articles were found; with Many there are more than that.
	Count int
	Many  bool
	// Cut says that some words were ignored because there were too many.
	Cut bool
	// Partial says that older articles cannot be found yet.
	Partial bool
	// First and Next are the addresses of other result pages, or empty.
	First, Next string
}

// SearchForm is the content of the search form.
type SearchForm struct {
	Query       string
	In          press.Language // empty: every language
	Section     press.Path     // empty: all
	From, Until string         // dates, "2026-09-01", or empty
}

// AllLanguages is the value of the parameter "in" for all languages.
const AllLanguages = "all"

// Address is the address of the search for a form on a page in a language.
func (f SearchForm) Address(site press.Site, page press.Language) string {
	q := url.Values{}
	for _, field := range []struct{ name, value string }{
		{"q", f.Query}, {"section", string(f.Section)}, {"from", f.From}, {"until", f.Until},
	} {
		if field.value != "" {
			q.Set(field.name, field.value)
		}
	}
	switch f.In {
	case page:
	case "":
		q.Set("in", AllLanguages)
	default:
		q.Set("in", string(f.In))
	}
	if len(q) == 0 {
		return site.Search(page)
	}
	return site.Search(page) + "?" + q.Encode()
}

// Result is an article that was found, with the hits marked.
type Result struct {
	Article        press.Article
	Section        press.Section
	Title, Extract []terms.Fragment
}

type searchView struct {
	frame
	Form        SearchForm
	Action      string
	Most        int // characters of a query
	Sections    []choice
	Languages   []choice
	Asked       bool
	Found       string
	Cut         string
	Partial     bool
	Results     []resultView
	First, More string
	Wider       string // the same query without limits, if nothing was found within them
}

// choice is an option of a list.
type choice struct {
	Text
	Value    string
	Selected bool
}

type resultView struct {
	listedView
	Section        Text
	Title, Extract []terms.Fragment
}

// Search writes the search page.
func (s *Site) Search(w io.Writer, v Search) error {
	f := s.frame(v.Language)
	f.SearchURL = "" // the page is the form
	f.Title = f.W.Search.Title + " – " + s.id.Name(v.Language)
	if v.Form.Query != "" {
		f.Title = v.Form.Query + " – " + f.Title
	}
	f.Description = f.W.Search.Field + f.W.Colon + s.id.Name(v.Language)
	f.Trail = s.trail(nil, v.Language, f.W)
	f.Feeds = s.feeds(v.Language, Text{}, "")
	f.Switch = s.switchTo(v.Language, func(l press.Language) string {
		return SearchForm{Query: v.Form.Query, In: l}.Address(s.id.Site, l)
	})
	view := searchView{
		frame: f, Form: v.Form, Action: s.id.Site.Search(v.Language), Most: terms.MaxCharacters,
		Sections: s.sectionChoices(v, f.W), Languages: s.languageChoices(v, f.W),
		Asked: v.Asked, Partial: v.Partial, First: v.First, More: v.Next,
	}
	if v.Cut {
		view.Cut = counted(f.W.Search.Cut, terms.MaxPhrases)
	}
	if v.Count > 0 {
		view.Found = counted(f.W.Search.Found, v.Count)
	}
	if v.Many {
		view.Found = counted(f.W.Search.MoreThan, v.Count)
	}
	if wide := (SearchForm{Query: v.Form.Query}); v.Count == 0 && v.Form != wide {
		view.Wider = wide.Address(s.id.Site, v.Language)
	}
	for _, r := range v.Results {
		view.Results = append(view.Results, resultView{
			listedView: s.listed(r.Article, f.W), Section: s.id.sectionName(r.Section, v.Language),
			Title: r.Title, Extract: r.Extract,
		})
	}
	return s.execute(w, "search", view)
}

func counted(text string, n int) string {
	return strings.ReplaceAll(text, "{count}", strconv.Itoa(n))
}

// mostChoices bounds the list of sections in a very large tree. The others can be
// searched through a section above them, or by address.
const mostChoices = 300

func (s *Site) sectionChoices(v Search, w *Words) []choice {
	all := []choice{{Text: Text{w.Search.AllSections, w.Lang}, Selected: v.Form.Section == ""}}
	v.Tree.Walk(func(section press.Section, depth int) {
		selected := section.Path == v.Form.Section
		if len(all) > mostChoices && !selected {
			return
		}
		name := s.id.sectionName(section, v.Language)
		name.Text = strings.Repeat("\u2003", depth) + name.Text
		all = append(all, choice{name, string(section.Path), selected})
	})
	return all
}

func (s *Site) languageChoices(v Search, w *Words) []choice {
	all := []choice{{Text: Text{w.Search.AllLanguages, w.Lang}, Value: AllLanguages, Selected: v.Form.In == ""}}
	for _, l := range s.languagesWith(v.Language, v.Form.In) {
		all = append(all, choice{Text{l.SelfName(), l}, string(l), l == v.Form.In})
	}
	return all
}

// languagesWith returns the configured languages and then others that are in use.
func (s *Site) languagesWith(others ...press.Language) []press.Language {
	all := append([]press.Language(nil), s.id.Languages...)
	known := map[press.Language]bool{"": true}
	for _, l := range all {
		known[l] = true
	}
	for _, l := range others {
		if !known[l] {
			known[l], all = true, append(all, l)
		}
	}
	return all
}

package newsroom

import (
	"context"
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/people"
	"communique/storage/press"
	"communique/storage/richtext"
)

// Listing says which articles are listed; what is zero lets all pass.
type Listing struct {
	State    press.State
	Held     bool   // only drafts that do not go out at their time
	Section  string // a path, with everything below it
	Language press.Language
	Kind     press.ArticleKind
	By       string // who began the manuscript that it was, the id of a person
	// Since and Before bound the date of publication: the first is within, the second
	// is not.
	Since, Before time.Time
	// Text stands in the title, the lead or the text, in letters of whatever case, with accents or without.
	Text string
	// After is the place behind which the list begins; zero is the newest of all.
	After newsdesk.Place
	// Reader is for whom it is listed: see [Reading]. Nil is somebody who reads all.
	Reader *people.Person
}

// pageOfArticles is how many articles are looked at in a go.
const pageOfArticles = 500

// List reads up to limit articles in every state, the newest first, with the sections
// that they are in. An unknown section is press.ErrNotFound.
func (d Desk) List(ctx context.Context, l Listing, limit int) ([]press.Article, press.Tree, error) {
	page, err := d.ListPage(ctx, l, limit, 0)
	return page.Articles, page.Tree, err
}

// Listed is a page of a list.
type Listed struct {
	Articles []press.Article
	Tree     press.Tree
	// Next is the place behind which the list goes on; zero if this is its end.
	Next newsdesk.Place
}

// ListPage is [Desk.List] of one page: it ends also when so many articles have been looked at
// as most says, 0 being all, however few of them are listed.
func (d Desk) ListPage(ctx context.Context, l Listing, limit, most int) (found Listed, err error) {
	return found, d.view(ctx, func(tx *storage.Tx) error {
		reads, err := l.reads(tx)
		if err != nil {
			return err
		}
		if found.Tree, err = tx.Tree(); err != nil {
			return err
		}
		reason, err := tx.ClockHeld()
		if err != nil {
			return err
		}
		narrowed := newsdesk.Narrowed{State: l.State, Language: l.Language, Kind: l.Kind, By: l.By}
		if l.Held {
			narrowed.State = press.Embargoed
		}
		if l.Section != "" {
			within, _, err := findSection(found.Tree, l.Section)
			if err != nil {
				return err
			}
			narrowed.Sections = withBelow(found.Tree, within.ID)
		}
		place := l.After
		if place == (newsdesk.Place{}) && !l.Before.IsZero() {
			place = newsdesk.Place{Published: l.Before, ID: " "} // before every id
		}
		batch, looked := min(limit+1, pageOfArticles), 0
		for {
			page, err := tx.AllOf(narrowed, place, batch)
			if err != nil {
				return err
			}
			for _, a := range page {
				if a.Published.Before(l.Since) {
					return nil
				}
				held := a.State == press.Embargoed && (a.Held || reason != "")
				fits := (held || !l.Held) && reads(a) && l.has(a)
				if fits && len(found.Articles) == limit || most > 0 && looked == most {
					found.Next = place
					return nil
				}
				if fits {
					found.Articles = append(found.Articles, a)
				}
				place = newsdesk.PlaceOf(a)
				looked++
			}
			if len(page) < batch {
				return nil
			}
			batch = pageOfArticles
		}
	})
}

// reads is whether the one for whom it is listed may read an article.
func (l Listing) reads(tx *storage.Tx) (func(press.Article) bool, error) {
	if l.Reader == nil {
		return func(press.Article) bool { return true }, nil
	}
	reading, err := ReadingOf(tx, *l.Reader)
	return reading.Article, err
}

// withBelow is a section with all below it.
func withBelow(tree press.Tree, id press.SectionID) (all []press.SectionID) {
	within := map[press.SectionID]bool{id: true}
	tree.Walk(func(s press.Section, _ int) {
		if within[s.ID] = within[s.ID] || within[s.Parent]; within[s.ID] {
			all = append(all, s.ID)
		}
	})
	return all
}

// has tells whether an article has the words.
func (l Listing) has(a press.Article) bool {
	text := unaccented(l.Text)
	switch {
	case strings.Contains(unaccented(a.Title), text), strings.Contains(unaccented(a.Lead), text):
		return true
	case !mayHave(a.Body, text):
		return false
	}
	return strings.Contains(unaccented(richtext.Text(a.Body)), text)
}

// unaccented is a text in small letters without the accents of Latin, Greek and Cyrillic.
func unaccented(text string) string {
	text = strings.ToLower(text)
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if '\u0300' <= r && r <= '\u036f' {
			return -1
		}
		return r
	}, norm.NFD.String(text))
}

// mayHave is false if the longest word of a text stands nowhere in a body, which is known
// without reading it as HTML: most articles need not be read to know that they are not
// looked for.
func mayHave(body press.HTML, text string) bool {
	longest := ""
	for _, word := range strings.FieldsFunc(unaccented(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	if strings.Contains(string(body), "<s>") || strings.Contains(string(body), "<sup") {
		return true // what is not said, and what is around it may be one word
	}
	return strings.Contains(unaccented(html.UnescapeString(withoutMarks(string(body)))), longest)
}

// withoutMarks is a cleaned text without the marks of elements, which may stand in the
// middle of a word.
func withoutMarks(body string) string {
	var b strings.Builder
	b.Grow(len(body))
	for {
		text, rest, found := strings.Cut(body, "<")
		b.WriteString(text)
		if !found {
			return b.String()
		}
		_, body, _ = strings.Cut(rest, ">")
	}
}

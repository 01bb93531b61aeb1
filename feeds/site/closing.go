package site

import (
	"html/template"
	"strings"
	"time"

	"communique/storage/press"
)

// Closing says that a section is closed.
type Closing struct {
	At time.Time
	// Instead are the sections in which to read on; if empty, the front page.
	Instead []press.Section
}

type closingView struct {
	Before, After string // around the date
	Date          Instant
	Instead       []place
}

func (s *Site) closing(c Closing, lang press.Language) *closingView {
	w := s.Words(lang)
	v := closingView{Date: s.day(c.At, w), Instead: s.instead(c, lang)}
	v.Before, v.After, _ = strings.Cut(w.SectionClosed, "{date}")
	return &v
}

// place is a section or front page in which to read on.
type place struct {
	Link
	path press.Path
}

func (s *Site) instead(c Closing, lang press.Language) []place {
	if len(c.Instead) == 0 {
		return []place{{Link: Link{Text: s.id.name(lang), URL: s.id.Site.Home(lang)}}}
	}
	var all []place
	for _, section := range c.Instead {
		all = append(all, place{Link{Text: s.id.sectionName(section, lang), URL: s.id.Site.Section(lang, section.Path)}, section.Path})
	}
	return all
}

// Ending is the last entry of a closed section's feed.
type Ending struct {
	Title   string
	Link    string // the first page in which to read on
	Summary string
	Content string // HTML: the pages and feeds in which to read on
}

// Ending returns the last entry of a closed section's feed.
func (s *Site) Ending(c Closing, lang press.Language) Ending {
	w := s.Words(lang)
	text := strings.ReplaceAll(w.SectionClosed, "{date}", w.FormatDate(c.At.In(s.id.Zone)))
	var b strings.Builder
	b.WriteString("<p>" + template.HTMLEscapeString(text) + "</p><p>" + template.HTMLEscapeString(w.SectionInstead) + "</p><ul>")
	places := s.instead(c, lang)
	for _, p := range places {
		b.WriteString("<li>" + anchor(p.URL, p.Text.Text))
		for _, f := range s.feeds(lang, p.Text, p.path) {
			b.WriteString(" · " + anchor(f.URL, f.Name))
		}
		b.WriteString("</li>")
	}
	b.WriteString("</ul>")
	return Ending{Title: w.FeedEnded, Link: places[0].URL, Summary: text, Content: b.String()}
}

func anchor(address, text string) string {
	return `<a href="` + template.HTMLEscapeString(address) + `">` + template.HTMLEscapeString(text) + "</a>"
}

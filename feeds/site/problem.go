package site

import (
	"io"
	"net/http"
	"strings"

	"communique/storage/press"
)

// Problem is an error as a page shows it.
type Problem struct {
	Language press.Language
	Status   int
	// Withdrawn is set if the request was for a withdrawn article.
	Withdrawn *press.WithdrawnError
	// Near are the sections that the reader may have wanted.
	Near []press.Section
	// Request is what the request is called in the log, shown for a fault of ours.
	Request string
	// Percent is how much of what is waited for is over; 0 if nothing is.
	Percent int
}

type problemView struct {
	frame
	Headline      string
	Text          string
	Status        int
	Withdrawn     bool
	Before, After string // around the date of withdrawal
	Date          Instant
	Reason        Text
	Near          []Link
	Search        string // address of a search field on the page
	Request       string
	Percent       int
}

// Problem writes the page for a problem; the caller sets the status code.
func (s *Site) Problem(w io.Writer, p Problem) error {
	lang := p.Language
	if p.Withdrawn != nil && p.Withdrawn.Language != "" {
		lang = p.Withdrawn.Language
	}
	f := s.frame(lang)
	f.Feeds = s.feeds(lang, Text{}, "")
	f.Trail = s.trail(nil, lang, f.W)
	f.Switch = s.switchTo(lang, s.id.Site.Home)
	view := problemView{Status: p.Status, Percent: p.Percent}
	if p.Status == http.StatusNotFound {
		view.Search, f.SearchURL = f.SearchURL, ""
	}
	view.Headline, view.Text = f.W.problem(p.Status)
	if p.Status >= http.StatusInternalServerError {
		view.Request = p.Request
	}
	if p.Withdrawn != nil {
		view.Withdrawn = true
		view.Headline, view.Text = f.W.WithdrawnTitle, ""
		view.Before, view.After, _ = strings.Cut(f.W.WithdrawnOn, "{date}")
		view.Date = s.day(p.Withdrawn.At, f.W)
		view.Reason = Text{p.Withdrawn.Reason, lang}
	}
	for _, n := range p.Near {
		view.Near = append(view.Near, Link{Text: s.id.sectionName(n, lang), URL: s.id.Site.Section(lang, n.Path)})
	}
	f.Title = view.Headline + " – " + s.id.Name(lang)
	view.frame = f
	return s.execute(w, "problem", view)
}

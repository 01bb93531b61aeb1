package site

import (
	"cmp"

	"communique/storage/press"
)

// List is one page of a list of articles.
type List struct {
	Articles []press.Article // newest first
	// Self is the page's own address unless it is the first of the list.
	Self string
	// Newer and Older are the addresses of the neighbouring pages, or empty.
	Newer, Older string
}

// listView is a list as the template "list" shows it.
type listView struct {
	Articles []listedView
	// Titled says that the list has a heading of its own, below which are the
	// titles of the articles.
	Titled bool
}

// listedView is an article in a list.
type listedView struct {
	Link
	Date Instant
	Kind *Text // nil if it is of none
	Lead string
}

func (s *Site) list(l List, w *Words) (all []listedView) {
	for _, a := range l.Articles {
		all = append(all, s.listed(a, w))
	}
	return all
}

// listed is an article in a list, which shows dates only to the day.
func (s *Site) listed(a press.Article, w *Words) listedView {
	date := s.day(a.Published, w)
	if a.Precision == press.ToTheDay {
		date = s.published(a, w)
	}
	view := listedView{Link: Link{Text: Text{a.Title, a.Language}, URL: s.id.Site.Article(a)}, Date: date, Lead: Summary(a)}
	if a.Kind != "" {
		kind := s.KindName(a.Kind, w.Lang)
		view.Kind = &kind
	}
	return view
}

// locate sets the addresses of a page of a list that begins at an address.
func (f *frame) locate(first string, l List) {
	f.Canonical = cmp.Or(l.Self, first)
	f.Address, f.Prev, f.Next = f.Canonical, l.Newer, l.Older
}

package site

import (
	"cmp"
	"io"
	"strings"

	"communique/storage/press"
)

// Section is what the page of a section shows; without a trail, the front page of a
// language.
type Section struct {
	Language press.Language
	Trail    []press.Section // from the top down to the section itself
	Children []press.Section
	Articles []press.Article // newest first
	// Closing is set if the section is closed.
	Closing *Closing
	// Self is the page's own address unless it is the first of the list.
	Self string
	// Newer and Older are the addresses of the neighbouring pages of the list.
	Newer, Older string
}

type sectionView struct {
	frame
	Headline Text
	Children []Link
	Articles []listedView
	Paged    bool
	// SectionArchive is the address of the section's archive by date.
	SectionArchive string
	Closing        *closingView
}

type listedView struct {
	Link
	Date Instant
	Lead string
}

// Section writes the page of a section or a front page.
func (s *Site) Section(w io.Writer, v Section) error {
	view := sectionView{frame: s.sectionFrame(v), Headline: s.id.name(v.Language), Paged: v.Self != ""}
	var path press.Path
	if n := len(v.Trail); n > 0 {
		path = v.Trail[n-1].Path
		view.Headline = s.id.sectionName(v.Trail[n-1], v.Language)
	}
	view.SectionArchive = s.id.Site.ByDate(v.Language, path, 0, 0)
	for _, c := range v.Children {
		view.Children = append(view.Children, Link{Text: s.id.sectionName(c, v.Language), URL: s.id.Site.Section(v.Language, c.Path)})
	}
	if v.Closing != nil {
		view.Closing = s.closing(*v.Closing, v.Language)
	}
	for _, a := range v.Articles {
		view.Articles = append(view.Articles, s.listed(a, view.W))
	}
	return s.execute(w, "section", view)
}

func (s *Site) sectionFrame(v Section) frame {
	f := s.frame(v.Language)
	var path press.Path
	if n := len(v.Trail); n > 0 {
		path = v.Trail[n-1].Path
		f.FeedTitle = s.id.sectionName(v.Trail[n-1], v.Language)
		f.Trail = s.trail(v.Trail[:n-1], v.Language, f.W)
	}
	f.Title = s.sectionTitle(v)
	f.Description = f.W.Latest + f.W.Colon + f.Title
	f.Canonical = cmp.Or(v.Self, s.id.Site.Section(v.Language, path))
	f.Address = f.Canonical
	f.Feeds = s.feeds(v.Language, f.FeedTitle, path)
	f.Switch = s.switchTo(v.Language, func(l press.Language) string { return s.id.Site.Section(l, path) })
	if v.Self == "" {
		f.Hreflang = f.Switch
	}
	f.Prev, f.Next = v.Newer, v.Older
	return f
}

// listed is an article in a list, which shows dates only to the day.
func (s *Site) listed(a press.Article, w *Words) listedView {
	date := s.day(a.Published, w)
	if a.Precision == press.ToTheDay {
		date = s.published(a, w)
	}
	return listedView{Link: Link{Text: Text{a.Title, a.Language}, URL: s.id.Site.Article(a)}, Date: date, Lead: Summary(a)}
}

// sectionTitle is "Activities – The Minister – The Ministry – Ministry of …".
func (s *Site) sectionTitle(v Section) string {
	names := []string{s.id.Name(v.Language)}
	for _, section := range v.Trail {
		names = append([]string{s.id.sectionName(section, v.Language).Text}, names...)
	}
	return strings.Join(names, " – ")
}

package site

import (
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
	// Kinds are those of which the section lists articles; Kind is that of which alone the
	// list is, or empty.
	Kinds []press.ArticleKind
	Kind  press.ArticleKind
	// Closing is set if the section is closed.
	Closing *Closing
	// Newest is the first of the list where the page leads with it.
	Newest *Article
	List
}

type sectionView struct {
	frame
	Headline Text
	Children []Link
	listView
	Paged bool
	// SectionArchive is the address of the section's archive by date.
	SectionArchive string
	Closing        *closingView
	Kinds          []Link // empty if there is nothing to choose
	Newest         *newestView
}

// newestView is the article with which a front page leads, and its picture.
type newestView struct {
	listedView
	Picture *pictureView
}

// Section writes the page of a section or a front page.
func (s *Site) Section(w io.Writer, v Section) error {
	view := sectionView{frame: s.sectionFrame(v), Headline: s.id.name(v.Language), Paged: v.Self != "" || v.Kind != ""}
	var path press.Path
	if n := len(v.Trail); n > 0 {
		path = v.Trail[n-1].Path
		view.Headline = s.id.sectionName(v.Trail[n-1], v.Language)
	}
	view.Kinds = s.kindLinks(v, path)
	view.SectionArchive = s.id.Site.ByDate(v.Language, path, 0, 0)
	var children []Link
	for _, c := range v.Children {
		children = append(children, Link{Text: s.id.sectionName(c, v.Language), URL: s.id.Site.Section(v.Language, c.Path)})
	}
	if len(v.Trail) > 0 {
		view.Children = children
	} else {
		view.Menu = children
	}
	if v.Closing != nil {
		view.Closing = s.closing(*v.Closing, v.Language)
	}
	if v.Newest != nil {
		view.Newest = &newestView{listedView: s.listed(v.Newest.Article, view.W)}
		if len(v.Newest.Article.Images) > 0 {
			p := v.Newest.picture(v.Newest.Article.Images[0])
			view.Newest.Picture = &p
		}
		v.Articles = v.Articles[1:]
	}
	view.listView = listView{s.list(v.List, view.W), true}
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
	first := s.id.Site.Section(v.Language, path)
	if v.Kind != "" {
		first = s.id.Site.SectionKind(v.Language, path, v.Kind)
	}
	f.locate(first, v.List)
	f.Feeds = s.feeds(v.Language, f.FeedTitle, path)
	f.Switch = s.switchTo(v.Language, func(l press.Language) string { return s.id.Site.Section(l, path) })
	if v.Self == "" && v.Kind == "" {
		f.Hreflang = f.Switch
	}
	return f
}

// sectionTitle is "Activities – The Minister – The Ministry – Ministry of …".
func (s *Site) sectionTitle(v Section) string {
	names := []string{s.id.Name(v.Language)}
	for _, section := range v.Trail {
		names = append([]string{s.id.sectionName(section, v.Language).Text}, names...)
	}
	if v.Kind != "" {
		names = append([]string{s.KindName(v.Kind, v.Language).Text}, names...)
	}
	return strings.Join(names, " – ")
}

// kindLinks lead to what a section lists of each kind, and of all.
func (s *Site) kindLinks(v Section, path press.Path) []Link {
	if len(v.Kinds) == 0 && v.Kind == "" {
		return nil
	}
	w := s.Words(v.Language)
	all := []Link{{Text: Text{w.AllKinds, w.Lang}, URL: s.id.Site.Section(v.Language, path), Current: v.Kind == ""}}
	for _, kind := range v.Kinds {
		all = append(all, Link{Text: s.KindName(kind, v.Language), URL: s.id.Site.SectionKind(v.Language, path, kind), Current: kind == v.Kind})
	}
	return all
}

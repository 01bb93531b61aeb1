package site

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"communique/storage/press"
)

// Tag is what the page of a tag shows.
type Tag struct {
	Language press.Language
	Name     string
	List
}

// Tag writes the page of a tag.
func (s *Site) Tag(w io.Writer, v Tag) error {
	f := s.frame(v.Language)
	f.FeedTitle = Text{v.Name, v.Language}
	f.Trail = append(s.trail(nil, v.Language, f.W), Link{Text: Text{f.W.Tags, f.W.Lang}, URL: s.id.Site.Tags(v.Language)})
	f.Title = v.Name + " – " + s.id.Name(v.Language)
	f.Description = f.W.Latest + f.W.Colon + f.Title
	f.locate(s.id.Site.TagPage(v.Language, v.Name), v.List)
	f.Feeds = feedLinks(f.Title, func(format string) string { return s.id.Site.TagFeed(v.Language, v.Name, format) })
	// Other languages may not have the tag: the switch leads to their front pages.
	f.Switch = s.switchTo(v.Language, s.id.Site.Home)
	return s.execute(w, "section", sectionView{
		frame: f, Headline: f.FeedTitle, Paged: v.Self != "", listView: listView{s.list(v.List, f.W), true},
	})
}

// Tags is what the page of a language's tags shows.
type Tags struct {
	Language press.Language
	Names    []string
}

type tagsView struct {
	frame
	Tags []Link
}

// Tags writes the page of a language's tags, in its alphabetical order.
func (s *Site) Tags(w io.Writer, v Tags) error {
	f := s.frame(v.Language)
	f.Trail = s.trail(nil, v.Language, f.W)
	f.Title = f.W.Tags + " – " + s.id.Name(v.Language)
	f.Description = f.Title
	f.Canonical = s.id.Site.Tags(v.Language)
	f.Address = f.Canonical
	f.Feeds = s.feeds(v.Language, Text{}, "")
	f.Switch = s.switchTo(v.Language, s.id.Site.Tags)
	f.Hreflang = f.Switch
	view := tagsView{frame: f, Tags: s.tagLinks(v.Language, v.Names)}
	alphabet := collate.New(language.Make(string(v.Language))) // Énergie is found under E
	slices.SortFunc(view.Tags, func(a, b Link) int {
		return cmp.Or(alphabet.CompareString(a.Text.Text, b.Text.Text), strings.Compare(a.Text.Text, b.Text.Text))
	})
	return s.execute(w, "tags", view)
}

// tagLinks returns links from tags to their pages.
func (s *Site) tagLinks(lang press.Language, names []string) []Link {
	var links []Link
	for _, name := range names {
		link := Link{Text: Text{name, lang}}
		if press.TagSlug(name) != "" {
			link.URL = s.id.Site.TagPage(lang, name)
		}
		links = append(links, link)
	}
	return links
}

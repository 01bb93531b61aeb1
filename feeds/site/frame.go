package site

import (
	"html/template"
	"slices"
	"strings"

	"communique/storage/press"
)

// Text is a text with its language, which may differ from the page's.
type Text struct {
	Text string
	Lang press.Language
}

// Attrs returns the lang and dir attributes of a text whose language is not that of
// the page, with a space in front, ready to follow the name of an element.
func (t Text) Attrs(page press.Language) template.HTMLAttr {
	if t.Lang == "" || t.Lang == page {
		return ""
	}
	return template.HTMLAttr(` lang="` + template.HTMLEscapeString(string(t.Lang)) + `" dir="` + t.Lang.Direction() + `"`)
}

// Link is an address with a name.
type Link struct {
	Text
	URL string
	// Current marks the link to the page itself.
	Current bool
}

// feedLink is a feed for autodiscovery and for the list on the page.
type feedLink struct {
	Name, Title, URL string
	// Type is the whole attribute: a template would escape the plus sign of the
	// media type, which feed readers don't undo.
	Type template.HTMLAttr
}

// frame is what every page has around its main part.
type frame struct {
	W           *Words
	Lang        press.Language // of the messages and of everything that is not marked
	Title       string
	Description string
	Canonical   string // absolute; empty on pages that search engines shall not list
	Address     string // absolute, for printing; empty on pages without an address
	NoIndex     bool   // asks search engines not to list the page
	Ministry    Text
	Home        string
	Arms        string
	ArmsAlt     string
	Style       string
	Switch      []Link // the language switch, each language by its own name
	Hreflang    []Link // this page in each language, itself included
	Trail       []Link
	Feeds       []feedLink
	Handle      string
	Profile     string
	RelMe       []string // other profiles of the institution (INTEROP A12)
	ActorPages  []string
	OpenSearch  string
	SearchURL   string // of the search field at the top; empty on pages that have their own
	Contact     string
	Imprint     string
	// FeedLists are OPML lists of all feeds.
	FeedLists []Link
	// Menu are the sections at the top, on the front page.
	Menu      []Link
	FeedTitle Text // of the section or tag that Feeds belong to; empty for the whole site

	// Archive is the address of the archive by date.
	Archive string

	// Article is the metadata for crawlers and the fediverse; nil except on articles.
	Article *cardView
	// Prev and Next are the addresses of the neighbouring pages of a list.
	Prev, Next string
}

// Dir is the writing direction of the page.
func (f frame) Dir() string { return f.Lang.Direction() }

func (s *Site) frame(lang press.Language) frame {
	w := s.Words(lang)
	f := frame{
		W: w, Lang: lang, Home: s.id.Site.Home(lang), Ministry: s.id.name(lang),
		Arms: s.id.Arms, ArmsAlt: s.id.ArmsAlt, Style: s.stylePath,
		Handle: s.id.Handle(), Profile: s.id.Site.Actor(s.id.Actor), RelMe: s.relMe(), ActorPages: s.id.ActorPages,
		Contact: s.id.Contact, Imprint: s.id.Imprint, Archive: s.id.Site.ByDate(lang, "", 0, 0),
	}
	for _, list := range []struct{ name, format string }{{"OPML (Atom)", "atom"}, {"OPML (RSS)", "rss"}} {
		f.FeedLists = append(f.FeedLists, Link{Text: Text{Text: list.name}, URL: s.id.Site.OPML(lang, list.format)})
	}
	f.SearchURL, f.OpenSearch = s.id.Site.Search(lang), s.id.Site.OpenSearch(lang)
	if base, _, _ := strings.Cut(string(lang), "-"); press.Language(base) != w.Lang {
		f.Lang = w.Lang // the messages are English; the texts are marked
	}
	return f
}

// Me returns the rel="me" links of the page: those of every page, and its own
// address if an actor represents it, so that the actor's profile fields that link
// here verify.
func (f frame) Me() []string {
	if slices.Contains(f.ActorPages, f.Canonical) && !slices.Contains(f.RelMe, f.Canonical) {
		return append(slices.Clone(f.RelMe), f.Canonical)
	}
	return f.RelMe
}

// relMe are the front page, by which the actor's profile fields that link to this
// site verify, and the institution's profiles elsewhere.
func (s *Site) relMe() []string {
	return append([]string{s.id.Site.Home(s.id.Languages[0])}, s.id.RelMe...)
}

// trail is the breadcrumb: front page, then each section.
func (s *Site) trail(sections []press.Section, lang press.Language, w *Words) []Link {
	links := []Link{{Text: Text{w.Home, w.Lang}, URL: s.id.Site.Home(lang)}}
	for _, section := range sections {
		links = append(links, Link{Text: s.id.sectionName(section, lang), URL: s.id.Site.Section(lang, section.Path)})
	}
	return links
}

// feeds lists the feeds of a section, or of the front page.
func (s *Site) feeds(lang press.Language, section Text, path press.Path) []feedLink {
	title := section.Text + " – " + s.id.Name(lang)
	if path == "" {
		title = s.id.Name(lang)
	}
	return feedLinks(title, func(format string) string { return s.id.Site.Feed(lang, path, format) })
}

func feedLinks(title string, address func(format string) string) []feedLink {
	var links []feedLink
	for _, f := range []struct{ name, kind, format string }{
		{"Atom", "application/atom+xml", "atom"},
		{"RSS", "application/rss+xml", "rss"},
		{"JSON", "application/feed+json", "json"},
	} {
		links = append(links, feedLink{
			Name: f.name, Title: title + " (" + f.name + ")", URL: address(f.format),
			Type: template.HTMLAttr(`type="` + f.kind + `"`),
		})
	}
	return links
}

// switchTo is the language switch; url returns the address for a language.
func (s *Site) switchTo(current press.Language, url func(press.Language) string) []Link {
	languages := s.languagesWith(current)
	if len(languages) < 2 {
		return nil
	}
	var links []Link
	for _, l := range languages {
		links = append(links, Link{Text: Text{l.SelfName(), l}, URL: url(l), Current: l == current})
	}
	return links
}

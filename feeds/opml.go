package feeds

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"communique/storage"
	"communique/storage/press"
)

// TypeOPML is the media type of OPML.
const TypeOPML = "text/x-opml"

// Outline is a feed in a list of feeds, or a folder of feeds.
type Outline struct {
	Title    string
	Feed     string // address; empty for a folder
	Home     string // the page that the feed belongs to
	Language press.Language
	Below    []Outline
}

type opmlXML struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Title   string    `xml:"head>title"`
	Date    string    `xml:"head>dateModified,omitempty"`
	Owner   string    `xml:"head>ownerName"`
	Docs    string    `xml:"head>docs"`
	Body    []outline `xml:"body>outline"`
}

// outline is a feed; its type is "rss" whatever its format (OPML 2.0
// §subscriptionLists). A folder has neither type nor address.
type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr"`
	Type     string    `xml:"type,attr,omitempty"`
	XMLURL   string    `xml:"xmlUrl,attr,omitempty"`
	HTMLURL  string    `xml:"htmlUrl,attr,omitempty"`
	Language string    `xml:"language,attr,omitempty"`
	Below    []outline `xml:"outline"`
}

// WriteOPML writes a list of feeds as OPML 2.0 (media type [TypeOPML]). The date
// is left out if it is zero.
func WriteOPML(w io.Writer, title, owner string, changed time.Time, feeds []Outline) error {
	x := opmlXML{Version: "2.0", Title: legal(title), Owner: legal(owner), Docs: "https://opml.org/spec2.opml", Body: outlines(feeds)}
	if !changed.IsZero() {
		x.Date = changed.UTC().Format(time.RFC1123Z) // OPML 2.0 §head: as in RSS
	}
	return writeXML(w, x)
}

func outlines(feeds []Outline) []outline {
	var all []outline
	for _, f := range feeds {
		o := outline{Text: legal(f.Title), Title: legal(f.Title), Below: outlines(f.Below)}
		if f.Feed != "" {
			o.Type, o.XMLURL, o.HTMLURL, o.Language = "rss", f.Feed, f.Home, string(f.Language)
		}
		all = append(all, o)
	}
	return all
}

// writeXML writes an XML declaration and a document.
func writeXML(w io.Writer, document any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if err := e.Encode(document); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// opml answers with the feed of everything in a language, and in a folder beside it the
// feeds of single sections.
func (s *Server) opml(w http.ResponseWriter, r *http.Request) error {
	lang, err := parseLanguage(chi.URLParam(r, "lang"))
	if err != nil {
		return err
	}
	// One list per format: a list with both would subscribe readers to everything
	// twice.
	format := chi.URLParam(r, "format")
	if format != "rss" && format != "atom" {
		return fmt.Errorf("%w: there is no list of feeds in the format %q", press.ErrNotFound, format)
	}
	read := func(tx *storage.Tx) (tree press.Tree, v version, err error) {
		if err = s.checkLanguage(tx, lang); err != nil {
			return tree, v, err
		}
		return s.treeVersion(tx)
	}
	return s.answer(w, r, resource{
		key: "opml-" + format + "-" + string(lang), contentType: TypeOPML + "; charset=utf-8", policy: feedPolicy,
	}, func(tx *storage.Tx) (version, error) {
		_, v, err := read(tx)
		return v, err
	}, func(tx *storage.Tx, b io.Writer) (version, error) {
		tree, v, err := read(tx)
		if err != nil {
			return v, err
		}
		name := s.id.Name(lang)
		list := []Outline{{Title: name, Feed: s.id.Site.Feed(lang, "", format), Home: s.id.Site.Home(lang), Language: lang}}
		if sections := s.outline(tree, press.Root, lang, format); len(sections) > 0 {
			list = append(list, Outline{Title: s.site.Words(lang).FeedsOfSections, Below: sections})
		}
		return v, WriteOPML(b, name, name, v.at, list)
	})
}

// outline lists the open sections below one: as a folder if there are sections below
// it, as a feed if there are none. With the feeds of every level, whoever imports the
// list would get each article once a level. An article that is filed in a folder is in
// the feed of everything, which is listed first.
func (s *Server) outline(tree press.Tree, below press.SectionID, lang press.Language, format string) []Outline {
	var all []Outline
	for _, section := range tree.OpenChildren(below) {
		o := Outline{Title: section.Name(lang, s.id.Languages[0]), Below: s.outline(tree, section.ID, lang, format)}
		if len(o.Below) == 0 {
			o.Feed, o.Home, o.Language = s.id.Site.Feed(lang, section.Path, format), s.id.Site.Section(lang, section.Path), lang
		}
		all = append(all, o)
	}
	return all
}

// treeVersion returns the section tree and the last entry that changed it.
func (s *Server) treeVersion(tx *storage.Tx) (tree press.Tree, v version, err error) {
	head, err := tx.Head()
	if err != nil {
		return tree, v, err
	}
	if tree, err = s.trees.at(tx, head.Tree); err != nil || head.Tree == 0 {
		return tree, v, err
	}
	e, err := tx.Entry(head.Tree)
	return tree, version{seq: e.Seq, at: e.At}, err
}

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

// Outline is a feed in a list of feeds, with the feeds below it.
type Outline struct {
	Title    string
	Feed     string // address
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

// outline is a feed; its type is "rss" whatever its format (OPML 2.0 §subscriptionLists).
type outline struct {
	Text     string    `xml:"text,attr"`
	Title    string    `xml:"title,attr"`
	Type     string    `xml:"type,attr"`
	XMLURL   string    `xml:"xmlUrl,attr"`
	HTMLURL  string    `xml:"htmlUrl,attr"`
	Language string    `xml:"language,attr"`
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
		all = append(all, outline{
			Text: legal(f.Title), Title: legal(f.Title), Type: "rss", XMLURL: f.Feed, HTMLURL: f.Home,
			Language: string(f.Language), Below: outlines(f.Below),
		})
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

// opml answers with the feeds of a language's section tree.
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
		top := Outline{
			Title: name, Feed: s.id.Site.Feed(lang, "", format), Home: s.id.Site.Home(lang), Language: lang,
			Below: s.outline(tree, press.Root, lang, format),
		}
		return v, WriteOPML(b, name, name, v.at, []Outline{top})
	})
}

// outline lists the open sections below one.
func (s *Server) outline(tree press.Tree, below press.SectionID, lang press.Language, format string) []Outline {
	var all []Outline
	for _, section := range tree.OpenChildren(below) {
		all = append(all, Outline{
			Title: section.Name(lang, s.id.Languages[0]), Language: lang,
			Feed: s.id.Site.Feed(lang, section.Path, format), Home: s.id.Site.Section(lang, section.Path),
			Below: s.outline(tree, section.ID, lang, format),
		})
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

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

// Outline is a feed in a list of feeds.
type Outline struct {
	Title    string
	Feed     string // address
	Home     string // the page that the feed belongs to
	Language press.Language
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
// §subscriptionLists).
type outline struct {
	Text     string `xml:"text,attr"`
	Title    string `xml:"title,attr"`
	Type     string `xml:"type,attr"`
	XMLURL   string `xml:"xmlUrl,attr"`
	HTMLURL  string `xml:"htmlUrl,attr"`
	Language string `xml:"language,attr"`
}

// WriteOPML writes a list of feeds as OPML 2.0 (media type [TypeOPML]). The date
// is left out if it is zero.
func WriteOPML(w io.Writer, title, owner string, changed time.Time, feeds []Outline) error {
	x := opmlXML{Version: "2.0", Title: legal(title), Owner: legal(owner), Docs: "https://opml.org/spec2.opml"}
	for _, f := range feeds {
		title := legal(f.Title)
		x.Body = append(x.Body, outline{title, title, "rss", f.Feed, f.Home, string(f.Language)})
	}
	if !changed.IsZero() {
		x.Date = changed.UTC().Format(time.RFC1123Z) // OPML 2.0 §head: as in RSS
	}
	return writeXML(w, x)
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

// opml answers with the feeds of a language, each article in one of them alone.
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
		return v, WriteOPML(b, name, name, v.at, s.apart(tree, lang, format))
	})
}

// apart lists the feeds of the top sections, with all that is below them: together they
// hold everything, and no article twice. Were the feed of everything listed too, or those
// of further levels, then most readers would show an article once for each of its feeds,
// and newsboat, which keeps an id once, in the feed that it read last: the others are
// empty there. One top section alone is everything.
func (s *Server) apart(tree press.Tree, lang press.Language, format string) []Outline {
	top := tree.OpenChildren(press.Root)
	if len(top) < 2 {
		return []Outline{{s.id.Name(lang), s.id.Site.Feed(lang, "", format), s.id.Site.Home(lang), lang}}
	}
	var all []Outline
	for _, section := range top {
		all = append(all, Outline{
			section.Name(lang, s.id.Languages[0]), s.id.Site.Feed(lang, section.Path, format), s.id.Site.Section(lang, section.Path), lang,
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

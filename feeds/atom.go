package feeds

import (
	"io"
	"strconv"
	"time"

	gorilla "github.com/gorilla/feeds"
)

// WriteAtom writes a feed as Atom (RFC 4287 §4; media type [TypeAtom]).
func WriteAtom(w io.Writer, f Feed) error {
	return gorilla.WriteXML(atom{f.legal()}, w)
}

// atom adapts a feed to gorilla's writer (gorilla.XmlFeed).
type atom struct{ Feed }

// atomFeed corrects gorilla's AtomFeed: its fields shadow those of the same
// element there.
type atomFeed struct {
	*gorilla.AtomFeed
	namespaces
	Lang  string     `xml:"xml:lang,attr,omitempty"` // RFC 4287 §2
	Links []atomLink `xml:"link"`
	past
	Entries []*atomEntry `xml:"entry"`
}

// atomEntry corrects gorilla's AtomEntry, whose category is text, not a term
// (RFC 4287 §4.2.2).
type atomEntry struct {
	*gorilla.AtomEntry
	Lang       string         `xml:"xml:lang,attr,omitempty"`
	Categories []atomCategory `xml:"category"`
	Media      []mediaContent `xml:"media:content"`
}

// atomLink adds the language of the target to gorilla's AtomLink
// (RFC 4287 §4.2.7).
type atomLink struct {
	gorilla.AtomLink
	Lang string `xml:"hreflang,attr,omitempty"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

// FeedXml returns the document for gorilla's writer.
func (a atom) FeedXml() any {
	feed := (&gorilla.Atom{Feed: a.model()}).AtomFeed()
	feed.Id = a.ID // gorilla uses the link, which changes when a section moves
	if a.Updated.IsZero() {
		// Nothing has been published yet. RFC 4287 §4.1.1 requires a date, and it
		// must be the same in every rendering.
		feed.Updated = time.Unix(0, 0).UTC().Format(time.RFC3339)
	}
	feed.Icon = a.Icon
	feed.Author = a.author()
	x := atomFeed{
		AtomFeed: feed, Lang: string(a.Language),
		// RFC 4287 §4.1.1: a feed should link to itself.
		Links: []atomLink{
			{AtomLink: gorilla.AtomLink{Href: a.Self, Rel: "self", Type: TypeAtom}},
			{AtomLink: gorilla.AtomLink{Href: a.Home, Rel: "alternate", Type: "text/html"}, Lang: string(a.Language)},
		},
	}
	if a.Hub != "" {
		x.Links = append(x.Links, atomLink{AtomLink: gorilla.AtomLink{Href: a.Hub, Rel: "hub"}}) // WebSub §4
	}
	for _, o := range a.Others {
		x.Links = append(x.Links, atomLink{AtomLink: gorilla.AtomLink{Href: o.Address, Rel: "alternate", Type: TypeAtom}, Lang: string(o.Language)})
	}
	if len(a.Others) > 0 {
		// Some readers take the first alternate for the page, some the last. So
		// the page is named twice, which RFC 4287 §4.1.1 allows if type or
		// hreflang differ.
		x.Links = append(x.Links, atomLink{AtomLink: gorilla.AtomLink{Href: a.Home, Rel: "alternate", Type: "text/html"}})
	}
	for _, r := range a.History.relations() {
		x.Links = append(x.Links, atomLink{AtomLink: gorilla.AtomLink{Href: r.href, Rel: r.rel, Type: TypeAtom}})
	}
	x.past, x.namespaces = a.past()
	for n, i := range a.Items {
		x.Entries = append(x.Entries, a.entry(i, feed.Entries[n]))
	}
	return x
}

func (a atom) entry(i Item, of *gorilla.AtomEntry) *atomEntry {
	// RFC 4287 §4.2.9, RFC 4287 §4.2.15: published is the first publication, updated
	// the last significant change.
	of.Published = a.local(i.Published).Format(time.RFC3339)
	of.Updated = a.local(i.Updated).Format(time.RFC3339)
	// RFC 4287 §4.2.1: readers should inherit the author of the feed, but don't.
	of.Author = a.author()
	// One alternate only: readers disagree on which of several to take.
	of.Links = []gorilla.AtomLink{{Href: i.Link, Rel: "alternate", Type: "text/html"}}
	if len(i.Images) > 0 {
		of.Links = append(of.Links, enclosure(i.Images[0]))
	}
	for _, f := range i.Files { // unlike RSS, an entry may have several
		of.Links = append(of.Links, enclosure(Image{URL: f.URL, Type: f.Type, Length: f.Length}))
	}
	of.Summary, of.Content = nil, nil
	if i.Summary != "" {
		of.Summary = &gorilla.AtomSummary{Type: "text", Content: i.Summary} // RFC 4287 §3.1.1.1
	}
	if i.Content != "" {
		of.Content = &gorilla.AtomContent{Type: "html", Content: i.Content} // RFC 4287 §4.1.3.3
	}
	e := &atomEntry{AtomEntry: of, Lang: string(i.Language), Media: i.media()}
	for _, c := range i.categories() {
		e.Categories = append(e.Categories, atomCategory{Term: c})
	}
	return e
}

func (a atom) author() *gorilla.AtomAuthor {
	return &gorilla.AtomAuthor{AtomPerson: gorilla.AtomPerson{Name: a.Author.Name, Uri: a.Author.URI}} // RFC 4287 §3.2
}

// enclosure links to a picture or file; the length is a hint and may be missing
// (RFC 4287 §4.2.7.6).
func enclosure(i Image) gorilla.AtomLink {
	link := gorilla.AtomLink{Href: i.URL, Rel: "enclosure", Type: i.Type}
	if i.Length > 0 {
		link.Length = strconv.FormatInt(i.Length, 10)
	}
	return link
}

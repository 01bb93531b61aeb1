package feeds

import (
	"encoding/xml"
	"html"
	"io"
	"strconv"
	"time"

	gorilla "github.com/gorilla/feeds"

	"communique/storage/press"
)

// Namespaces that an RSS feed borrows from.
const (
	namespaceAtom    = "http://www.w3.org/2005/Atom"
	namespaceContent = "http://purl.org/rss/1.0/modules/content/"
	namespaceDublin  = "http://purl.org/dc/elements/1.1/"
)

// WriteRSS writes a feed as RSS 2.0 (media type [TypeRSS]).
func WriteRSS(w io.Writer, f Feed) error {
	return gorilla.WriteXML(rss{f.legal()}, w)
}

// rss is a feed on its way into gorilla's writer (gorilla.XmlFeed).
type rss struct{ Feed }

// rssXML is gorilla's RssFeedXml with the namespaces that it lacks.
type rssXML struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Dublin  string   `xml:"xmlns:dc,attr"`
	namespaces
	Channel rssChannel
}

// rssChannel corrects gorilla's RssFeed; fields here hide its fields of the
// same element.
type rssChannel struct {
	*gorilla.RssFeed
	// Links tell a reader that was handed the document where it lives
	// (RSS Profile §namespace-elements-atom-link), and where its past is.
	Links []rssLink `xml:"atom:link"`
	past
	Items []*rssItem `xml:"item"`
}

// rssLink is gorilla's AtomLink without its own element name, which would win
// over the prefixed one.
type rssLink struct {
	Href string         `xml:"href,attr"`
	Rel  string         `xml:"rel,attr"`
	Type string         `xml:"type,attr,omitempty"`
	Lang press.Language `xml:"hreflang,attr,omitempty"`
}

// rssItem corrects gorilla's RssItem: categories are many, the author is a
// name and no mail address, and the last correction has a date.
type rssItem struct {
	*gorilla.RssItem
	Categories []string `xml:"category"`
	// Creator is dc:creator, because RSS 2.0 §item.author must be a mail address.
	Creator string `xml:"dc:creator,omitempty"`
	// Updated is atom:updated; RSS has no date of its own for a correction.
	Updated string         `xml:"atom:updated"`
	Media   []mediaContent `xml:"media:content"`
}

// FeedXml arranges the document for gorilla's writer.
func (r rss) FeedXml() any {
	channel := (&gorilla.Rss{Feed: r.model()}).RssFeed()
	channel.Language = string(r.Language)
	// RSS 2.0 §pubDate of a channel would need a schedule of publication; it is
	// lastBuildDate that says when the content last changed.
	channel.PubDate = ""
	if r.Icon != "" {
		// RSS 2.0 §image: title and link are the channel's.
		channel.Image = &gorilla.RssImage{Url: r.Icon, Title: r.Title, Link: r.Home}
	}
	if channel.Description == "" {
		channel.Description = r.Title // RSS 2.0 §description is required
	}
	x := rssXML{
		Version: "2.0", Atom: namespaceAtom, Content: namespaceContent, Dublin: namespaceDublin,
		Channel: rssChannel{
			RssFeed: channel,
			Links:   []rssLink{{Href: r.Self, Rel: "self", Type: TypeRSS}},
		},
	}
	if r.Hub != "" {
		x.Channel.Links = append(x.Channel.Links, rssLink{Href: r.Hub, Rel: "hub"}) // WebSub §4
	}
	for _, link := range r.History.relations() {
		x.Channel.Links = append(x.Channel.Links, rssLink{Href: link.href, Rel: link.rel, Type: TypeRSS})
	}
	for _, o := range r.Others {
		x.Channel.Links = append(x.Channel.Links, rssLink{Href: o.Address, Rel: "alternate", Type: TypeRSS, Lang: o.Language})
	}
	x.Channel.past, x.namespaces = r.past()
	for n, i := range r.Items {
		x.Channel.Items = append(x.Channel.Items, r.item(i, channel.Items[n]))
	}
	return styled{r.Style, x}
}

func (r rss) item(i Item, of *gorilla.RssItem) *rssItem {
	// RSS 2.0 §item.description is HTML; the summary is plain text.
	of.Description = html.EscapeString(i.Summary)
	if len(i.Images) > 0 && i.Images[0].Type != "" && i.Images[0].Length > 0 {
		// RSS 2.0 §item.enclosure requires length and type: without them the
		// enclosure is left out rather than made up. At most one
		// (RSS Profile §element-channel-item-enclosure).
		p := i.Images[0]
		of.Enclosure = &gorilla.RssEnclosure{Url: p.URL, Type: p.Type, Length: strconv.FormatInt(p.Length, 10)}
	}
	return &rssItem{
		RssItem:    of,
		Categories: i.categories(), // RSS 2.0 §item.category: the hierarchy is joined by "/"
		Creator:    r.Author.Name,
		Updated:    i.Updated.UTC().Format(time.RFC3339),
		Media:      i.media(),
	}
}

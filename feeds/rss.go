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

// Namespaces used by RSS feeds.
const (
	namespaceAtom    = "http://www.w3.org/2005/Atom"
	namespaceContent = "http://purl.org/rss/1.0/modules/content/"
	namespaceDublin  = "http://purl.org/dc/elements/1.1/"
)

// WriteRSS writes a feed as RSS 2.0 (media type [TypeRSS]).
func WriteRSS(w io.Writer, f Feed) error {
	return gorilla.WriteXML(rss{f.legal()}, w)
}

// rss adapts a feed to gorilla's writer (gorilla.XmlFeed).
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

// rssChannel corrects gorilla's RssFeed: its fields shadow those of the same
// element there.
type rssChannel struct {
	*gorilla.RssFeed
	// Links give the document's own address (RSS Profile
	// §namespace-elements-atom-link), its hub, its archive and its translations.
	Links []rssLink `xml:"atom:link"`
	past
	Items []*rssItem `xml:"item"`
}

// rssLink is gorilla's AtomLink without its element name, which would override the
// prefixed one.
type rssLink struct {
	Href string         `xml:"href,attr"`
	Rel  string         `xml:"rel,attr"`
	Type string         `xml:"type,attr,omitempty"`
	Lang press.Language `xml:"hreflang,attr,omitempty"`
}

// rssItem corrects gorilla's RssItem: it has several categories, its author is a
// name instead of a mail address, and the last correction has a date.
type rssItem struct {
	*gorilla.RssItem
	Categories []string `xml:"category"`
	// Creator is dc:creator, because RSS 2.0 §item.author must be a mail address.
	Creator string `xml:"dc:creator,omitempty"`
	// Updated is atom:updated; RSS has no element for the date of a correction.
	Updated string         `xml:"atom:updated"`
	Media   []mediaContent `xml:"media:content"`
}

// FeedXml returns the document for gorilla's writer.
func (r rss) FeedXml() any {
	channel := (&gorilla.Rss{Feed: r.model()}).RssFeed()
	channel.Language = string(r.Language)
	// RSS 2.0 §pubDate of a channel implies a schedule of publication; lastBuildDate
	// says when the content last changed.
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
	return x
}

func (r rss) item(i Item, of *gorilla.RssItem) *rssItem {
	// RSS 2.0 §item.description is HTML; the summary is plain text.
	of.Description = html.EscapeString(i.Summary)
	// RSS 2.0 §item.enclosure requires length and type: if they are unknown, there is
	// no enclosure. An item has one at most (RSS Profile §element-channel-item-enclosure).
	switch {
	case len(i.Images) > 0 && i.Images[0].Type != "" && i.Images[0].Length > 0:
		p := i.Images[0]
		of.Enclosure = &gorilla.RssEnclosure{Url: p.URL, Type: p.Type, Length: strconv.FormatInt(p.Length, 10)}
	case len(i.Files) > 0:
		f := i.Files[0]
		of.Enclosure = &gorilla.RssEnclosure{Url: f.URL, Type: f.Type, Length: strconv.FormatInt(f.Length, 10)}
	}
	return &rssItem{
		RssItem:    of,
		Categories: i.categories(), // RSS 2.0 §item.category: the hierarchy is joined by "/"
		Creator:    r.Author.Name,
		Updated:    r.local(i.Updated).Format(time.RFC3339),
		Media:      i.media(),
	}
}

package feeds

import (
	"slices"
	"time"

	gorilla "github.com/gorilla/feeds"

	"communique/storage/press"
)

// Media types of the formats.
const (
	TypeRSS  = "application/rss+xml"
	TypeAtom = "application/atom+xml"
	TypeJSON = "application/feed+json"
)

// Feed is what a section publishes in one language, newest first, independent of
// the format. All addresses are absolute.
type Feed struct {
	ID       string // a tag: URI, the same in every format
	Title    string
	Subtitle string
	Language press.Language
	Home     string // the page that the feed belongs to
	Self     string // the address of this document
	Hub      string // where to subscribe to it (WebSub §4); empty if it cannot be subscribed to
	Icon     string // address of a PNG, JPEG or GIF that represents the author; may be empty
	Author   Author
	// Others are the same feed in other languages, in the same format.
	Others []OtherFeed
	// Updated is the commit time of the entry that last changed the feed, never
	// the time of rendering: the same version has the same bytes.
	Updated time.Time
	// Zone is the institution's, in which all times are written: readers who don't
	// convert them show its days. Nil is UTC.
	Zone    *time.Location
	Items   []Item
	History History
	// Deleted are the articles that were withdrawn.
	Deleted []Deleted
}

// History links a feed to its older parts (RFC 5005 §4). Each address is that of a
// feed in the same format, or empty.
type History struct {
	// Archive marks a document whose set of articles no longer changes.
	Archive bool
	Current string // the newest part of the feed, as older parts link to it
	Older   string // the archive document before this one
	Newer   string // the archive document after this one
}

// Deleted is a tombstone: it tells readers who have an article that it was
// withdrawn.
type Deleted struct {
	ID     string // of the article
	At     time.Time
	Reason string // plain text
}

// OtherFeed is the same feed in another language.
type OtherFeed struct {
	Language press.Language
	Address  string
}

// Author is the institution.
type Author struct{ Name, URI string }

// Item is an article in a feed.
type Item struct {
	ID      string // a tag: URI made from the article's id
	Link    string // the article's page
	Title   string // plain text
	Summary string // plain text
	Content string // HTML, complete
	// Published is the first publication, Updated the last correction that
	// was not minor, or else Published.
	Published, Updated time.Time
	Language           press.Language // if it differs from the feed's
	Section            string         // the names of the path joined by "/", as RSS wants a category
	Kind               string         // what people call it; may be empty
	Tags               []string
	Images             []Image // the first one represents the article
	Files              []File
}

// File is a file that an article links to.
type File struct {
	URL    string
	Type   string // media type
	Length int64  // bytes
	Title  string // plain text
}

// Image is a picture of an article.
type Image struct {
	URL           string
	Type          string // media type; empty if unknown
	Length        int64  // bytes; 0 if unknown
	Width, Height int    // pixels; 0 if unknown
	Alt           string // alternative text
	Credit        string // who made it
	Thumbnail     *Thumbnail
}

// Thumbnail is a smaller size of a picture.
type Thumbnail struct {
	URL           string
	Width, Height int
}

// categories are the section's path, the kind and the tags.
func (i Item) categories() []string {
	var all []string
	if i.Section != "" {
		all = append(all, i.Section)
	}
	if i.Kind != "" && !slices.Contains(i.Tags, i.Kind) {
		all = append(all, i.Kind)
	}
	return append(all, i.Tags...)
}

// legal returns the feed with every text made fit for XML 1.0.
func (f Feed) legal() Feed {
	for _, s := range []*string{&f.ID, &f.Title, &f.Subtitle, &f.Home, &f.Self, &f.Hub, &f.Icon, &f.Author.Name, &f.Author.URI,
		&f.History.Current, &f.History.Older, &f.History.Newer} {
		*s = legal(*s)
	}
	items := make([]Item, len(f.Items))
	for n, i := range f.Items {
		items[n] = i.legal()
	}
	f.Items = items
	deleted := make([]Deleted, len(f.Deleted))
	for n, d := range f.Deleted {
		deleted[n] = Deleted{ID: legal(d.ID), At: d.At, Reason: legal(d.Reason)}
	}
	f.Deleted = deleted
	return f
}

func (i Item) legal() Item {
	for _, s := range []*string{&i.ID, &i.Link, &i.Title, &i.Summary, &i.Content, &i.Section, &i.Kind} {
		*s = legal(*s)
	}
	tags := make([]string, len(i.Tags))
	for n, t := range i.Tags {
		tags[n] = legal(t)
	}
	i.Tags = tags
	images := make([]Image, len(i.Images))
	for n, p := range i.Images {
		p.URL, p.Type, p.Alt, p.Credit = legal(p.URL), legal(p.Type), legal(p.Alt), legal(p.Credit)
		images[n] = p
	}
	i.Images = images
	files := make([]File, len(i.Files))
	for n, f := range i.Files {
		files[n] = File{URL: legal(f.URL), Type: legal(f.Type), Length: f.Length, Title: legal(f.Title)}
	}
	i.Files = files
	return i
}

// local is a time as the feed writes it.
func (f Feed) local(t time.Time) time.Time {
	if f.Zone == nil {
		return t.UTC()
	}
	return t.In(f.Zone)
}

// model converts the feed to that of gorilla/feeds.
func (f Feed) model() *gorilla.Feed {
	m := &gorilla.Feed{
		Title: f.Title, Description: f.Subtitle, Id: f.ID, Updated: f.local(f.Updated),
		Link: &gorilla.Link{Href: f.Home, Rel: "alternate"},
	}
	for _, i := range f.Items {
		m.Add(&gorilla.Item{
			Id: i.ID, IsPermaLink: "false", Title: i.Title, Description: i.Summary, Content: i.Content,
			Link:    &gorilla.Link{Href: i.Link, Rel: "alternate"},
			Created: f.local(i.Published), Updated: f.local(i.Updated),
		})
	}
	return m
}

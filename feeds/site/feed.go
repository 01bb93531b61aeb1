package site

import (
	"io"
	"strings"
	"time"

	"communique/storage/press"
)

// Feed is a feed as the page shows it that a browser gets at its address.
type Feed struct {
	Language     press.Language
	Title        string
	Home         string // the page that the feed belongs to
	Address      string // of the feed itself
	Items        []FeedItem
	Older, Newer string // the archive documents beside it, or empty
}

// FeedItem is an item of a feed.
type FeedItem struct {
	Title, Address, Summary string
	Language                press.Language
	Published               time.Time
}

type feedView struct {
	frame
	Headline Text
	HomePage string
	listView
}

// AddressParts are the parts of the feed's address between which it may be broken, so
// that a narrow window breaks none of its words.
func (v feedView) AddressParts() []string { return strings.SplitAfter(v.Address, "/") }

// Feed writes the page of a feed: what it is for, its address, and its items with
// links and dates.
func (s *Site) Feed(w io.Writer, v Feed) error {
	f := s.frame(v.Language)
	f.NoIndex = true // search engines list the page that the feed belongs to
	f.Trail = s.trail(nil, v.Language, f.W)
	f.Title, f.Description = f.W.Feeds+" – "+v.Title, f.W.Latest+f.W.Colon+v.Title
	f.Address, f.Prev, f.Next = v.Address, v.Newer, v.Older
	view := feedView{frame: f, Headline: Text{v.Title, v.Language}, HomePage: v.Home}
	for _, i := range v.Items {
		view.Articles = append(view.Articles, listedView{
			Link: Link{Text: Text{i.Title, i.Language}, URL: i.Address}, Date: s.day(i.Published, f.W), Lead: i.Summary,
		})
	}
	return s.execute(w, "feed", view)
}

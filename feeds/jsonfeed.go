package feeds

import (
	"cmp"
	"encoding/json"
	"io"

	gorilla "github.com/gorilla/feeds"
)

// WriteJSON writes a feed as JSON Feed 1.1 (media type [TypeJSON]).
func WriteJSON(w io.Writer, f Feed) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false) // content is mostly markup; escaping would make it a quarter larger
	return e.Encode(newJSONFeed(f.legal()))
}

// jsonFeed corrects gorilla's JSONFeed: its fields shadow those of the same key
// there. Items are written even if there are none: JSON Feed 1.1 §items is required.
type jsonFeed struct {
	*gorilla.JSONFeed
	Items []*jsonItem `json:"items"`
	Past  *jsonPast   `json:"_communique,omitempty"`
}

// jsonItem corrects gorilla's JSONItem, whose attachments give their size under a
// key that no reader knows, in a type too small for a film.
type jsonItem struct {
	*gorilla.JSONItem
	Language    string           `json:"language,omitempty"`
	Attachments []jsonAttachment `json:"attachments,omitempty"`
}

// jsonAttachment is a file of an item (JSON Feed 1.1 §attachments).
type jsonAttachment struct {
	URL  string `json:"url"`
	Type string `json:"mime_type"`
	// Title is the alternative text of a picture, or what the text calls a file.
	Title string `json:"title,omitempty"`
	Size  int64  `json:"size_in_bytes,omitempty"`
}

func newJSONFeed(f Feed) jsonFeed {
	feed := (&gorilla.JSON{Feed: f.model()}).JSONFeed()
	authors := []*gorilla.JSONAuthor{{Name: f.Author.Name, Url: f.Author.URI}}
	feed.FeedUrl = f.Self                     // JSON Feed 1.1 §feed_url
	feed.Language = string(f.Language)        // JSON Feed 1.1 §language
	feed.Icon, feed.Authors = f.Icon, authors // JSON Feed 1.1 §authors; the older "author" is gone
	feed.NextUrl = f.History.Older            // JSON Feed 1.1 §next_url
	if f.Hub != "" {
		feed.Hubs = []*gorilla.JSONHub{{Type: "WebSub", Url: f.Hub}} // JSON Feed 1.1 §hubs
	}
	x := jsonFeed{JSONFeed: feed, Items: []*jsonItem{}, Past: f.jsonPast()}
	for n, i := range f.Items {
		item := feed.Items[n]
		item.Authors = authors
		item.Tags = i.categories() // JSON Feed 1.1 §tags
		if i.Content == "" {
			item.ContentText = cmp.Or(i.Summary, i.Title) // JSON Feed 1.1 §content_html or content_text is required
		}
		of := &jsonItem{JSONItem: item, Language: string(cmp.Or(i.Language, f.Language))}
		if len(i.Images) > 0 {
			item.Image = i.Images[0].URL // JSON Feed 1.1 §image
		}
		for _, p := range i.Images {
			if p.Type != "" {
				of.Attachments = append(of.Attachments, jsonAttachment{URL: p.URL, Type: p.Type, Title: p.Alt, Size: p.Length})
			}
		}
		for _, file := range i.Files {
			of.Attachments = append(of.Attachments, jsonAttachment{URL: file.URL, Type: file.Type, Title: file.Title, Size: file.Length})
		}
		x.Items = append(x.Items, of)
	}
	return x
}

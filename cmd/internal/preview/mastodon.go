package preview

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// Post is what Mastodon shows of an article to those who follow.
type Post struct {
	Title string `json:"title"`
	// Text is what stands below the title, after its cutting.
	Text     string         `json:"text"`
	Tags     []string       `json:"tags"`
	Language press.Language `json:"language"`
	// Pictures is how many are attached: then there is no card.
	Pictures int   `json:"pictures"`
	Card     *Card `json:"card,omitempty"`
}

// Card is the preview of the page below a post.
type Card struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Site        string `json:"site"`
	Image       string `json:"image"`
	ImageAlt    string `json:"image_alt"`
}

// object is what Mastodon reads of an object.
type object struct {
	Type       string
	Name       string
	Summary    string
	Content    string
	ContentMap map[string]string
	URL        string
	Tag        []struct{ Name string }
	Attachment []struct{ URL string }
}

// Mastodon reads an article's object and its page as Mastodon does (INTEROP O7, O8,
// O10, O14, H2): of a Note it shows the content, the tags at its end apart, and a card of
// the page; of an Article the name, the summary and the address.
func Mastodon(sent, page []byte) (Post, error) {
	var o object
	if err := json.Unmarshal(sent, &o); err != nil {
		return Post{}, fmt.Errorf("read the object: %w", err)
	}
	p := Post{Title: richtext.Line(richtext.Text(press.HTML(o.Name))), Pictures: len(o.Attachment)}
	for lang := range o.ContentMap {
		p.Language = press.Language(lang)
	}
	for _, t := range o.Tag {
		p.Tags = append(p.Tags, t.Name)
	}
	if o.Type == "Article" {
		p.Text = paragraphs(richtext.Text(press.HTML(o.Summary)), o.URL)
	} else {
		parts := strings.Split(richtext.Text(press.HTML(invisible.ReplaceAllString(ellipsis.ReplaceAllString(o.Content, "$1…"), ""))), "\n\n")
		p.Title, parts = parts[0], parts[1:]
		if len(p.Tags) > 0 && len(parts) > 0 {
			parts = parts[:len(parts)-1]
		}
		p.Text = paragraphs(parts...)
	}
	if p.Pictures == 0 {
		p.Card = card(page)
	}
	return p, nil
}

// Mastodon shows nothing of what is marked as invisible, and three dots behind what is
// marked as cut.
var (
	invisible = lazyregexp.New(`<span class="invisible">[^<]*</span>`)
	ellipsis  = lazyregexp.New(`<span class="ellipsis">([^<]*)</span>`)
)

func paragraphs(parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, "\n\n")
}

// card reads the metadata of a page.
func card(page []byte) *Card {
	var c Card
	fields := map[string]*string{
		"og:title": &c.Title, "og:description": &c.Description, "og:site_name": &c.Site, "og:image": &c.Image, "og:image:alt": &c.ImageAlt,
	}
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return &c
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if into := fields[attribute(t, "property")]; t.Data == "meta" && into != nil && *into == "" {
				*into = attribute(t, "content")
			}
		}
	}
}

package feeds

import (
	"encoding/json"
	"encoding/xml"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"communique/feeds/site"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/richtext/richtexttest"
)

// FuzzFeedsSay: in every format a feed says each word of a random text whole, and what
// it says in short says nothing that is struck and puts nothing together that is apart.
func FuzzFeedsSay(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, seed*17)
	}
	s := &Server{}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		text := richtexttest.New(rand.New(rand.NewPCG(a, b)))
		fromHTML, _ := richtext.Clean(text.HTML, nil)
		fromMarkdown, _, err := richtext.Markdown([]byte(text.Markdown), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text.Markdown)
		}
		for source, body := range map[string]press.HTML{text.HTML: fromHTML, text.Markdown: fromMarkdown} {
			of := press.Article{ID: "abcdefghijklmnop", Language: "en", Title: "A", Body: body}
			feed := sample()
			feed.Items = feed.Items[:1]
			feed.Items[0].Content, feed.Items[0].Summary = s.body(of), site.Summary(of)
			feed.Items[0].Images = nil
			for format := range writers {
				whole, short := itemOf(t, format, render(t, format, feed))
				if gone := text.Missing(visibleIn(whole)); len(gone) > 0 {
					t.Errorf("%s has lost %q of %s", format, gone, richtexttest.Around(source, gone[0]))
				}
				if said := text.Struck(short); len(said) > 0 {
					t.Errorf("%s says what is struck, %q: %s\nof %s", format, said, short, richtexttest.Around(source, said[0]))
				}
				if wrong := text.Together(short); len(wrong) > 0 {
					t.Errorf("%s puts together %q: %s\nof %s", format, wrong, short, richtexttest.Around(source, richtexttest.Whole(wrong[0])))
				}
			}
		}
	})
}

// itemOf is the content and the summary of a feed's only item.
func itemOf(t *testing.T, format string, document []byte) (whole, short string) {
	t.Helper()
	var err error
	switch format {
	case "json":
		var f struct {
			Items []struct {
				Content string `json:"content_html"`
				Summary string `json:"summary"`
			} `json:"items"`
		}
		err = json.Unmarshal(document, &f)
		whole, short = f.Items[0].Content, f.Items[0].Summary
	case "atom":
		var f struct {
			Content string `xml:"entry>content"`
			Summary string `xml:"entry>summary"`
		}
		err = xml.Unmarshal(document, &f)
		whole, short = f.Content, f.Summary
	default:
		var f struct {
			Content string `xml:"channel>item>encoded"`
			Summary string `xml:"channel>item>description"`
		}
		err = xml.Unmarshal(document, &f)
		whole, short = f.Content, html.UnescapeString(f.Summary)
	}
	if err != nil {
		t.Fatalf("%s: %v", format, err)
	}
	return whole, short
}

// visibleIn is all text of HTML.
func visibleIn(content string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(content))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}

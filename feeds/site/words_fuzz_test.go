package site

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/richtext/richtexttest"
)

// FuzzPageSays: the page of a random text says each of its words, and what the page
// says of it in short, to previews and search engines, says nothing that is struck and
// puts nothing together that is apart.
func FuzzPageSays(f *testing.F) {
	for seed := range uint64(40) {
		f.Add(seed, seed*13)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		s := richtexttest.New(rand.New(rand.NewPCG(a, b)))
		fromHTML, _ := richtext.Clean(s.HTML, nil)
		fromMarkdown, _, err := richtext.Markdown([]byte(s.Markdown), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, s.Markdown)
		}
		v := article()
		v.Article.Lead, v.Article.Images = "", nil
		for source, body := range map[string]press.HTML{s.HTML: fromHTML, s.Markdown: fromMarkdown} {
			v.Article.Body = body
			page := document(t, render(t, open(t, identity()), v))
			var shown strings.Builder
			page.Find("article").Find("*").Contents().Each(func(_ int, n *goquery.Selection) {
				if n.Nodes[0].Type == html.TextNode {
					shown.WriteString(n.Nodes[0].Data)
				}
			})
			if gone := s.Missing(shown.String()); len(gone) > 0 {
				t.Errorf("the page has lost %q of %s", gone, richtexttest.Around(source, gone[0]))
			}
			page.Find(`meta[property="og:description"], meta[name="description"]`).Each(func(_ int, m *goquery.Selection) {
				short := m.AttrOr("content", "")
				if said := s.Struck(short); len(said) > 0 {
					t.Errorf("the description says what is struck, %q: %s\nof %s", said, short, richtexttest.Around(source, said[0]))
				}
				if wrong := s.Together(short); len(wrong) > 0 {
					t.Errorf("the description puts together %q: %s\nof %s", wrong, short, richtexttest.Around(source, richtexttest.Whole(wrong[0])))
				}
			})
		}
	})
}

package microhtml

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/richtext/richtexttest"
)

// FuzzArticle: a post says each word of a random text, puts none together that
// are apart on the page, and passes receivers' cleaning unchanged.
func FuzzArticle(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed, seed*11)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		s := richtexttest.New(rand.New(rand.NewPCG(a, b)))
		fromHTML, _ := richtext.Clean(s.HTML, nil)
		fromMarkdown, _, err := richtext.Markdown([]byte(s.Markdown), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, s.Markdown)
		}
		for source, h := range map[string]press.HTML{s.HTML: fromHTML, s.Markdown: fromMarkdown} {
			cut, whole := Cut(richtext.At(h, "https://mfa.example/x"), "en", 10<<20)
			if !whole {
				t.Errorf("%d bytes have no room", len(cut))
			}
			if gone := s.Missing(plain(cut)); len(gone) > 0 {
				t.Errorf("the post has lost %q of %s", gone, richtexttest.Around(source, gone[0]))
			}
			// Blocks are on lines of their own for whoever reads it.
			if wrong := s.Together(plain(lines(cut))); len(wrong) > 0 {
				word := richtexttest.Whole(wrong[0])
				t.Errorf("the post puts together %q: %s\nof %s", wrong, richtexttest.Around(cut, word), richtexttest.Around(source, word))
			}
			if cleaned := mastodon(t, cut); cleaned != cut {
				t.Errorf("receivers change it: %s", cmp.Diff(cut, cleaned))
			}
		}
	})
}

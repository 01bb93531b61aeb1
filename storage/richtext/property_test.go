package richtext

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext/richtexttest"
)

// visible is all text of a cleaned fragment, as a page shows it.
func visible(h press.HTML) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(string(h)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}

// FuzzWords: each word of a random text is on the page, no plain form says what
// is struck through, and none puts together what is apart on the page.
func FuzzWords(f *testing.F) {
	for seed := range uint64(100) {
		f.Add(seed, seed*7)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		s := richtexttest.New(rand.New(rand.NewPCG(a, b)))
		fromHTML, _ := Clean(s.HTML, nil)
		fromMarkdown, _, err := Markdown([]byte(s.Markdown), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, s.Markdown)
		}
		for source, h := range map[string]press.HTML{s.HTML: fromHTML, s.Markdown: fromMarkdown} {
			if gone := s.Missing(visible(h)); len(gone) > 0 {
				t.Errorf("the page has lost %q of %s", gone, richtexttest.Around(source, gone[0]))
			}
			if gone := s.Missing(visible(At(h, "https://mfa.example/x"))); len(gone) > 0 {
				t.Errorf("the feed has lost %q", gone)
			}
			if said := s.Hidden(visible(h)); len(said) > 0 {
				t.Errorf("the page shows what is hidden, %q of %s", said, richtexttest.Around(source, said[0]))
			}
			for name, plain := range map[string]string{"text": Text(h), "excerpt": Excerpt(h, 1<<20), "line": Line(Text(h))} {
				if said := s.Struck(plain); len(said) > 0 {
					t.Errorf("the %s says what is struck, %q: %s\nof %s", name, said, richtexttest.Around(plain, said[0]), richtexttest.Around(source, said[0]))
				}
				if wrong := s.Together(plain); len(wrong) > 0 {
					word := richtexttest.Whole(wrong[0])
					t.Errorf("the %s puts together %q: %s\nof %s", name, wrong, richtexttest.Around(plain, word), richtexttest.Around(source, word))
				}
			}
			for _, w := range s.Words {
				if !w.Struck && !w.Alt && !w.Hidden && !strings.Contains(said(Text(h)), w.Text) {
					t.Errorf("the text has lost %q of %s", w.Text, richtexttest.Around(source, w.Text))
				}
			}
		}
	})
}

// FuzzMarkdown: whatever is typed is refused with its line or gives a clean text.
func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"# a {#b}\n\nx[^1] ~~y~~ **z**\n\n[^1]: n", "| a | b |\n|---|---|\n| `c\\|d` | e | f |", "<div>\n<x y> **z**\n</div>", "a\n: b\n\n- [x] c\n\n> d",
		"会\n**议（一）**二 https://a.example/公", "<title> <b c> <!-- d --> &nbsp; [e](#f \"g\")",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		read, err := ReadMarkdown([]byte(in), base(t))
		var at *LineError
		if errors.As(err, &at) && (at.Line < 1 || at.Line > strings.Count(in, "\n")+1) {
			t.Errorf("refused at line %d", at.Line)
		}
		for _, n := range read.Notes {
			if n.Line < 1 || n.Line > strings.Count(in, "\n")+1 {
				t.Errorf("a note at line %d: %s", n.Line, n.What)
			}
		}
		checkClean(t, string(read.Body))
	})
}

package newsroom

import (
	"testing"

	"communique/storage/press"
)

// TestMayHave: no article is passed over in which the words stand.
func TestMayHave(t *testing.T) {
	t.Parallel()
	for body, tt := range map[press.HTML]struct {
		text string
		want bool
	}{
		"<p>The <em>har</em>bour of A&amp;B</p>":             {"harbour of a&b", true},
		"<p>The harbour</p>":                                 {"airport", false},
		"<p>Caf&#233; &eacute;t&eacute;</p>":                 {"été", true},
		"<p>har<s>x</s>bour</p>":                             {"harbour", true},
		"<p>王毅訪問</p>":                                        {"訪問", true},
		"<p><a href=\"https://x.example/airport\">a</a></p>": {"airport", false},
		"<p>x</p>": {"", true},
		"<p>…</p>": {"…", true},
	} {
		if got := mayHave(body, tt.text); got != tt.want {
			t.Errorf("%q in %q: %v", tt.text, body, got)
		}
	}
}

// BenchmarkListText looks for words in ten thousand articles, which none has.
func BenchmarkListText(b *testing.B) {
	body := press.HTML("")
	for range 40 {
		body += "<p>The minister <em>signed</em> the treaty of the harbours &amp; the sea, <a href=\"https://x.example/a\">as it was</a> agreed upon before.</p>\n"
	}
	a := press.Article{Title: "A treaty", Body: body}
	l := Listing{Text: "spokesperson of"}
	for b.Loop() {
		for range 10_000 {
			if l.has(a) {
				b.Fatal("found")
			}
		}
	}
}

package importer

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// recurring are parts of texts whose words, WORDS, recur in other texts: a set in which they
// do must not take them for those of its template.
var recurring = []struct{ name, html string }{
	{"a paragraph", `<p>WORDS</p>`},
	{"a lead", `<p class="lead">WORDS</p>`},
	{"a box", `<div class="slip">WORDS</div>`},
	{"a box of paragraphs", `<div class="slip"><p>WORDS</p></div>`},
	{"a nameless box", `<div>WORDS</div>`},
	{"a heading", `<h3 class="hd">WORDS</h3><p>PAGE is what is meant by that in the treaty of this year.</p>`},
	{"a signature", `<p class="sig">WORDS</p>`},
	{"the head of a table", `<table><tr><th>WORDS</th><th>Level</th></tr><tr><td>PAGE</td><td>Medium</td></tr></table>`},
	{"a cell", `<table class="t"><tr><td>PAGE</td><td>WORDS</td></tr><tr><td>Sea</td><td>Medium</td></tr></table>`},
	{"a caption", `<figure><img src="https://mfa.example/PAGE.jpg" alt="PAGE"><figcaption>WORDS</figcaption></figure>`},
	{"an item", `<ul class="l"><li>WORDS</li><li>PAGE</li></ul>`},
	{"a definition", `<dl><dt>WORDS</dt><dd>PAGE</dd></dl>`},
	{"an aside", `<aside class="box"><p>WORDS</p></aside>`},
	{"a quotation", `<blockquote><p>PAGE is ours.</p><footer>WORDS</footer></blockquote>`},
	{"words in a line", `<p>It is PAGE, and <em class="e">WORDS</em>.</p>`},
	{"a footer", `<footer class="end">WORDS</footer>`},
}

// fewShapes are templates with places in and around their texts.
var fewShapes = []string{
	`<div class="page"><h1>TITLE</h1><span class="d">DATE</span>ABOVE<div class="words">BEGIN FIRST AMID REST END</div>BELOW</div>`,
	`<article><h1>TITLE</h1><p class="d">DATE</p>ABOVE<div class="words">BEGIN FIRST AMID REST END</div>BELOW</article>`,
	`<main><div class="head"><h1>TITLE</h1><p class="d">DATE</p></div>BEGIN FIRST AMID REST END</main>`,
}

var fewPlaces = []string{"ABOVE", "BEGIN", "AMID", "END", "BELOW"}

// TestLearnKeepsWhatFewPagesSay: words that stand on some pages of a set and not on most are
// kept, or in doubt and quoted, wherever they stand.
func TestLearnKeepsWhatFewPagesSay(t *testing.T) {
	t.Parallel()
	const each = 3 // pages of a kind
	for s, shape := range fewShapes {
		for _, place := range fewPlaces {
			if !strings.Contains(shape, place) {
				continue
			}
			t.Run(fmt.Sprint(s, place), func(t *testing.T) {
				t.Parallel()
				keepsWords(t, shape, place, each*len(recurring), func(i int) (html, words string) {
					r := recurring[i%len(recurring)]
					return r.html, "For " + r.name + " turn to the press office of the ministry in room nine"
				})
			})
		}
	}
}

// TestLearnKeepsWhatFewPagesSayOtherwise: the same where other pages have other words in the
// same elements, or most have furniture there.
func TestLearnKeepsWhatFewPagesSayOtherwise(t *testing.T) {
	t.Parallel()
	const pages = 20
	for _, r := range recurring {
		if !slices.Contains([]string{"a paragraph", "a lead", "a box", "a box of paragraphs", "a signature", "a footer"}, r.name) {
			continue
		}
		for _, place := range fewPlaces {
			for _, furniture := range []bool{false, true} {
				t.Run(fmt.Sprint(r.name, " ", place, " ", furniture), func(t *testing.T) {
					t.Parallel()
					keepsWords(t, fewShapes[0], place, pages, func(i int) (html, words string) {
						switch {
						case i%6 == 0:
							return r.html, "For more information turn to the press office of the ministry in room nine"
						case furniture:
							return r.html, ""
						}
						return r.html, "Of this the ministry of " + letters(i*7) + " will say more in the days to come"
					})
				})
			}
		}
	}
}

// keepsWords learns from pages with parts of texts, and looks for their words in what each
// page becomes; of a part without words that is to be furniture of the set.
func keepsWords(t *testing.T, shape, place string, pages int, part func(i int) (html, words string)) {
	t.Helper()
	var set []sitePage
	for i := range pages {
		html, words := part(i)
		if words == "" {
			words = "This text may be printed without asking for it"
		}
		markup := strings.Replace(shape, place, strings.NewReplacer("WORDS", words, "PAGE", "Port "+letters(i)).Replace(html), 1)
		for _, other := range fewPlaces {
			markup = strings.Replace(markup, other, "", 1)
		}
		set = append(set, bare(i, "2 January 2006", markup))
	}
	all := learnedOf(t, set)
	silent := *all[0]
	silent.Lenient = true
	for _, ps := range append(all, &silent) {
		for i, want := range set {
			p, err := ReadPage(want.file, []byte(want.html), Options{Zone: time.UTC, Profiles: ps})
			if err != nil {
				t.Fatal(err)
			}
			html, words := part(i)
			quoted := slices.ContainsFunc(p.Doubts, func(d Doubt) bool { return strings.Contains(d.Text, words) })
			if !strings.Contains(string(p.Body)+p.Lead, words) && !quoted {
				t.Errorf("%s in %s, %s: %q vanishes from %s: %s %s", html, place, shape, words, want.file, p.Body, p.Refused)
				return
			}
		}
	}
}

package site

import (
	"strings"
	"testing"

	"communique/storage/richtext"
)

// TestFormsAreTold: what letters don't say of a word and of a passage is said in words,
// whatever it is.
func TestFormsAreTold(t *testing.T) {
	t.Parallel()
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range [][]string{{
		"<p>k w x</p>", "<p>k <b>w</b> x</p>", "<p>k <em>w</em> x</p>", "<p>k <u>w</u> x</p>", "<p>k <s>w</s> x</p>", "<p>k <sup>w</sup> x</p>", "<p>k <sub>w</sub> x</p>",
		"<p>k <code>w</code> x</p>", "<p>k <cite>w</cite> x</p>", "<p>k <q>w</q> x</p>", "<p>k <q cite=https://a.example/>w</q> x</p>", "<p>k <abbr title=t>w</abbr> x</p>",
		"<p>k <time datetime=2026>w</time> x</p>", "<p>k <span lang=fr>w</span> x</p>", "<p>k <span dir=rtl>w</span> x</p>", "<p>k <a href=https://a.example/>w</a> x</p>",
		"<p>k <a href=https://a.example/ title=t>w</a> x</p>", "<p>k <b><em>w</em></b> x</p>", "<p>k <ruby>w<rt>r</rt></ruby> x</p>", "<p>k <img src=https://a.example/p alt=w> x</p>",
		"<p>k <img src=https://a.example/p alt=w width=30> x</p>", "<p>k <a href=https://a.example/><img src=https://a.example/p alt=w></a> x</p>", "<p>k w<br> x</p>",
	}, {
		"<p>w x</p>", "<h2>w x</h2>", "<h2>k</h2><h3>w x</h3>", "<blockquote><p>w x</p></blockquote>", "<blockquote cite=https://a.example/><p>w x</p></blockquote>", "<ul><li>w x</ul>",
		"<ol><li>w x</ol>", "<ol type=a><li>w x</ol>", "<ol start=3><li>w x</ol>", "<ul><li><p>w x</p></ul>", "<ul><li>k<ul><li>w x</ul></ul>", "<dl><dt>w x</dl>", "<dl><dd>w x</dl>",
		"<pre>w x</pre>", "<figure>w x</figure>", "<figure><figcaption>w x</figcaption></figure>", "<table><tr><td>w x</table>", "<table><tr><th>w x</table>", "<table><tr><th scope=row>w x</table>",
		"<table><tr><td align=right>w x</table>", "<table><tr><td colspan=2>w x</table>", "<table><thead><tr><td>w x</thead></table>", "<table><caption>w x</caption><tr><td>k</table>",
		"<p dir=rtl>w x</p>", "<p lang=fr>w x</p>", "<p>w<br>x</p>", "<p>w</p><p>x</p>", "<p>w&nbsp;x</p>", "<p>w x</p><hr>", "<table><tr><td>w<td>x</table>", "<table><tr><td><td>w x</table>", "<ul><li>w<li>x</ul>",
	}} {
		for _, from := range set {
			for _, to := range []string{set[0], set[1], set[len(set)/2]} {
				a, _ := richtext.Clean(from, nil)
				b, _ := richtext.Clean(to, nil)
				if c := compareTexts(a, b, words["en"]); a != b && !changes(c.paragraphs...) && strings.Join(c.remarks, "") == words["en"].StructureChanged {
					t.Errorf("%s and %s: %q", a, b, c.remarks)
				}
			}
		}
	}
}

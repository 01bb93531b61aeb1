package federation

import (
	"strings"
	"testing"

	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// TestPostsSayWhatTheTextSays shows texts as followers get them: the excerpt in a
// Note, and the whole in an Article.
func TestPostsSayWhatTheTextSays(t *testing.T) {
	t.Parallel()
	page := theMinistry.site.Article(fixture().Article)
	for _, tt := range []struct{ name, in, note, article string }{
		{"a range of dates", "会议于3~5日举行，论坛于7~9日举行。", "会议于3~5日举行，论坛于7~9日举行。", "<p>会议于3~5日举行，论坛于7~9日举行。</p>"},
		{"what was deleted", "We ~~do not~~ accept <del>war</del> <ins>peace</ins>.", "We accept peace.", "<p>We <s>do not</s> accept <s>war</s> <u>peace</u>.</p>"},
		{"powers", "10<sup>6</sup> people, 10<sup>6.5</sup>, 5<sup>1/2</sup>, H<sub>2</sub>O", "10⁶ people, 10^6.5, 5^1/2, H₂O", "<p>10⁶ people, 10^6.5, 5^1/2, H₂O</p>"},
		{"footnotes", "x[^1] y\n\n[^1]: note", "x y", `<p>x<a href="` + page + `#text-fn-1">¹</a> y</p><ol><li><p>note</p></li></ol>`},
		{"a link within the text", "See [the annex](#annex).\n\n## Annex", "See the annex.", `<p>See <a href="` + page + `#text-annex">the annex</a>.</p><p><strong>Annex</strong></p>`},
		{"placeholders", "said <NAME OF MINISTER>.", "said &lt;NAME OF MINISTER&gt;.", "<p>said &lt;NAME OF MINISTER&gt;.</p>"},
		{"items", "- first item\n- second item", "first item; second item", "<ul><li>first item</li><li>second item</li></ul>"},
		{"numbers of a list", "<ol type=\"a\" start=\"3\"><li>x<li>y</ol>", "c. x; d. y", "<p>c. x</p><p>d. y</p>"},
		{"reversed", "<ol reversed><li>x<li value=7>y<li>z</ol>", "3. x; 7. y; 6. z", "<p>3. x</p><p>7. y</p><p>6. z</p>"},
		{"numbers as they were typed", "7. x\n9. y\n12. z", "7. x; 9. y; 12. z", "<p>7. x</p><p>9. y</p><p>12. z</p>"},
		{"words that end raised", "le 1<sup>er</sup> mai, n<sup>o</sup> 5", "le 1er mai, no 5", "<p>le 1er mai, no 5</p>"},
		{"a surplus cell", "| A | B |\n|---|---|\n| 1 | 2 | 3 |", "A; B; 1; 2; 3", "<ul><li><strong>A: 1</strong><br>B: 2<br>3</li></ul>"},
		{"a picture between words", "three![Pier](https://a.example/x.png)after", "three after", `<p>three <a href="https://a.example/x.png">Picture: Pier</a> after</p>`},
		{"no-break spaces", "10\u202f000\u00a0€", "10\u202f000\u00a0€", "<p>10\u202f000\u00a0€</p>"},
	} {
		s := fixture()
		s.Lead = ""
		var err error
		if s.Body, _, err = richtext.Markdown([]byte(tt.in), nil); err != nil {
			t.Fatal(err)
		}
		if note := theMinistry.note(s).HTML; !strings.Contains(note, "<p>"+tt.note+"</p>") {
			t.Errorf("%s: the Note is %s, without %s", tt.name, note, tt.note)
		}
		s.rendition = newsdesk.AsArticle
		if whole := theMinistry.article(s).HTML; !strings.HasPrefix(whole, tt.article) {
			t.Errorf("%s: the Article is %s, want %s", tt.name, whole, tt.article)
		}
	}
}

// TestRepliesHaveNoPlacesOnOurPages: what a stranger wrote stands on our page
// without ids, by which links would lead to it, and without pictures.
func TestRepliesHaveNoPlacesOnOurPages(t *testing.T) {
	t.Parallel()
	got := replyText(`<p id="text-annex">a <a name="x" href="#x">b</a> <o:p>c</o:p><img src="https://a.example/x.png"></p>`)
	if want := press.HTML("<p>a b c</p>"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

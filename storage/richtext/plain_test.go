package richtext

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

func TestCleanText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"white space", "  The\n Minister\u00a0\treceives ", "The Minister receives"},
		{"soft hyphens", "Bundes\u00adrats\u00adpräsident", "Bundesratspräsident"},
		{"control characters", "a\x00b\x1b[31mc\u0085d\u2028e\uFFFEf", "ab[31mc d ef"},
		{"zero width", "\ufeffa\u200bb", "ab"},
		{"joiners stay", "می\u200cخواهم", "می\u200cخواهم"},
		{"normal form", "Cafe\u0301", "Café"},
		{"override", "invoice\u202Egpj.exe", "invoicegpj.exe"},
		{"open isolate", "a \u2067b", "a \u2067b\u2069"},
		{"stray end of isolate", "a\u2069b", "ab"},
		{"bad bytes", "a\xffb", "a\uFFFDb"},
		{"markup is text", "<b>&amp;", "<b>&amp;"},
	} {
		if got := CleanText(tt.in); got != tt.want {
			t.Errorf("%s: CleanText(%q) = %q, want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	h, _ := Clean(`<h2>Agenda</h2><p>One &amp; <b>two</b><br>three</p><ul><li>a</li><li>b<p>c</p></li></ul><table><tr><td>1</td><td>2</td></tr></table><figure><img src="https://a.example/x.png" alt="x"><figcaption>Cap</figcaption></figure>`, nil)
	want := "Agenda\n\nOne & two\nthree\n\na\n\nb\n\nc\n\n1\t2\n\nCap"
	if got := Text(h); got != want {
		t.Errorf("Text = %q, want %q", got, want)
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, in string
		runes    int
		want     string
	}{
		{"whole", "<p>Short.</p>", 20, "Short."},
		{"joined", "<p>One.</p><p>Two.</p>", 20, "One. Two."},
		{"cut at a word", "<p>The minister received the ambassador.</p>", 20, "The minister…"},
		{"no comma before the dots", "<p>The minister, however, spoke</p>", 15, "The minister…"},
		{"Chinese", "<p>外交部长今天在港口会见了来访的客人。</p>", 10, "外交部长今天在港口…"},
		{"heading and caption passed over", "<h2>News</h2><figure><img src='https://a.example/x'><figcaption>Photo</figcaption></figure><p>Text.</p>", 20, "Text."},
		{"only a heading", "<h2>News</h2>", 20, "News"},
		{"nothing", "", 20, ""},
		{"no room", "<p>abc</p>", 0, ""},
	} {
		h, _ := Clean(tt.in, nil)
		if got := Excerpt(h, tt.runes); got != tt.want {
			t.Errorf("%s: Excerpt = %q, want %q", tt.name, got, tt.want)
		}
	}
}

// speechless is what a text may consist of and yet have no plain form: pictures,
// lines, struck words and marks of footnotes.
var speechless = regexp.MustCompile(`<(img|hr|s)\b|href="#`)

func FuzzPlain(f *testing.F) {
	f.Add("<p>The minister, \u2067however\u2069, spoke</p>", 10)
	f.Fuzz(func(t *testing.T, in string, runes int) {
		h, _ := Clean(in, nil)
		e := Excerpt(h, runes)
		if n := utf8.RuneCountInString(e); n > max(runes, 0) {
			t.Errorf("Excerpt(%q, %d) has %d characters", h, runes, n)
		}
		if Text(h) == "" && h != "" && !speechless.MatchString(string(h)) {
			t.Errorf("no text in %q", h)
		}
		one := CleanText(in)
		if again := CleanText(one); again != one || !norm.NFC.IsNormalString(one) || strings.ContainsAny(one, "\n\r\x00") {
			t.Errorf("CleanText(%q) = %q, again %q", in, one, again)
		}
	})
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	src := "# Visit\n\nThe **minister** met [her guest](/people/guest).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n~~old~~ https://ministry.example/x\n\n<script>alert(1)</script><div onclick=x>raw</div>\n"
	got, problems, err := Markdown([]byte(src), base(t))
	want := press.HTML(`<h2>Visit</h2>
<p>The <strong>minister</strong> met <a href="https://ministry.example/people/guest">her guest</a>.</p>
<ul><li>one</li><li>two</li></ul>
<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>
<p><s>old</s> <a href="https://ministry.example/x">https://ministry.example/x</a></p>
<p>raw</p>`)
	if err != nil || got != want || len(problems) != 0 {
		t.Errorf("Markdown = %s\nproblems %q, error %v", got, problems, err)
	}
	if _, _, err := Markdown([]byte("caf\xe9"), nil); err == nil {
		t.Error("a text that is not UTF-8 was taken")
	}
	if _, _, err := Markdown(make([]byte, MaxMarkdown+1), nil); err == nil {
		t.Error("an over-long text was taken")
	}
}

func TestLinks(t *testing.T) {
	t.Parallel()
	got := Links(`<p>See the <a href="https://a.example/">first <strong>one</strong></a>, <a href="https://b.example/"><s>not</s> this</a>
		and <a href="https://a.example/">again</a><a href="https://a.example/">.</a></p><ul><li><a href="https://c.example/"><img src="https://c.example/p.png" alt="A map"></a></li></ul>`)
	want := []Link{
		{Address: "https://a.example/", Text: "first one"},
		{Address: "https://b.example/", Text: "this"},
		{Address: "https://a.example/", Text: "again."},
		{Address: "https://c.example/", Text: "A map"},
	}
	if !slices.Equal(want, got) {
		t.Errorf("links %q, want %q", got, want)
	}
}

package microhtml

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
	"communique/storage/richtext"
)

var update = flag.Bool("update", false, "write the golden files anew")

const roomy = 1 << 20

// TestArticles shows articles as microblogs get them: a block a line.
func TestArticles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal(err, "no articles")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			name := strings.TrimSuffix(file, ".html")
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			article, problems := richtext.Clean(string(raw), nil)
			if len(problems) > 0 {
				t.Errorf("the cleaning took something: %q", problems)
			}
			cut, whole := Cut(article, press.Language(strings.TrimPrefix(filepath.Ext(name), ".")), roomy)
			if !whole {
				t.Error("it is not whole")
			}
			check(t, article, cut)
			golden(t, name+".golden", lines(cut))
		})
	}
}

// lines sets block elements on lines of their own, for people.
func lines(cut string) string {
	for _, tag := range []string{"<p", "<ul", "<ol", "<li", "</ul", "</ol", "<blockquote", "</blockquote", "<pre"} {
		for _, end := range []string{">", " "} {
			cut = strings.ReplaceAll(cut, tag+end, "\n"+tag+end)
		}
	}
	return strings.TrimPrefix(cut, "\n") + "\n"
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), -update writes it anew:\n%s", path, diff)
	}
}

// check holds a cut text to the promise: no word is lost, and receivers'
// cleaning changes nothing.
func check(t *testing.T, article press.HTML, cut string) {
	t.Helper()
	said := strings.Join(wordsIn(plain(cut)), " ")
	z := html.NewTokenizer(strings.NewReader(string(article)))
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind != html.TextToken {
			continue
		}
		for _, w := range wordsIn(string(z.Text())) {
			if !strings.Contains(said, w) {
				t.Errorf("the word %q is lost in %s", w, cut)
			}
		}
	}
	if cleaned := mastodon(t, cut); cleaned != cut {
		t.Errorf("receivers change it:\n%s\n%s", cut, cleaned)
	}
}

// wordsIn are the letters and digits of a text, as words. A superscript digit
// is a digit, and marks divide words, so that it does not matter which letter
// they join.
func wordsIn(text string) []string {
	return strings.FieldsFunc(norm.NFKD.String(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) })
}

// allowed is the allow-list of Mastodon (lib/sanitize_ext/sanitize_config.rb,
// MASTODON_STRICT) with the attributes of each element besides lang.
var allowed = map[string][]string{
	"p": {"class"}, "br": nil, "span": {"class", "translate"}, "a": {"href", "rel", "class", "translate"}, "del": nil, "s": nil,
	"pre": nil, "blockquote": nil, "code": nil, "b": nil, "strong": nil, "u": nil, "i": nil, "em": nil, "ul": nil,
	"ol": {"start", "reversed"}, "li": {"value"}, "ruby": nil, "rt": nil, "rp": nil,
}

// mastodon cleans as Mastodon does: what is not on the list goes, its content
// stays; a link to anything but the web becomes its text.
func mastodon(t *testing.T, text string) string {
	t.Helper()
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(text), body)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var write func(n *html.Node)
	write = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(escape(n.Data))
			return
		}
		keep, ok := allowed[n.Data]
		href, _ := attribute(n, "href")
		ok = ok && (n.Data != "a" || strings.HasPrefix(href, "http://") || strings.HasPrefix(href, "https://"))
		if ok {
			b.WriteString("<" + n.Data)
			for _, a := range n.Attr {
				if a.Key == "lang" || slices.Contains(keep, a.Key) {
					b.WriteString(" " + a.Key + `="` + html.EscapeString(a.Val) + `"`)
				}
			}
			b.WriteString(">")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			write(c)
		}
		if ok && n.Data != "br" {
			b.WriteString("</" + n.Data + ">")
		}
	}
	for _, n := range nodes {
		write(n)
	}
	return b.String()
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, lang, in, want string }{
		{"nothing", "en", "", ""},
		{"a paragraph", "en", "<p>One &amp; <b>two</b></p>", "<p>One &amp; <b>two</b></p>"},
		{"a heading", "en", `<h3 lang="fr">Ordre</h3>`, `<p lang="fr"><strong>Ordre</strong></p>`},
		{"items of types of their own", "en", `<ol><li type="a">x<li type=i>y</ol>`, `<p>a. x</p><p>ii. y</p>`},
		{"figures among letters", "en", `<ol type=a><li>x<li type=1>y<li>z</ol>`, `<p>a. x</p><p>2. y</p><p>c. z</p>`},
		{"numbers among points", "en", `<ul><li type="a">x<li>y<li style="list-style-type:upper-roman">z</ul>`, `<p>a. x</p><p>• y</p><p>III. z</p>`},
		{"points that a style numbers", "en", `<ul style="list-style-type:lower-roman" start=3><li>x<li>y</ul>`, `<p>i. x</p><p>ii. y</p>`},
		{"points", "en", `<ul style="list-style-type:square"><li>x<li>y</ul>`, `<ul><li>x</li><li>y</li></ul>`},
		{"an empty item", "en", `<ol><li>x<li><li>y</ol>`, `<p>1. x</p><p>2.</p><p>3. y</p>`},
		{"an empty definition and an empty term", "en", `<dl><dt>Minister<dd><dt>Deputy<dd>B. Costa<dt><dd>C. Lima</dl>`, `<ul><li><strong>Minister</strong><br>—</li><li><strong>Deputy</strong><br>B. Costa</li><li>—<br>C. Lima</li></ul>`},
		{"a picture without words", "fr", `<p><img src="https://a.example/x.png" alt=""></p>`, `<p><a href="https://a.example/x.png">Image</a></p>`},
		{"a picture in a link", "en", `<p><a href="https://a.example/"><img src="https://a.example/x.png" alt="Map"></a></p>`, `<p><a href="https://a.example/">Picture: Map</a></p>`},
		{"an address in its link", "en", `<p><a href="mailto:a@b.example">a@b.example</a></p>`, `<p>a@b.example</p>`},
		{"a power", "en", "<p>10<sup>-6</sup> m<sup>2</sup>, 1<sup>er</sup></p>", "<p>10⁻⁶ m², 1er</p>"},
		{"an unknown language", "tlh", "<p><q>a</q></p>", "<p>“a”</p>"},
		{"direction", "en", `<p><span dir="rtl">(א)</span>!</p>`, "<p>\u2067(א)\u2069!</p>"},
		{"two rows under one head", "en", `<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td rowspan="2">x</td><td>1</td></tr><tr><td>2</td></tr></tbody></table>`,
			"<ul><li><strong>A: x</strong><br>B: 1</li><li><strong>A: x</strong><br>B: 2</li></ul>"},
		{"an empty column", "en", `<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>x</td><td></td></tr></tbody></table>`,
			"<p><strong>B</strong></p><ul><li><strong>A: x</strong></li></ul>"},
		{"readings in a head", "ja", `<table><thead><tr><th><ruby>平壌<rt>ピョンヤン</rt></ruby></th><th><ruby>東京<rp>（</rp><rt>とうきょう</rt><rp>）</rp></ruby></th></tr></thead><tbody><tr><td>v1</td><td>v2</td></tr></tbody></table>`,
			"<ul><li><strong>平壌 (ピョンヤン)：v1</strong><br>東京（ とうきょう ）：v2</li></ul>"},
		{"a link in a head", "en", `<table><thead><tr><th><a href="https://x.example/annex">Annex</a></th><th>B</th></tr></thead><tbody><tr><td>v1</td><td>v2</td></tr><tr><td>v3</td><td>v4</td></tr></tbody></table>`,
			`<p><strong><a href="https://x.example/annex">Annex</a></strong></p><ul><li><strong>Annex: v1</strong><br>B: v2</li><li><strong>Annex: v3</strong><br>B: v4</li></ul>`},
		{"a link over an empty column", "en", `<table><thead><tr><th>A</th><th><a href="https://x.example/b">B</a></th></tr></thead><tbody><tr><td>x</td><td></td></tr></tbody></table>`,
			`<p><strong><a href="https://x.example/b">B</a></strong></p><ul><li><strong>A: x</strong></li></ul>`},
		{"a picture in a head", "en", `<table><tr><th><img src="https://a.example/flag.png" alt="Flag"></th><th>B</th></tr><tr><td>v1</td><td>v2</td></tr></table>`,
			`<p><strong><a href="https://a.example/flag.png">Picture: Flag</a></strong></p><ul><li><strong>Picture: Flag: v1</strong><br>B: v2</li></ul>`},
		{"the mark of a footnote in a head", "en", `<table><tr><th>A<sup><a href="https://a.example/x#n1">1</a></sup></th><th>B</th></tr><tr><td>v1</td><td>v2</td></tr></table>`,
			`<p><strong>A<a href="https://a.example/x#n1">¹</a></strong></p><ul><li><strong>A¹: v1</strong><br>B: v2</li></ul>`},
		{"links in the blocks of a head", "en", `<table><tr><th><p>One</p><p><a href="https://x.example/two">Two</a></p></th><th>B</th></tr><tr><td>v1</td><td>v2</td></tr></table>`,
			`<p>One</p><p><a href="https://x.example/two">Two</a></p><ul><li><strong>One  Two: v1</strong><br>B: v2</li></ul>`},
	} {
		article, _ := richtext.Clean(tt.in, nil)
		got, whole := Cut(article, press.Language(tt.lang), roomy)
		if got != tt.want || !whole {
			t.Errorf("%s: Cut(%s) = %s, want %s", tt.name, tt.in, got, tt.want)
		}
		check(t, article, got)
	}
}

// TestLimit: what is too long ends between two blocks, and what the cutting
// adds does not grow with what is repeated.
func TestLimit(t *testing.T) {
	t.Parallel()
	if got, whole := Cut(`<p>"One"</p><p>Two</p>`, "en", 15); got != `<p>"One"</p>` || whole {
		t.Errorf("cut to %s, whole: %t", got, whole)
	}
	if got, whole := Cut(`<p>"One"</p>`, "en", 13); got != "" || whole {
		t.Errorf("two quotation marks are four bytes in JSON, cut to %s", got)
	}
	name := strings.Repeat("long ", 2000)
	row := `<tr><td rowspan="1000">` + name + "</td>" + strings.Repeat("<td>1</td>", 10) + "</tr>"
	table := "<table><thead><tr>" + strings.Repeat("<th>"+name+"</th>", 11) + "</tr></thead><tbody>" + strings.Repeat(row, 20) + "</tbody></table>"
	article, _ := richtext.Clean(table, nil)
	got, _ := Cut(article, "en", 10<<20)
	if len(got) > len(article)+2*maxRepeats {
		t.Errorf("%d bytes became %d", len(article), len(got))
	}
	check(t, article, got)
}

func FuzzCut(f *testing.F) {
	files, err := filepath.Glob("testdata/*.html")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add(`<table><tr><td rowspan=3 colspan=900>a<tr><th>b<td><table><tr><th>c<th>d</table></table><dl><dd>e<dt lang=fr>f`)
	f.Fuzz(func(t *testing.T, raw string) {
		article, _ := richtext.Clean(raw, nil)
		cut, whole := Cut(article, "en", 10<<20)
		if !whole {
			t.Errorf("%d bytes have no room", len(cut))
		}
		check(t, article, cut)
	})
}

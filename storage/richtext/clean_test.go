package richtext

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/unicode/norm"
)

func base(t testing.TB) *url.URL {
	t.Helper()
	u, err := url.Parse("https://ministry.example/news/2026/page.html")
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestClean(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{
		{"paragraphs", "<p>One.</p>\n<p>Two.</p>", "<p>One.</p>\n<p>Two.</p>"},
		{"loose text", "One.<p>Two.", "<p>One.</p>\n<p>Two.</p>"},
		{"divisions", "<div>One.<div>Two.</div></div>Three.", "<p>One.</p>\n<p>Two.</p>\n<p>Three.</p>"},
		{"double breaks", "One.<br>&nbsp;<BR/>Two.<br>Still two.", "<p>One.</p>\n<p>Two.<br/>Still two.</p>"},
		{"ideographic indent", "<p>　　会见在京举行。</p>", "<p>会见在京举行。</p>"},
		{"white space", "<p>  One \n\t two <b> three </b></p>", "<p>One two <b> three</b></p>"},
		{"headings", "<h1>A</h1><h2>B</h2><h5>C</h5>", "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>"},
		{"heading around blocks", "<h2><div>A</div><p>b</p></h2>", "<h2>A b</h2>"},
		{"open formatting", "<p>a <b>b</p><p>c</b> d</p>", "<p>a <b>b</b></p>\n<p><b>c</b> d</p>"},
		{"misnested", "<b><i>x</b>y</i>", "<p><b><i>x</i></b><i>y</i></p>"},
		{"block inside inline", "<a href='/x'>a<p>b</p></a>", `<p><a href="https://ministry.example/x">a</a></p>` + "\n" + `<p><a href="https://ministry.example/x">b</a></p>`},
		{"nested links", `<a href="/1">a<a href="/2">b</a></a>`, `<p><a href="https://ministry.example/1">a</a><a href="https://ministry.example/2">b</a></p>`},
		{"list", "<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"},
		{"list without items", "<ol start=3>a<div>b</div></ol>", `<ol start="3"><li>a</li><li>b</li></ol>`},
		{"item without list", "<li>a</li><li>b", "<p>a</p>\n<p>b</p>"},
		{"item with paragraphs", "<ul><li>a<p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"},
		{"definitions", "<dl><dt>Seat<dd>Port Almira<dd>also Nord</dl>", "<dl><dt>Seat</dt><dd>Port Almira</dd><dd>also Nord</dd></dl>"},
		{"table", "<table><caption>T</caption><tr><th scope=col>a<td colspan=2 style=x>b<tr><td>c</table>", `<table><caption>T</caption><tr><th scope="col">a</th><td colspan="2">b</td></tr><tr><td>c</td></tr></table>`},
		{"text inside table", "<table>stray<tr><td>c</td></tr></table>", "<p>stray</p>\n<table><tr><td>c</td></tr></table>"},
		{"foot above the rows", "<table><caption>T</caption><tfoot><tr><td>Sum<td>3</tfoot><thead><tr><th>State<th>Seats</thead><tbody><tr><td>Almira<td>3</tbody></table>", "<table><caption>T</caption><thead><tr><th>State</th><th>Seats</th></tr></thead><tbody><tr><td>Almira</td><td>3</td></tr></tbody><tbody><tr><td>Sum</td><td>3</td></tr></tbody></table>"},
		{"foot above rows without a body", "<table><tfoot><tr><td>Sum</tfoot><tr><td>3</table>", "<table><tr><td>3</td></tr><tbody><tr><td>Sum</td></tr></tbody></table>"},
		{"empty table", "<table><tr><td>&nbsp;</td></tr></table>", ""},
		{"cells without table", "<tr><td>a</td><td>b</td></tr>", "<p>a</p>\n<p>b</p>"},
		{"figure", `<figure><img src="a.jpg" alt="The pier"><figcaption>Caption</figcaption></figure>`, `<figure><img src="https://ministry.example/news/2026/a.jpg" alt="The pier"/><figcaption>Caption</figcaption></figure>`},
		{"preformatted", "<pre>\n\na\n  b</pre>", "<pre>a\n  b</pre>"},
		{"rule and quote", "a<hr>b<blockquote>c</blockquote>", "<p>a</p>\n<hr/>\n<p>b</p>\n<blockquote><p>c</p></blockquote>"},
		{"ruby", "<ruby>漢<rp>(<rt>kan<rp>)</ruby>", "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>"},
		{"language of a span", `<span lang="ar" dir="RTL" style="x">نص</span> <span>x</span>`, `<p><span lang="ar" dir="rtl">نص</span> x</p>`},
		{"language of a division", `<div lang="fr"><p>un</p>deux</div>`, "<p lang=\"fr\">un</p>\n<p lang=\"fr\">deux</p>"},
		{"renamed", "<p><strike>a</strike><ins>b</ins><tt>c</tt></p>", "<p><s>a</s><u>b</u><code>c</code></p>"},
		{"struck by style", `<p>We <span style="text-decoration:line-through">do not</span> accept</p><p style="text-decoration: red line-through">a<b>b</b></p>c`, "<p>We <s>do not</s> accept</p>\n<p><s>a<b>b</b></s></p>\n<p>c</p>"},
		{"list struck by style", `<ul style="TEXT-DECORATION-LINE:line-through"><li>a<li>b<ol><li>c</ol></ul><div style="text-line-through:single"><p>d</div>e`, "<ul><li><s>a</s></li><li><s>b</s><ol><li><s>c</s></li></ol></li></ul>\n<p><s>d</s></p>\n<p>e</p>"},
		{"table struck by style", `<table style="text-decoration:line-through"><tr><td>a<td>b</table>c`, "<table><tr><td><s>a</s></td><td><s>b</s></td></tr></table>\n<p>c</p>"},
		{"not struck by style", `<p style="text-decoration:underline;text-line-through:none">a</p>`, "<p>a</p>"},
		{"unknown elements", "<o:p>a</o:p><blink>b</blink>", "<p>ab</p>"},
		{"link schemes", `<a href="mailto:p@ministry.example">m</a><a href="tel:+1">t</a><a href="ftp://x/">f</a>`, `<p><a href="mailto:p@ministry.example">m</a><a href="tel:+1">t</a>f</p>`},
		{"link with spaces and accents", `<a href=" /a b/é?q=ü|x ">x</a>`, `<p><a href="https://ministry.example/a%20b/%C3%A9?q=%C3%BC%7Cx">x</a></p>`},
		{"link with user", `<a href="https://bank.example@evil.example/">x</a>`, "<p>x</p>"},
		{"international host", `<a href="https://Bücher.example/">x</a>`, `<p><a href="https://xn--bcher-kva.example/">x</a></p>`},
		{"forbidden characters", "<p>a\x00b\x08c\uFFFEd&#8;&#x1F;e\u0085f\u2028g</p>", "<p>abcde f g</p>"},
		{"surrogates and bad bytes", "<p>a\xed\xa0\x80b\xffc</p>", "<p>a\uFFFDb\uFFFDc</p>"},
		{"normal form", "<p>e\u0301 e<b></b>\u0301</p>", "<p>é é</p>"},
		{"markup that normalisation would join", "<p><b>\u0338x</b></p>", "<p><b>x</b></p>"},
		{"cdata end", "<p>a ]]> b</p>", "<p>a ]]&gt; b</p>"},
		{"entities", "<p>&lt;b&gt; &amp;amp; &nbsp;x &eacute;</p>", "<p>&lt;b&gt; &amp;amp; \u00a0x é</p>"},
		{"nothing", " <p> </p><div><br></div> ", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, _ := Clean(tt.in, base(t))
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("Clean(%q) (-want +got):\n%s", tt.in, diff)
			}
			checkClean(t, string(got))
		})
	}
}

// TestCleanAttacks holds the cleaning against what has broken other cleaners.
func TestCleanAttacks(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`<script>alert(1)</script>`, `<SCRIPT SRC=//evil.example/x.js></SCRIPT>`, `<scr<script>ipt>alert(1)</scr</script>ipt>`,
		`<img src=x onerror=alert(1)>`, `<img src="https://a.example/x.png" onload=alert(1) style="x">`, `<p onclick="alert(1)" onmouseover=x>p</p>`,
		`<a href="javascript:alert(1)">x</a>`, `<a href=" jav&#x09;ascript:alert(1)">x</a>`, `<a href="JaVaScRiPt&colon;alert(1)">x</a>`,
		`<a href="java` + "\n" + `script:alert(1)">x</a>`, `<a href="` + "\x01" + `javascript:alert(1)">x</a>`, `<a href="vbscript:x">x</a>`, `<a href="data:text/html,<script>alert(1)</script>">x</a>`,
		`<img src="data:image/svg+xml;base64,PHN2Zz4=">`, `<img src="javascript:alert(1)">`,
		`<style>@import 'https://evil.example/';</style>`, `<p style="background:url(javascript:x)">p</p>`, `<link rel=stylesheet href=//evil.example/>`,
		`<form action="https://evil.example/"><input name=p><button>Go</button><textarea>x</textarea><select><option>o</select></form>`,
		`<svg onload=alert(1)>x</svg>`, `<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>`, `<svg/onload=alert(1)>`,
		`<math><mi xlink:href="javascript:alert(1)">x</mi></math>`, `<math><annotation-xml><style><img src=x onerror=alert(1)></style></annotation-xml></math>`,
		`<math><semantics><annotation><p>x</p></annotation></semantics></math>`,
		`<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
		`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">`,
		`<template><script>alert(1)</script></template>`, `<iframe src="https://evil.example/"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>">`,
		`<object data="x.swf"></object><embed src="x.swf">`, `<base href="https://evil.example/"><a href="x">x</a>`, `<meta http-equiv=refresh content="0;url=//evil.example">`,
		`<!--><script>alert(1)</script>-->`, `<![CDATA[<script>alert(1)</script>]]>`, `<?xml version="1.0"?><p>x`, `<!DOCTYPE html [<!ENTITY x "y">]>&x;`,
		`<p title="a" title="b">x</p>`, `<a href="https://a.example/" href="javascript:x">x</a>`, `<img alt="<script>" src="https://a.example/">`,
		`<a href="https://a.example/&quot; onclick=&quot;x">x</a>`, `<time datetime="&quot;><script>">x</time>`, `<xmp><p>x</xmp>`, `<plaintext><p>x`,
		`<textarea></textarea><img src=x onerror=alert(1)>`, `<title><img src=x onerror=alert(1)></title>`, `<a href="\\evil.example\x">x</a>`, `<a href="//evil.example\@ministry.example/">x</a>`,
	} {
		got, _ := Clean(in, base(t))
		checkClean(t, string(got))
		for _, bad := range []string{"<script", "alert", "javascript", "onerror=", "onload=", "style=", "<form", "<svg", "<math", "<iframe", "data:"} {
			if strings.Contains(stripText(string(got)), bad) {
				t.Errorf("Clean(%q) = %q, which has %q in a tag", in, got, bad)
			}
		}
	}
}

// stripText leaves the tags of a fragment.
func stripText(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
		default:
			b.Write(z.Raw())
		}
	}
}

// TestCleanIsLinear feeds shapes that make careless parsers quadratic; the
// test is that they end within the test's own deadline, in bounded depth.
func TestCleanIsLinear(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"<a", "<a ", "<a>", "<b>", "<div>", "<p>", "<table>", "<table><tr><td>", "<ul><li>", "</p>", "<svg>", "<!--", "&", "&#", "<blockquote>x", "a<!-- -->", "<b><p>", "<a href=x><div>", "<font><p><i>", "e\u0301\u0327", "<br>", "<dl><dt>"} {
		in := strings.Repeat(piece, (1<<20)/len(piece))
		got, _ := Clean(in, nil)
		checkClean(t, string(got))
	}
}

// checkClean holds a result against everything that package richtext promises.
func checkClean(t testing.TB, got string) {
	t.Helper()
	if again, problems := Clean(got, nil); string(again) != got {
		t.Fatalf("cleaning again changes %q\ninto %q (%v)", limit(got), limit(string(again)), problems)
	}
	if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) {
		t.Fatalf("not UTF-8 in normal form C: %q", limit(got))
	}
	d := xml.NewDecoder(strings.NewReader("<x>" + got + "</x>"))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("no XML: %v in %q", err, limit(got))
		}
	}
	nodes, err := html.ParseFragment(strings.NewReader(got), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		t.Fatalf("no HTML: %v in %q", err, limit(got))
	}
	var b strings.Builder
	for _, n := range nodes {
		if err := html.Render(&b, n); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(comparable(got), comparable(b.String())); diff != "" {
		t.Fatalf("an HTML parser reads it as another tree (-ours +parser's):\n%s", diff)
	}
	strict := percents.ReplaceAllString(got, "%25")
	// It encodes a "#" inside a fragment, which the URL Standard leaves.
	if safe := comparable(strings.ReplaceAll(policy.Sanitize(strict), "%23", "#")); safe != comparable(strict) {
		t.Fatalf("bluemonday would take something away (-ours +bluemonday's):\n%s", cmp.Diff(comparable(strict), safe))
	}
}

func limit(s string) string { return s[:min(len(s), 2000)] }

// comparable removes what serialisers may choose freely: the row groups that
// HTML parsers add, the order of attributes, spellings of quotes and of empty
// elements.
func comparable(s string) string {
	s = attributesOf.ReplaceAllStringFunc(s, func(all string) string {
		each := oneAttribute.FindAllString(all, -1)
		slices.Sort(each)
		return strings.Join(each, "")
	})
	return strings.NewReplacer("<tbody>", "", "</tbody>", "", "/>", ">", "&#34;", `"`, "&quot;", `"`, "&#39;", "'").Replace(s)
}

var (
	attributesOf = regexp.MustCompile(`(?: [a-z]+="[^"]*")+`)
	oneAttribute = regexp.MustCompile(` [a-z]+="[^"]*"`)
)

// percents are replaced for bluemonday, which takes a percent sign alone for no
// part of an address. The URL Standard does.
var percents = regexp.MustCompile(`%`)

// policy is a second opinion on what is harmless.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption",
		"table", "caption", "thead", "tbody", "tr", "td", "th", "br", "img", "a", "strong", "b", "em", "i", "u", "s", "sub", "sup", "code",
		"abbr", "cite", "q", "time", "span", "ruby", "rt", "rp")
	p.AllowAttrs("lang", "dir").Globally()
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "alt", "width", "height").OnElements("img")
	p.AllowAttrs("colspan", "rowspan", "scope", "align").OnElements("td", "th")
	p.AllowAttrs("start", "reversed", "type").OnElements("ol")
	p.AllowAttrs("id").Globally()
	p.AllowRelativeURLs(true)
	p.AllowAttrs("value", "type").OnElements("li")
	p.AllowAttrs("cite").OnElements("q", "blockquote")
	p.AllowAttrs("title").OnElements("abbr")
	p.AllowAttrs("datetime").OnElements("time")
	p.AllowURLSchemes("http", "https", "mailto", "tel")
	p.RequireParseableURLs(true)
	p.AllowElements("span")
	return p
}()

func FuzzClean(f *testing.F) {
	for _, s := range []string{"<p>a<b>c", "<table><tr><td>x", "<ul><li>a<p>b", "<math><mtext><style>", "<pre>\n x", "<a href='x'><div>y", "<div lang=ar>x<table>y<caption>z", "<figure><div>a</div><img src=//h/x><figcaption>", "<img src=//<>", "a<br><br><b><br></b>", "<dl>x<dt>y<dd>z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got, _ := Clean(in, base(t))
		checkClean(t, string(got))
	})
}

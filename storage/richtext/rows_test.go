package richtext

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// rowTest is a text as an editor types it, and what becomes of it. An empty field is
// not looked at.
type rowTest struct {
	name, in      string
	page          string // the cleaned text
	plain         string // its excerpt
	note          string // "line: what", the first one
	refused       string // the beginning of the error
	quiet         bool   // nothing is noted
	foreign, html bool   // in comes from a stranger, or is HTML
}

func (r rowTest) check(t *testing.T, address string) {
	t.Helper()
	base, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	var page string
	var noted []Note
	switch {
	case r.foreign:
		page = string(CleanForeign(r.in))
	case r.html:
		h, all := CleanNoted(r.in, base)
		page, noted = string(h), all
	default:
		read, err := ReadMarkdown([]byte(r.in), base)
		if r.refused != "" {
			if err == nil || !strings.HasPrefix(err.Error(), r.refused) {
				t.Errorf("%q: %v, want %s", r.in, err, r.refused)
			}
			return
		}
		if err != nil {
			t.Errorf("%q: %v", r.in, err)
		}
		page, noted = string(read.Body), read.Notes
	}
	if diff := cmp.Diff(r.page, page); r.page != "" && diff != "" {
		t.Errorf("page of %q (-want +got):\n%s", r.in, diff)
	}
	if got := Excerpt(pressHTML(page), 500); r.plain != "" && got != r.plain {
		t.Errorf("excerpt of %q: %q, want %q", r.in, got, r.plain)
	}
	first := ""
	if len(noted) > 0 {
		first = noted[0].text()
	}
	if r.note != "" && first != r.note || r.quiet && first != "" {
		t.Errorf("note on %q: %q, want %q", r.in, first, r.note)
	}
	if !r.foreign {
		checkClean(t, page)
	}
}

func checkRows(t *testing.T, rows []rowTest) {
	t.Helper()
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			r.check(t, "https://mfa.example/news/page.html")
		})
	}
}

func TestMarksOfDeletion(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "one tilde is a tilde", in: "会议于3~5日举行，论坛于7~9日举行。", page: "<p>会议于3~5日举行，论坛于7~9日举行。</p>", plain: "会议于3~5日举行，论坛于7~9日举行。", quiet: true},
		{name: "three tildes are none", in: "a ~~~b~~~ c", page: "<p>a ~~~b~~~ c</p>"},
		{name: "about", in: "~5 to ~9 per cent", page: "<p>~5 to ~9 per cent</p>"},
		{name: "struck", in: "Meeting on ~~Monday 3~~ Tuesday 4 May", page: "<p>Meeting on <s>Monday 3</s> Tuesday 4 May</p>", plain: "Meeting on Tuesday 4 May"},
		{name: "struck in Chinese", in: "会议于~~三日~~四日举行", page: "<p>会议于<s>三日</s>四日举行</p>", plain: "会议于 四日举行"},
		{name: "deleted and inserted", in: "We ~~do not~~ accept <del>war</del> <ins>peace</ins>.", page: "<p>We <s>do not</s> accept <s>war</s> <u>peace</u>.</p>", plain: "We accept peace."},
		{name: "a deleted paragraph", html: true, in: "<del><p>war</p><ul><li>x</ul></del><p>peace</p>", page: "<p><s>war</s></p>\n<ul><li><s>x</s></li></ul>\n<p>peace</p>", plain: "peace"},
		{name: "a deleted link around blocks", html: true, in: `<s><a href="/x"><p>war</p></a></s><p>y</p>`, page: "<p><s><a href=\"https://mfa.example/x\">war</a></s></p>\n<p>y</p>", plain: "y"},
		{name: "misnested", html: true, in: "<p><b><s>war</b> more</s> peace", page: "<p><b><s>war</s></b><s> more</s> peace</p>", plain: "peace"},
		{name: "from paragraph to paragraph", html: true, in: "<p><s>war<p>more</s> peace", page: "<p><s>war</s></p>\n<p><s>more</s> peace</p>", plain: "peace"},
		{name: "from item to item", html: true, in: "<ul><li><s>war<li>more</s> peace</ul>", page: "<ul><li><s>war</s></li><li><s>more</s> peace</li></ul>", plain: "peace"},
		{name: "within a word", in: "10~~0~~5", plain: "10 5"},
		{name: "a struck row", in: "| a | b |\n|---|---|\n| ~~1~~ | 2 |", plain: "a; b; —; 2"},
		{name: "a struck definition and a struck term", in: "Minister\n: ~~A. Silva~~\n\n~~State secretary~~\n: B. Costa", plain: "Minister: —; — B. Costa"},
		{name: "the same of tags, among others", html: true, in: "<dl><dt>Head<dd>D. Ruiz<dt>Minister<dd><del>A. Silva</del><dt><del>State secretary</del><dd>B. Costa<dd>E. Lima<dt>Judge<dd>F. Sá</dl>", plain: "Head: D. Ruiz; Minister: —; — B. Costa; E. Lima; Judge: F. Sá"},
		{name: "one of two terms struck, and one of two definitions", html: true, in: "<dl><dt>Seat<dt><s>Place</s><dd><s>Nord</s><dd>Almira</dl>", plain: "Seat: Almira"},
		{name: "terms and definitions struck whole", html: true, in: "<dl><dt>Seat<dd>Almira<dt><s>Head</s><dd><s>Ruiz</s></dl>", plain: "Seat: Almira"},
		{name: "a struck term within a definition", html: true, in: "<dl><dt>Cabinet<dd><dl><dt>Minister<dd>Silva<dt><s>Secretary</s><dd>Costa</dl></dl>", plain: "Cabinet: Minister: Silva; — Costa"},
		{name: "a picture for a term and one for a definition", html: true, in: `<dl><dt>Minister<dd>Silva<dt><img src="/f.png" alt="Flag"><dd>Costa<dt>Seal<dd><img src="/s.png" alt="Seal"><dt>Seat<dd>Almira</dl>`, plain: "Minister: Silva; — Costa; Seal: —; Seat: Almira"},
		{name: "an empty definition", html: true, in: "<dl><dt>Minister<dd><dt>Deputy<dd>B. Costa</dl>", page: "<dl><dt>Minister</dt><dd></dd><dt>Deputy</dt><dd>B. Costa</dd></dl>", plain: "Minister: —; Deputy: B. Costa"},
		{name: "a definition with a blank in it", html: true, in: "<dl><dt>Minister<dd>&nbsp;<dt>Deputy<dd>B. Costa<dd></dl>", page: "<dl><dt>Minister</dt><dd></dd><dt>Deputy</dt><dd>B. Costa</dd></dl>"},
		{name: "an empty definition of Markdown", in: "Minister\n: \n\nDeputy\n: B. Costa", plain: "Minister: —; Deputy: B. Costa"},
		{name: "an empty term", html: true, in: "<dl><dt><dd>x<dt>Minister<dd>A. Silva<dt><dd>B. Costa<dt></dl>", page: "<dl><dd>x</dd><dt>Minister</dt><dd>A. Silva</dd><dt></dt><dd>B. Costa</dd></dl>", plain: "x; Minister: A. Silva; — B. Costa"},
		{name: "rows with struck cells", in: "| Post | Name |\n|--|--|\n| Minister | ~~A. Silva~~ |\n| ~~Secretary~~ | B. Costa |\n| ~~Judge~~ | ~~C~~ |\n| | x |", plain: "Post; Name; Minister; —; —; B. Costa; x"},
		{name: "struck behind a colon, and a struck label", in: "**Minister:** ~~A. Silva~~\n\n~~State secretary:~~ B. Costa", plain: "Minister: —; — B. Costa"},
		{name: "the same in lines", in: "Minister: ~~A. Silva~~\\\n~~State secretary:~~ B. Costa", plain: "Minister: — — B. Costa"},
		{name: "the same in one line", in: "Minister: ~~A. Silva~~ ~~State secretary:~~ B. Costa", plain: "Minister: — B. Costa"},
		{name: "the same in items", in: "- Minister: ~~A. Silva~~\n- ~~State secretary:~~ B. Costa", plain: "Minister: —; — B. Costa"},
		{name: "without colons", in: "Minister ~~A. Silva~~\n\n~~State secretary~~ B. Costa", plain: "Minister; B. Costa"},
		{name: "struck within sentences", in: "Note: ~~no~~ war. ~~Or so.~~\n\n~~Once~~ Peace.", plain: "Note: war. Peace."},
		{name: "struck at the end of a paragraph", in: "The Minister is ~~A. Silva~~\n\nB. Costa said so.", plain: "The Minister is; B. Costa said so."},
		{name: "the same behind a mark of a footnote, and in bold", in: "The Minister is ~~A. Silva~~[^1]\n\nB. Costa is **~~his deputy~~** \n\nC. Lima said so.\n\n[^1]: x", plain: "The Minister is; B. Costa is; C. Lima said so."},
		{name: "a struck paragraph, and a struck name that begins one", in: "The Minister is\n\n~~A. Silva~~\n\nB. Costa said so; his deputy is\n\n~~C. Lima~~ D. Ruiz", plain: "The Minister is; B. Costa said so; his deputy is; D. Ruiz"},
		{name: "the same of lines", in: "The Minister is ~~A. Silva~~\\\nB. Costa said so.\n\nThe deputy is\\\n~~C. Lima~~\\\nD. Ruiz said so.\n\nThe judge is\\\n~~E. Sá~~ F. Reis", plain: "The Minister is; B. Costa said so. The deputy is; D. Ruiz said so. The judge is; F. Reis"},
		{name: "struck at the end of a Chinese paragraph", in: "部长是~~张三~~\n\n李四说。", plain: "部长是；李四说。"},
		{name: "a struck price at the end of a paragraph", in: "The fee is 5 € ~~10 €~~\n\n20 came.", plain: "The fee is 5 €; 20 came."},
		{name: "struck behind the end of a sentence", in: "He said so. ~~A. Silva~~\n\nB. Costa.", plain: "He said so. B. Costa."},
		{name: "a struck heading", in: "# ~~Judges~~\n\nB. Costa", plain: "B. Costa"},
		{name: "the struck head of an inner list", in: "- Ministers\n  - A. Silva\n- ~~Secretaries~~\n  - B. Costa\n- ~~Judges~~\n  - ~~C~~", plain: "Ministers; A. Silva; —; B. Costa"},
	})
}

func TestRaisedAndLowered(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "a power", in: "Aid for 10<sup>6</sup> people", plain: "Aid for 10⁶ people", quiet: true},
		{name: "a number at a word", in: "quotas<sup>2</sup>", plain: "quotas²"},
		{name: "lowered", in: "H<sub>2</sub>O and CO<sub>2</sub>", plain: "H₂O and CO₂"},
		{name: "without a form of its own", in: "10<sup>6.5</sup>", plain: "10^6.5"},
		{name: "and something behind it", in: "10<sup>6.5</sup>x 1<sup>2</sup>3", plain: "10^(6.5)x 1²3"},
		{name: "a fraction", in: "5<sup>1/2</sup>", plain: "5^1/2"},
		{name: "a negative power", in: "10<sup>-6</sup> m<sup>−2</sup>", plain: "10⁻⁶ m⁻²"},
		{name: "signs in powers", in: "10<sup>–6</sup>, 10<sup>.5</sup>, 10<sup>±2</sup>, 2<sup>/3</sup>", plain: "10^–6, 10^.5, 10^±2, 2^/3"},
		{name: "signs behind numbers", in: "2026<sup>*)</sup>, 5<sup>°</sup>, 7<sup>[2]</sup>", plain: "2026*), 5°, 7[2]"},
		{name: "an ordinal", in: "1<sup>er</sup>, 2<sup>ème</sup>, 1<sup>st</sup>", plain: "1er, 2ème, 1st"},
		{name: "words that end raised", in: "n<sup>o</sup> 5, M<sup>me</sup> A, XX<sup>e</sup> siècle, n<sup>os</sup> 1, 1.<sup>er</sup>", plain: "no 5, Mme A, XXe siècle, nos 1, 1.er"},
		{name: "powers that are letters", in: "2<sup>n</sup> e<sup>x</sup> x<sup>e</sup> m<sup>2</sup>", plain: "2ⁿ eˣ xᵉ m²"},
		{name: "a charge", in: "SO<sub>4</sub><sup>2−</sup>", plain: "SO₄²⁻"},
		{name: "a power of a power", in: "2<sup>3<sup>2</sup></sup>", plain: "2^3²"},
		{name: "an index without a form", in: "P<sub>CO</sub>", plain: "P_CO"},
		{name: "in other marks", in: "<b>10</b><i><sup>6</sup></i>", plain: "10⁶"},
		{name: "bold in raised", in: "10<sup><b>6</b>.5</sup>", plain: "10^6.5"},
		{name: "a sign", in: "see<sup>*</sup> this", plain: "see* this"},
		{name: "by style", in: `10<span style="vertical-align: super">6</span> people, H<font style="vertical-align:sub">2</font>O`, page: "<p>10<sup>6</sup> people, H<sub>2</sub>O</p>", plain: "10⁶ people, H₂O"},
		{name: "by a length", html: true, in: `10<span style="vertical-align:0.4em">6</span>, H<span style="vertical-align:-20%">2</span>O, 3<span style="vertical-align:-1px">4</span>`, plain: "10⁶, H₂O, 34"},
		{name: "as Word does", html: true, in: `10<span style='position:relative;top:-3.0pt;mso-text-raise:3.0pt'>6</span>`, plain: "10⁶"},
		{name: "moved by its style", in: `10<span style="position:relative;top:-.4em">6</span>, H<span style="position:relative;bottom:-3px">2</span>O, 10<span style="transform:translateY(-50%)">6</span>, 10<span style="translate:0 -4px">6</span>, 3<span style="position:relative;top:1px">4</span>, 3<span style="top:-4px">4</span>`, plain: "10⁶, H₂O, 10⁶, 10⁶, 34, 34", quiet: true},
		{name: "smaller, at the top or bottom", in: `10<span style="font-size:.7em;vertical-align:top">6</span>, H<span style="font-size:70%;vertical-align:text-bottom">2</span>O, 3<span style="vertical-align:top">4</span>`, plain: "10⁶, H₂O, 34", quiet: true},
		{name: "by a form of the font", html: true, in: `10<span style='font-feature-settings:"sups"'>6</span>`, plain: "10⁶"},
		{name: "by element and style", html: true, in: `10<sup style="vertical-align:super">6</sup>`, page: "<p>10<sup>6</sup></p>"},
		{name: "by style around blocks", html: true, in: `10<span style="vertical-align:super"><p>6</p></span>`, page: "<p>10</p>\n<p><sup>6</sup></p>"},
		{name: "after a bracket", in: "(a+b)<sup>2,5</sup>", plain: "(a+b)^2,5"},
	})
}

func TestFootnotes(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "Markdown", in: "x[^1] y\n\n[^1]: note **b**",
			page:  "<p>x<sup><a id=\"text-fnref-1\" href=\"#text-fn-1\">1</a></sup> y</p>\n<ol><li id=\"text-fn-1\"><p>note <strong>b</strong> <a href=\"#text-fnref-1\">↩</a></p></li></ol>",
			plain: "x y", quiet: true},
		{name: "marked twice", in: "x[^n] y[^n]\n\n[^n]: note", plain: "x y", quiet: true},
		{name: "without a text", in: "one\n\nx[^1]", refused: "line 3: the footnote has no text"},
		{name: "to which nothing leads", in: "x\n\n[^1]: alone", refused: "line 3: the text never refers to the footnote [^1]"},
		{name: "behind a bare address", in: "See https://a.example/v[^1] and x[^1].\n\n[^1]: note",
			page:  "<p>See <a href=\"https://a.example/v\">https://a.example/v</a><sup><a id=\"text-fnref-1\" href=\"#text-fn-1\">1</a></sup> and x<sup><a id=\"text-fnref-1-2\" href=\"#text-fn-1\">1</a></sup>.</p>\n<ol><li id=\"text-fn-1\"><p>note <a href=\"#text-fnref-1\">↩</a> <a href=\"#text-fnref-1-2\">↩</a></p></li></ol>",
			plain: "See https://a.example/v and x."},
		{name: "behind bare addresses of other forms", in: "www.a.example/v[^1] (https://a.example/v[^1]) 见https://a.example/v[^1]和www.a.example[^1] **https://a.example/v[^1]**\n\n[^1]: note",
			plain: "www.a.example/v (https://a.example/v) 见https://a.example/v 和www.a.example https://a.example/v"},
		{name: "twice", in: "x[^1]\n\n[^1]: a\n\n[^1]: b", refused: "line 5: there are two footnotes [^1]"},
		{name: "empty", in: "x[^1]\n\n[^1]:", refused: "line 3: the footnote has no text"},
		{name: "in the line", in: "x^[note]", refused: "line 1: a footnote cannot stand"},
		{name: "HTML", in: `quotas<sup><a href="#fn1">1</a></sup> rise` + "\n\n" + `<p id="fn1"><a href="#back">↑</a> Source</p>`,
			page:  "<p>quotas<sup><a href=\"#text-fn1\">1</a></sup> rise</p>\n<p id=\"text-fn1\"><a href=\"#text-back\">↑</a> Source</p>",
			plain: "quotas rise"},
		{name: "a mark whose note is missing", in: `quotas<sup><a href="#fn1">1</a></sup> rise`, plain: "quotas rise", note: "1: a link leads to nothing, because no place in the text has that id: #fn1"},
		{name: "Word", html: true, in: `<p>quotas<a href="#_ftn1" name="_ftnref1"><sup>[1]</sup></a> rise</p><p><a href="#_ftnref1" name="_ftn1">[1]</a> Source</p>`,
			page:  "<p>quotas<a id=\"text-_ftnref1\" href=\"#text-_ftn1\"><sup>[1]</sup></a> rise</p>\n<p><a id=\"text-_ftn1\" href=\"#text-_ftnref1\">[1]</a> Source</p>",
			plain: "quotas rise"},
		{name: "several in one", html: true, in: `<p>x<sup><a href="#a">1</a>, <a href="#b">2</a></sup> y</p><p id=a>A</p><p id=b>B</p>`, plain: "x y"},
		{name: "in other marks", html: true, in: `<p>12<sup><b><a href="#a">3</a></b></sup>, 13<sup><em><span><a href="#a">4</a></span></em></sup>, 14<a href="#a"><b><sup>5</sup></b></a>, 15<sup><sup><a href="#a">6</a></sup></sup> y</p><p id=a>A</p>`, plain: "12, 13, 14, 15 y"},
		{name: "in other marks, of Markdown", in: "5<sup>*[5](#n)*</sup> 6[**<sup>1</sup>**](#n)\n\n## N {#n}", plain: "5 6"},
		{name: "raised by style", html: true, in: `<p>12<span style="vertical-align:super"><a href="#a">3</a></span> 13<a href="#a" style="vertical-align:super">4</a></p><p id=a>A</p>`, plain: "12 13"},
		{name: "raised by a style that is lost", html: true, in: `<p>12<a class="up" href="#fn3">3</a> y<a href="#fn3">124</a>, see note <a href="#fn3">3</a>; A<a href="#s5">5</a></p><p id=fn3>A</p><p id=s5>B</p>`, plain: "12 y, see note 3; A5 B"},
		{name: "in other marks, between Han", html: true, in: "<p>外交<sup><b><a href=\"#a\">3</a></b></sup>\n部</p><p id=a>A</p>", page: "<p>外交<sup><b><a href=\"#text-a\">3</a></b></sup>部</p>\n<p id=\"text-a\">A</p>", plain: "外交部"},
		{name: "a power in a link", html: true, in: `<p>see <a href="#a">10<sup>6</sup></a>, <a href="#a"><sup>6</sup>Li</a>, 10<sup>6<a href="#a">3</a></sup></p><p id=a>A</p>`, plain: "see 10⁶, ⁶Li, 10⁶"},
		{name: "a power is none", in: `10<sup><a href="https://a.example/#x">6</a></sup>`, plain: "10⁶"},
	})
}

func TestTypedText(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "placeholders", in: "fell to <two per cent> of GDP, said <NAME OF MINISTER>.", page: "<p>fell to &lt;two per cent&gt; of GDP, said &lt;NAME OF MINISTER&gt;.</p>", quiet: true},
		{name: "Korean", in: "발표 <Joint Statement on Trade> 전문", plain: "발표 <Joint Statement on Trade> 전문"},
		{name: "on a line of its own", in: "<NAME OF MINISTER>\nsaid **so**", page: "<p>&lt;NAME OF MINISTER&gt; said <strong>so</strong></p>"},
		{name: "an element's name without its end", in: "Send it to <address> or <title> by <time>.", plain: "Send it to <address> or <title> by <time>."},
		{name: "an element's name that starts words", in: "<I mean it> and <b for brevity>", plain: "<I mean it> and <b for brevity>"},
		{name: "in a block of HTML", in: "<div>\n<foo> x <b>y</b>\n</div>", plain: "<foo> x y"},
		{name: "declarations", in: "the <!IMPORTANT> and <?php 1 ?>", plain: "the <!IMPORTANT> and <?php 1 ?>"},
		{name: "a title that is never closed", in: "<title>\n\nall of this stays", plain: "<title> all of this stays"},
		{name: "in a page the tag goes", html: true, in: "fell to <two per cent>x</two>", page: "<p>fell to x</p>"},
		{name: "in a stranger's reply the tag goes", foreign: true, in: `<p id="a">x <o:p>y</o:p> <a href="#b">z</a><img src="https://a.example/i.png"></p>`, page: "<p>x y z</p>"},
		{name: "a tag at the end", html: true, in: "<p>a</p><b class=", note: "1: the text ends inside a tag, which was dropped: <b class="},
		{name: "a surplus cell", in: "| A | B |\n|---|---|\n| A | Yes | extra |\n| one |", page: "<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>A</td><td>Yes</td><td>extra</td></tr><tr><td>one</td></tr></tbody></table>", quiet: true},
		{name: "a head with more columns than its line", in: "| A | B | C |\n|---|---|\n| 1 | 2 | 3 |", plain: "A; B; C; 1; 2; 3"},
		{name: "a bar in code in a cell", in: "| a | b |\n|---|---|\n| `x\\|y` | z\\|w |", plain: "a; b; x|y; z|w"},
		{name: "noscript", html: true, in: "<noscript><p>kept</p></noscript>", page: "<p>kept</p>", quiet: true},
		{name: "controls", html: true, in: "<p>a<button>b</button>c<textarea>d</textarea>e <select><option>f<option>g</select></p>", page: "<p>a b c d e</p>\n<p>f</p>\n<p>g</p>", quiet: true},
		{name: "an open dialog", html: true, in: "<dialog open>kept</dialog>", page: "<p>kept</p>"},
		{name: "a closed dialog", html: true, in: "<p>a</p><dialog>gone</dialog>", page: "<p>a</p>", note: "1: hidden text was dropped: gone"},
		{name: "a field", html: true, in: "<p>a\n<input value=Send></p>", note: "2: a field of a form was removed: Send"},
		{name: "a formula with words", html: true, in: `<p>so <math alttext="a=b"><mi>a</mi></math></p>`, page: "<p>so a=b</p>"},
		{name: "a formula without", html: true, in: "<p>so <math><mi>a</mi></math></p>", note: "1: a formula was removed: a"},
		{name: "two captions", html: true, in: "<table><caption>a<caption>b<tr><td>c</table>", page: "<p>b</p>\n<table><caption>a</caption><tr><td>c</td></tr></table>"},
	})
}

func TestMarkdownInEastAsia(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "bold closed by a bracket", in: "**协议（部长级）**签署。", page: "<p><strong>协议（部长级）</strong>签署。</p>", quiet: true},
		{name: "bold closed by a full stop", in: "他说**“好。”**然后离开。", page: "<p>他说<strong>“好。”</strong>然后离开。</p>"},
		{name: "bold closed by a Western mark", in: "**\"조약\"**은 and **(a)**は", page: "<p><strong>\"조약\"</strong>은 and <strong>(a)</strong>は</p>"},
		{name: "struck beside brackets", in: "~~（旧）~~新", page: "<p><s>（旧）</s>新</p>"},
		{name: "bold by underscores", in: "__（注）__です 是__“好”__的 __\"조약\"__은 文_（注）_で", page: "<p><strong>（注）</strong>です 是<strong>“好”</strong>的 <strong>\"조약\"</strong>은 文<em>（注）</em>で</p>", quiet: true},
		{name: "underscores in names", in: "变量_名称_值 a_b_c", page: "<p>变量_名称_值 a_b_c</p>"},
		{name: "a line end behind the mark of a footnote", in: "会[^1]\n议\n\n[^1]: x", page: "<p>会<sup><a id=\"text-fnref-1\" href=\"#text-fn-1\">1</a></sup>议</p>\n<ol><li id=\"text-fn-1\"><p>x <a href=\"#text-fnref-1\">↩</a></p></li></ol>", plain: "会议"},
		{name: "a line end in a page", html: true, in: "<p>外交部\n发言人<sup><a href=\"#a\">1</a></sup>\n今天 <b>宣\n布</b>\nok</p><p id=a>x</p>", page: "<p>外交部发言人<sup><a href=\"#text-a\">1</a></sup>今天 <b>宣布</b> ok</p>\n<p id=\"text-a\">x</p>"},
		{name: "bold in a word", in: "a**\"b\"**c snake_case_name", page: "<p>a<strong>\"b\"</strong>c snake_case_name</p>"},
		{name: "bold within a word", in: "un**think**able", page: "<p>un<strong>think</strong>able</p>"},
		{name: "asterisks within words", in: "2*3*4, Minister*innen und *alle* Bürger*innen, 外*交*部", page: "<p>2*3*4, Minister*innen und <em>alle</em> Bürger*innen, 外<em>交</em>部</p>"},
		{name: "asterisks of notes", in: "3,5 %*) und 4 %*), (*) und (**)", page: "<p>3,5 %*) und 4 %*), (*) und (**)</p>", quiet: true},
		{name: "a line end between Han", in: "外交部\n发言人，\n今天", page: "<p>外交部发言人，今天</p>"},
		{name: "numbers of items in Chinese", in: "一、第一\n二、第二", page: "<p>一、第一 二、第二</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: 二、第二"},
		{name: "items by signs: １　日時：５月３日", in: "１　日時：５月３日\n２　場所：外務省", page: "<p>１　日時：５月３日 ２　場所：外務省</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: ２ 場所：外務省"},
		{name: "items by signs: 1　日時", in: "1　日時\n2　場所", page: "<p>1　日時 2　場所</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: 2 場所"},
		{name: "items by signs: １．一つ", in: "１．一つ\n２．二つ", page: "<p>１．一つ ２．二つ</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: ２．二つ"},
		{name: "items by signs: １）一つ", in: "１）一つ\n２）二つ", page: "<p>１）一つ ２）二つ</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: ２）二つ"},
		{name: "items by signs: ・項目一", in: "・項目一\n・項目二", page: "<p>・項目一 ・項目二</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: ・項目二"},
		{name: "items by signs: （１）予算", in: "（１）予算\n（２）人事", page: "<p>（１）予算 （２）人事</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: （２）人事"},
		{name: "items by signs: ①予算", in: "①予算\n②人事", page: "<p>①予算 ②人事</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: ②人事"},
		{name: "items by signs: 一、总则", in: "一、总则\n二、附则", page: "<p>一、总则 二、附则</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: 二、附则"},
		{name: "items by signs: ア　日時", in: "ア　日時\nイ　場所", page: "<p>ア　日時 イ　場所</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: イ 場所"},
		{name: "items by signs: ＊項目", in: "＊項目\n＊別項", page: "<p>＊項目 ＊別項</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: ＊別項"},
		{name: "items by signs: Ⅰ．総則", in: "Ⅰ．総則\nⅡ．附則", page: "<p>Ⅰ．総則 Ⅱ．附則</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: Ⅱ．附則"},
		{name: "items by signs: 1.one", in: "1.one\n2.two", page: "<p>1.one 2.two</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: 2.two"},
		{name: "items by signs: 1)one", in: "1)one\n2)two", page: "<p>1)one 2)two</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: 2)two"},
		{name: "items by signs: -item one", in: "-item one\n-item two", page: "<p>-item one -item two</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: -item two"},
		{name: "items by signs: *item", in: "*item\n*item2", page: "<p>*item *item2</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: *item2"},
		{name: "items by signs: –eins", in: "–eins\n–zwei", page: "<p>–eins –zwei</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: –zwei"},
		{name: "a sign at one line end", in: "ジョン\n-Smith-氏 and\nSilva on\n1.Mai", quiet: true},
		{name: "a line end behind a middle dot and points", in: "ジョン・\nスミス外相\n\nまで‥\n続く", page: "<p>ジョン・スミス外相</p>\n<p>まで‥続く</p>"},
		{name: "a line end behind marks and selectors", in: "葛\U000E0100\n城市が\uFE00\nこ\u309a\n、か\U000E0101**\n**", plain: "葛\U000E0100城市が\uFE00こ\u309a、か\U000E0101** **"},
		{name: "a line end behind signs in one", in: "会議は①\n予算、㈱\n外務、三〇℃\nである、ｶﾅ\nｶﾅ￥\n円", plain: "会議は①予算、㈱外務、三〇℃である、ｶﾅｶﾅ￥円"},
		{name: "a line end beside figures", in: "令和8年\n5月と2026\n年、于\n**3**日、10\n万人", page: "<p>令和8年5月と2026年、于<strong>3</strong>日、10万人</p>"},
		{name: "a line end between two numbers", in: "第三\n5、２\n5、5\n三、二〇\n26、6\n7", plain: "第三 5、２ 5、5 三、二〇 26、6 7"},
		{name: "a line end between two numbers of wide digits", in: "１０\n２０、１０\n20\n３", plain: "１０ ２０、１０ 20 ３"},
		{name: "a line end between numerals of two kinds", in: "二〇\n２６年、三月一\n２日、三〇\n２０人、第三\n５、①\n二、１０\n三、５\n①、零\n５", plain: "二〇 ２６年、三月一 ２日、三〇 ２０人、第三 ５、① 二、１０ 三、５ ①、零 ５"},
		{name: "a line end within one number", in: "二〇\n二六年、１０\n万人", plain: "二〇二六年、１０万人"},
		{name: "a line end before two days", in: "会議は\n二、三日と\n２、３日、公報\n（2026）と\n（部長級）", plain: "会議は二、三日と２、３日、公報（2026）と（部長級）"},
		{name: "a line end before the number of an item", in: "議題\n2. 予算\n3）人事", page: "<p>議題 2. 予算 3）人事</p>"},
		{name: "a line end in Korean beside figures and Han", in: "제1차 文\n5월 訪\n㈜ 회사", plain: "제1차 文 5월 訪 ㈜ 회사"},
		{name: "a line end between kana", in: "ありがとう\nカナ", page: "<p>ありがとうカナ</p>"},
		{name: "a line end beside quotation marks", in: "他说：\n“好”\n吗", page: "<p>他说：“好”吗</p>"},
		{name: "a line end between marks", in: "会\n**议**\n[事](https://a.example/)\n项", page: "<p>会<strong>议</strong><a href=\"https://a.example/\">事</a>项</p>"},
		{name: "Korean words", in: "한국\n외교부", page: "<p>한국 외교부</p>"},
		{name: "Western words", in: "by the\n**Minister**\nof 外交\nTrade", page: "<p>by the <strong>Minister</strong> of 外交 Trade</p>"},
		{name: "a hard break", in: "外交  \n部", page: "<p>外交<br/>部</p>"},
	})
}

func TestBareAddresses(t *testing.T) {
	t.Parallel()
	link := func(address, text string) string { return `<a href="` + address + `">` + text + "</a>" }
	checkRows(t, []rowTest{
		{name: "Han in the path", in: "See https://mfa.example/公告/2026/1.html", page: "<p>See " + link("https://mfa.example/%E5%85%AC%E5%91%8A/2026/1.html", "https://mfa.example/公告/2026/1.html") + "</p>"},
		{name: "digits and Han", in: "https://mfa.example/2026年公告.pdf。", page: "<p>" + link("https://mfa.example/2026%E5%B9%B4%E5%85%AC%E5%91%8A.pdf", "https://mfa.example/2026年公告.pdf") + "。</p>"},
		{name: "the sentence goes on", in: "请看https://mfa.example/1.html的公告", page: "<p>请看" + link("https://mfa.example/1.html", "https://mfa.example/1.html") + "的公告</p>"},
		{name: "brackets", in: "(https://mfa.example/a_(b)) [https://mfa.example/c]", page: "<p>(" + link("https://mfa.example/a_(b)", "https://mfa.example/a_(b)") + ") [" + link("https://mfa.example/c", "https://mfa.example/c") + "]</p>"},
		{name: "quotation marks", in: "“https://mfa.example/a” 「https://mfa.example/b」《https://mfa.example/c》", page: "<p>“" + link("https://mfa.example/a", "https://mfa.example/a") + "” 「" + link("https://mfa.example/b", "https://mfa.example/b") + "」《" + link("https://mfa.example/c", "https://mfa.example/c") + "》</p>"},
		{name: "one behind another in Chinese", in: "然后https://mfa.example/c见https://mfa.example/d/的公告", page: "<p>然后" + link("https://mfa.example/c", "https://mfa.example/c") + "见" + link("https://mfa.example/d/%E7%9A%84%E5%85%AC%E5%91%8A", "https://mfa.example/d/的公告") + "</p>"},
		{name: "one behind a path of Han", in: "见https://mfa.example/公告与https://mfa.example/d", page: "<p>见" + link("https://mfa.example/%E5%85%AC%E5%91%8A%E4%B8%8E", "https://mfa.example/公告与") + link("https://mfa.example/d", "https://mfa.example/d") + "</p>"},
		{name: "one in another", in: "https://web.example/2026/https://mfa.example/a?u=https://b.example/", page: "<p>" + link("https://web.example/2026/https://mfa.example/a?u=https://b.example/", "https://web.example/2026/https://mfa.example/a?u=https://b.example/") + "</p>"},
		{name: "capitals", in: "HTTPS://MFA.EXAMPLE/A WWW.MFA.EXAMPLE", page: "<p>" + link("https://mfa.example/A", "HTTPS://MFA.EXAMPLE/A") + " " + link("http://www.mfa.example/", "WWW.MFA.EXAMPLE") + "</p>"},
		{name: "international names", in: "https://bücher.example/x https://例え.テスト", page: "<p>" + link("https://xn--bcher-kva.example/x", "https://bücher.example/x") + " " + link("https://xn--r8jz45g.xn--zckzah/", "https://例え.テスト") + "</p>"},
		{name: "marks in it", in: "https://mfa.example/_a_/*b* x", page: "<p>" + link("https://mfa.example/_a_/*b", "https://mfa.example/_a_/*b") + "* x</p>"},
		{name: "end of the sentence", in: "See https://mfa.example/a?b=c&d=e, or https://mfa.example.", page: "<p>See " + link("https://mfa.example/a?b=c&amp;d=e", "https://mfa.example/a?b=c&amp;d=e") + ", or " + link("https://mfa.example/", "https://mfa.example") + ".</p>"},
		{name: "escapes", in: "https://mfa.example/a\\_b https://mfa.example/a\\.", page: "<p>" + link("https://mfa.example/a_b", "https://mfa.example/a_b") + " " + link("https://mfa.example/a", "https://mfa.example/a") + ".</p>"},
		{name: "entities", in: "https://mfa.example/?a=1&amp;b=2&copy=3 &quot;https://mfa.example/x&quot;", page: "<p>" + link("https://mfa.example/?a=1&amp;b=2&amp;copy=3", "https://mfa.example/?a=1&amp;b=2&amp;copy=3") + ` "` + link("https://mfa.example/x", "https://mfa.example/x") + "\"</p>"},
		{name: "accounts", in: "@press@social.example acct:press@mfa.example xmpp:press@mfa.example mailto:press@mfa.example", page: "<p>@press@social.example acct:press@mfa.example xmpp:press@mfa.example mailto:" + link("mailto:press@mfa.example", "press@mfa.example") + "</p>"},
		{name: "with a password", in: "a\nhttps://user:pw@mfa.example/x", refused: "line 2: the address names a user"},
		{name: "with a user", in: "see ssh://git@mfa.example/x", refused: "line 1: the address names a user"},
		{name: "a link with a password", in: "[x](https://user:pw@mfa.example/x)", refused: "line 1: the address names a user"},
		{name: "a picture with a password", in: "![x](https://user:pw@mfa.example/x.png)", refused: "line 1: the address names a user"},
		{name: "with a password between brackets", in: "<https://user:pw@mfa.example/x>", refused: "line 1: the address names a user"},
		{name: "an at sign in the path", in: "https://social.example/@press", page: "<p>" + link("https://social.example/@press", "https://social.example/@press") + "</p>"},
		{name: "in emphasis", in: "**https://mfa.example/a**", page: "<p><strong>" + link("https://mfa.example/a", "https://mfa.example/a") + "</strong></p>"},
		{name: "mail", in: "press@mfa.example, press@bücher.example", page: "<p>" + link("mailto:press@mfa.example", "press@mfa.example") + ", " + link("mailto:press@xn--bcher-kva.example", "press@bücher.example") + "</p>"},
		{name: "not in code, not in links", in: "`https://mfa.example/` [https://mfa.example/a](https://b.example/)", page: "<p><code>https://mfa.example/</code> " + link("https://b.example/", "https://mfa.example/a") + "</p>"},
		{name: "part of a word", in: "xhttps://mfa.example", page: "<p>xhttps://mfa.example</p>"},
		{name: "between angle brackets", in: "<https://mfa.example/公告>", page: "<p>" + link("https://mfa.example/%E5%85%AC%E5%91%8A", "https://mfa.example/公告") + "</p>"},
	})
}

// TestQuadraticMarkdown: what would take the parser long is refused at once, and
// an honest text of the greatest length is not.
func TestQuadraticMarkdown(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"open links":         strings.Repeat("[a](b", 60_000),
		"open brackets":      strings.Repeat("[", 150_000) + strings.Repeat("]", 150_000),
		"wide table":         strings.Repeat("a|", 3000) + "\n" + strings.Repeat("-|", 3000) + "\n" + strings.Repeat("|\n", 800),
		"delimiters":         strings.Repeat("*a_ ", 75_000),
		"closed by others":   strings.Repeat("_a ", 50_000) + strings.Repeat("a* ", 50_000),
		"closed in links":    strings.Repeat("_a ", 4900) + strings.Repeat("[*a](b) a* ", 20_000),
		"open in brackets":   strings.Repeat("_a ", 4900) + strings.Repeat("[*a] a* ", 40_000),
		"opened":             strings.Repeat("*a ", 100_000),
		"headings":           strings.Repeat("# \n", 100_000),
		"headings by lines":  strings.Repeat("a\n==\n", 75_000),
		"items":              strings.Repeat("- a\n", 75_000),
		"numbers":            strings.Repeat("1. a\n", 66_000),
		"terms":              "a\n" + strings.Repeat(": a\n", 75_000),
		"quoted":             strings.Repeat("> a\n\n", 60_000),
		"tables of one cell": strings.Repeat("|a|\n|-|\n\n", 33_000),
		"rows of one cell":   "|a|\n|-|\n" + strings.Repeat("|a|\n", 75_000),
		"code in the line":   strings.Repeat("`a` ", 75_000),
		"tags":               strings.Repeat("<b>a</b>", 40_000),
		"rows in HTML":       "<table>\n" + strings.Repeat("<tr><td>a</td></tr>\n", 40_000) + "</table>",
		"quotations":         strings.Repeat(">", 300_000),
		"definitions":        strings.Repeat("[a]: b\n", 45_000),
		"pictures in bold":   strings.Repeat("![*a*](http://b) ", 40_000),
		"footnotes":          strings.Repeat("[^1]: a\n\n", 2000),
		"nested lists":       strings.Repeat("- ", 100_000) + "a",
		"open parens":        strings.Repeat("([a](", 60_000),
		"growing ticks": func() string {
			s := ""
			for i := range 800 {
				s += strings.Repeat("`", i+1) + " "
			}
			return s
		}(),
		"growing table":       "a|b\n-|-\n" + strings.Repeat("|", 300_000),
		"labels":              strings.Repeat("[a]", 300_000),
		"links":               strings.Repeat("[a](b)", 100_000),
		"addresses":           strings.Repeat("http://a.b ", 90_000),
		"marks of a footnote": strings.Repeat("[^1]:\na", 149_000),
		"short tables":        strings.Repeat("a|b\n-|-\n", 130_000),
		"struck and more":     strings.Repeat("~~a ~~", 75_000),
		"labels in lines":     strings.Repeat(strings.Repeat("![a](b", 20)+"\n", 8000),
	} {
		var err error
		took := processorTime(t, func() { _, _, err = Markdown([]byte(in), nil) })
		if at := new(LineError); !errors.As(err, &at) || at.Line < 1 {
			t.Errorf("%s: %v, want an error with its line", name, err)
		}
		// The promise is a second on a machine of its day.
		if took > 10*time.Second {
			t.Errorf("%s took %v of a processor", name, took)
		}
	}
	paragraph := "The **Minister** met [her guest](https://mfa.example/guest) and *others* on 3 May, see https://mfa.example/a; 10<sup>6</sup> people, `code`, ~~old~~ new[^1].\n"
	honest := map[string]string{
		"paragraphs":             strings.Repeat(paragraph+"\n", 700_000/(len(paragraph)+1)) + "[^1]: note\n",
		"one paragraph":          strings.Repeat("He met [her guest](https://mfa.example/guest) and others on that third day of May.\n", 700_000/83),
		"lists":                  strings.Repeat("- "+paragraph, 700_000/(len(paragraph)+2)) + "\n[^1]: note\n",
		"tildes":                 strings.Repeat("~~", 350_000),
		"one line":               strings.Repeat("The Minister said, among others, that it was so. ", 700_000/49),
		"Chinese":                strings.Repeat("外交部发言人今天宣布，两国将于三日举行会谈。\n", 700_000/67),
		"bold Chinese":           strings.Repeat("外交部发言人**今天宣布**，两国将于三日**举行会谈**。", 700_000/70),
		"bold Arabic":            strings.Repeat("قال الوزير: \"الاتفاقية **المادة 5** سارية\" (٥٪). ", 700_000/84),
		"one paragraph of marks": strings.Repeat("The Minister said, among *others*, that _it_ was **so**, [sic]. ", 700_000/66),
		"links":                  strings.Repeat("The minister met [her guest](https://mfa.example/guest) and [**others**](https://mfa.example/o) on 3 May, to speak of trade, and of many other things besides, as she said.\n\n", 700_000/177),
		"line ends":              strings.Repeat("a\\\n", 230_000),
		"a table":                "| a | b | c |\n|---|---|---|\n" + strings.Repeat("| 1 | **two** | [three](https://mfa.example/3) |\n", 700_000/49),
	}
	for name, in := range honest {
		if _, _, err := Markdown([]byte(in), nil); err != nil {
			t.Errorf("%s of %d bytes: %v", name, len(in), err)
		}
	}
}

// TestManyDefinitions: what is wrong with thousands of definitions of links is said, and
// what to do about it helps.
func TestManyDefinitions(t *testing.T) {
	t.Parallel()
	define := func(apart int) string {
		var b strings.Builder
		for i := range 9000 {
			fmt.Fprintf(&b, "[a%d]: http://x.example/%d\n", i, i)
			if i%apart == apart-1 {
				b.WriteByte('\n')
			}
		}
		return b.String() + "\nSee [the annex][a1].\n"
	}
	at := new(LineError)
	if _, _, err := Markdown([]byte(define(9000)), nil); !errors.As(err, &at) || at.Line < 2 || !strings.Contains(at.Text, "leave a line empty above this one") {
		t.Errorf("one behind the other: %v", err)
	}
	if h, _, err := Markdown([]byte(define(100)), nil); err != nil || string(h) != `<p>See <a href="http://x.example/1">the annex</a>.</p>` {
		t.Errorf("apart: %s (%v)", h, err)
	}
}

// TestQuadraticCells: the same marks in the cells of a table, in one cell, in many and
// in one of each row, take no longer than elsewhere.
func TestQuadraticCells(t *testing.T) {
	t.Parallel()
	const size = 20_000
	for _, piece := range []string{"*", "**a", "_*", "*`", "~~a ", "[](", "*[", "![a](b", "]`", "`", "<", "<b ", "&", "\\", "[^1]", "http://a.b "} {
		n := size / len(piece)
		for shape, rows := range map[string]string{
			"one cell":           strings.Repeat(piece, n) + "|x\n",
			"many cells":         strings.Repeat(strings.Repeat(piece+"|", 100)+"\n", n/100),
			"a cell of each row": strings.Repeat(strings.Repeat(piece, 300)+"|x\n", n/300),
		} {
			took := processorTime(t, func() {
				_, _, err := Markdown([]byte("a|b\n-|-\n"+rows), nil)
				if at := new(LineError); err != nil && !errors.As(err, &at) {
					t.Errorf("%q, %s: %v", piece, shape, err)
				}
			})
			if took > 2*time.Second {
				t.Errorf("%q, %s: %v of a processor", piece, shape, took)
			}
		}
	}
}

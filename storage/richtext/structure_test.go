package richtext

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestHiddenText(t *testing.T) {
	t.Parallel()
	gone := func(name, in string) rowTest {
		return rowTest{name: name, html: true, in: "<p>kept</p>\n" + in, page: "<p>kept</p>", note: "2: hidden text was dropped: secret"}
	}
	stays := func(name, in string) rowTest {
		return rowTest{name: name, html: true, in: in, plain: "seen", quiet: true}
	}
	checkRows(t, []rowTest{
		gone("attribute", "<p hidden>secret</p>"),
		gone("attribute with a value", `<div hidden="until-found"><p>secret</div>`),
		gone("display", `<p style="display:none">secret</p>`),
		gone("display, important and in capitals", `<span style="COLOR: red; DISPLAY : NONE !important">secret</span>`),
		gone("visibility", `<p style="visibility:hidden">secret</p>`),
		gone("Word", `<span style='mso-hide:all'>secret</span>`),
		gone("opacity", `<p style="opacity:0.0">secret</p>`),
		gone("size", `<p style="font-size:0px">secret</p>`),
		gone("far away", `<p style="position:absolute;left:-9999px">secret</p>`),
		gone("cut off", `<p style="overflow:hidden;height:0">secret</p>`),
		gone("white", `<p style="color:white">secret</p>`),
		gone("white on white", `<p class="MsoNormal"><span style="color:#FFFFFF;background:white">secret</span></p>`),
		gone("white font", `<font color="#ffffff">secret</font>`),
		gone("comment in the style", `<p style="display:/**/none">secret</p>`),
		gone("with markup in it", `<div style="display:none"><p>sec<b>ret</b></p></div>`),
		gone("important, and then shown", `<p style="display:none!important;display:block">secret</p>`),
		gone("a declaration that nobody understands behind it", `<p style="display:none;display:shown">secret</p>`),
		gone("with an escape", `<p style="displa\79 :none">secret</p>`),
		gone("to nothing", `<p style="transform:scale(0)">secret</p>`),
		gone("to a line", `<p style="transform:rotate(3deg) scaleY(0.0)">secret</p>`),
		gone("moved away", `<p style="transform:translateX(-9999px)">secret</p>`),
		gone("a filter", `<p style="filter:opacity(0)">secret</p>`),
		gone("hardly there", `<p style="opacity:0.01">secret</p>`),
		gone("one point high", `<p style="font-size:1px">secret</p>`),
		gone("for screen readers, by clip", `<p style="position:absolute;clip:rect(0,0,0,0)">secret</p>`),
		gone("for screen readers, by path", `<p style="position:absolute;clip-path: inset(50%)">secret</p>`),
		gone("for screen readers, by size", `<p style="position:absolute;width:1px;height:1px;overflow:hidden">secret</p>`),
		gone("nearly white", `<p style="color:#fefefe">secret</p>`),
		gone("without a colour", `<p style="color:rgba(0,0,0,0)">secret</p>`),
		gone("veiled", `<div style="visibility:hidden"><p>secret</p></div>`),
		gone("by a class of a style sheet", `<style>/* x */ @charset "x"; .note, p.draft {display:none}</style><p class="x draft">secret</p>`),
		gone("by a style sheet further down", `<p id=a>secret</p><style>#a{visibility:hidden}</style>`),
		gone("by what is around it", `<style>@media screen { div.box > p.a { display:none } }</style><div class=box><p class=a>secret</p></div>`),
		gone("moved away by a class", `<style>.a{position:absolute;left:-9999px}</style><p class=a>secret</p>`),
		gone("indented away by a class", `<style>@layer base {.a{text-indent:-9999px}}</style><p class=a>secret</p>`),
		gone("clear as air by a class", `<style>@media only screen{.a{opacity:0}}</style><p class=a>secret</p>`),
		gone("clipped by a class", `<style>.a{clip:rect(0 0 0 0)}</style><p class=a>secret</p>`),
		gone("cut off by a class", `<style>.a{height:0;overflow:hidden}</style><p class=a>secret</p>`),
		gone("without a size, by a class", `<style>.a{font:0/0 a}</style><p class=a>secret</p>`),
		gone("without a size, and a part of that", `<p style="font-size:0"><b style="font-size:2em">secret</b></p>`),
		gone("white by a class", `<style>.a{color:#fff} .b{font-weight:bold}</style><p class="a b">secret</p>`),
		gone("white by a class, on what another one colours", `<style>.a{color:#036} .b{background:#036}</style><div class=b><p class=a>secret</p></div>`),
		stays("white by a class, on what another one colours", `<style>.a{color:#fff} .b{background:#036}</style><div class=b><p class=a>seen</p></div>`),
		stays("white by a class beside one that nobody knows", `<style>.a{color:#fff}</style><p class="a banner">seen</p>`),
		stays("white by a class that may be coloured", `<style>.a{color:#fff} .a:not(.b){background:#036}</style><p class=a>seen</p>`),
		stays("white over something", `<style>.a{color:#fff;position:absolute}</style><p class=a>seen</p>`),
		stays("readable type in a box that closes gaps", `<style>.a{font-size:0} .b{font-size:1rem}</style><div class=a><p class=b>seen</p></div>`),
		stays("a class that shows again", `<style>.a{left:-9999px} .a.b{left:0}</style><p class="a b">seen</p>`),
		stays("on its way to be seen", `<style>.a{opacity:0;max-height:0;overflow:hidden;transition:all .3s}</style><p class=a>seen</p>`),
		stays("the shape of a film", `<div style="height:0;overflow:hidden;padding-bottom:56.25%"><p>seen</p></div>`),
		stays("a style sheet for paper", `<style>@media print{.a{display:none}} .a{color:red} .b .a{display:none} .c > .a{display:none}</style><div class=c><div><p class=a>seen</p></div></div>`),
		stays("a style sheet that the element contradicts", `<style>.a{display:none}</style><p class=a style="display:block">seen</p>`),
		stays("a page that a script shows", `<style>body{opacity:0} html.x{display:none}</style><body><p>seen</p></body>`),
		stays("hidden, and shown by style", `<p hidden style="display:block">seen</p>`),
		stays("shown because that is important", `<p style="display:block!important;display:none">seen</p>`),
		stays("moved a little", `<p style="transform:translateX(-10px) scale(0.9);left:-5px">seen</p>`),
		{name: "a picture in it", html: true, in: `<p>kept</p><div hidden><img src="/x.png"></div>`, page: "<p>kept</p>", note: "1: a hidden picture was dropped: /x.png"},
		{name: "a picture", html: true, in: `<p>kept <img src="/x.png" style="display:none"></p>`, page: "<p>kept</p>", note: "1: a hidden picture was dropped: /x.png"},
		{name: "shown within what is veiled", html: true, in: `<ul style="visibility:hidden"><li>a<li style="visibility:visible">b <a href="/x">c</a></ul>`,
			page: `<ul><li>b <a href="https://mfa.example/x">c</a></li></ul>`, note: "1: hidden text was dropped: a"},
		{name: "blocks shown within what is veiled", html: true, in: `<div style="visibility:hidden">a<img src="/x.png"><p style="visibility:visible">b</p>c</div>`, page: "<p>b</p>"},
		stays("white on blue", `<p style="color:white;background:#036">seen</p>`),
		stays("white in a coloured cell", `<table><tr><td bgcolor="navy"><font color=white>seen</font></table>`),
		stays("white where a class may colour", `<div class="banner"><p style="color:#fff">seen</p></div>`),
		stays("for screen readers' deaf", `<p aria-hidden="true">seen</p>`),
		stays("shown", `<p style="display:block;visibility:visible;opacity:1">seen</p>`),
		{name: "what follows an open hidden paragraph", html: true, in: "<p hidden>a<p>b", page: "<p>b</p>"},
		{name: "in Markdown", in: "one\n\n<p hidden>A</p>\n\ntwo", page: "<p>one</p>\n<p>two</p>", note: "3: hidden text was dropped: A"},
	})
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "a heading", in: "See [the annex](#annex-one).\n\n## Annex “One”", page: "<p>See <a href=\"#text-annex-one\">the annex</a>.</p>\n<h2 id=\"text-annex-one\">Annex “One”</h2>", quiet: true},
		{name: "a heading in Chinese", in: "见[附件](#附件)\n\n# 附件", page: "<p>见<a href=\"#text-%E9%99%84%E4%BB%B6\">附件</a></p>\n<h2 id=\"text-附件\">附件</h2>", quiet: true},
		{name: "two headings of one name", in: "[b](#a-1)\n\n# A\n\n# A", page: "<p><a href=\"#text-a-1\">b</a></p>\n<h2>A</h2>\n<h2 id=\"text-a-1\">A</h2>"},
		{name: "nothing there in a page", html: true, in: "<p>See <a href='#annex'>the annex</a>.</p>", page: "<p>See <a href=\"#text-annex\">the annex</a>.</p>", note: "1: a link leads to nothing, because no place in the text has that id: #annex"},
		{name: "nothing there in what was a page", in: "<p>See <a href='#text-annex'>the annex</a>.</p>", page: "<p>See <a href=\"#text-annex\">the annex</a>.</p>", note: "1: a link leads to nothing, because no place in the text has that id: #text-annex"},
		{name: "the top of the page", html: true, in: `<p>a <a href="#">up</a> <a href="#top">up</a></p>`, page: "<p>a up up</p>", quiet: true},
		{name: "by the page's own address", html: true, in: `<p id=x>a</p><a href="https://mfa.example/news/page.html#x">b</a>`, page: "<p id=\"text-x\">a</p>\n<p><a href=\"#text-x\">b</a></p>"},
		{name: "an anchor without text", html: true, in: `<a name="x"></a><p>a</p><a href="#x">b</a>`, page: "<p id=\"text-x\">a</p>\n<p><a href=\"#text-x\">b</a></p>"},
		{name: "an anchor around text", html: true, in: `<p>a <a name="x">b</a> <a href="#x">c</a></p>`, page: "<p>a <span id=\"text-x\">b</span> <a href=\"#text-x\">c</a></p>"},
		{name: "a division", html: true, in: `<div id="x"><div id="y"><p>a</p></div></div><a href="#x">b</a><a href="#y">c</a>`, page: "<p id=\"text-x\">a</p>\n<p><a href=\"#text-x\">b</a><a href=\"#text-x\">c</a></p>"},
		{name: "ids of a page's frame", html: true, in: `<div id="content"><p id="p1">a</p></div>`, page: "<p>a</p>"},
		{name: "ids that an author types", in: `<p id="p1">a</p>`, page: `<p id="text-p1">a</p>`},
		{name: "an item, a row, a cell", in: `<ul><li id=a>1</ul><table><tr id=b><td id=c>2</table>`, page: "<ul><li id=\"text-a\">1</li></ul>\n<table><tr id=\"text-b\"><td id=\"text-c\">2</td></tr></table>"},
		{name: "one id twice", in: `<p id=x>a</p><p id=x>b</p>`, page: "<p id=\"text-x\">a</p>\n<p>b</p>"},
		{name: "an id that looks like ours", html: true, in: `<p id="text-x">a</p><p id="x">b</p><a href="#x">c</a>`, page: "<p id=\"text-x\">a</p>\n<p id=\"text-text-x\">b</p>\n<p><a href=\"#text-text-x\">c</a></p>"},
	})
	h, _, err := Markdown([]byte("[a](#x)[^1]\n\n# x\n\n[^1]: n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := string(At(h, "https://mfa.example/en/articles/1/a?b&c"))
	for _, want := range []string{`href="https://mfa.example/en/articles/1/a?b&amp;c#text-x"`, `href="https://mfa.example/en/articles/1/a?b&amp;c#text-fn-1"`} {
		if !strings.Contains(got, want) {
			t.Errorf("At: %s, without %s", got, want)
		}
	}
	if again := Excerpt(At(h, "https://mfa.example/"), 100); again != "a" {
		t.Errorf("excerpt behind At: %q", again)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	link := func(name, raw, want string) rowTest {
		page := `<p><a href="` + want + `">x</a></p>`
		if want == "" {
			page = "<p>x</p>"
		}
		return rowTest{name: name, html: true, in: `<a href="` + raw + `">x</a>`, page: page}
	}
	checkRows(t, []rowTest{
		link("international with a port", "https://bücher.example:8443/a", "https://xn--bcher-kva.example:8443/a"),
		link("a percent sign alone", "https://mfa.example/100%-club", "https://mfa.example/100%-club"),
		link("a percent sign in the query", "https://mfa.example/?q=100%&a=%zz", "https://mfa.example/?q=100%&amp;a=%zz"),
		link("backslashes", `https:\\mfa.example\a`, "https://mfa.example/a"),
		link("one slash", "https:/mfa.example/a", "https://mfa.example/a"),
		link("capitals and the usual port", "HTTPS://MFA.Example:443/A", "https://mfa.example/A"),
		link("dots", "https://mfa.example/a/../b/./c", "https://mfa.example/b/c"),
		link("spaces", " https://mfa.example/a b ", "https://mfa.example/a%20b"),
		link("line ends", "https://mfa.example/a\n  b", "https://mfa.example/a%20%20b"),
		link("an underscore in the name", "https://a_b.example/", "https://a_b.example/"),
		link("full-width dots", "https://例え。テスト/", "https://xn--r8jz45g.xn--zckzah/"),
		link("relative", "../2025/x.html?a=1#b", "https://mfa.example/2025/x.html?a=1#b"),
		link("without a scheme", "//b.example/x", "https://b.example/x"),
		link("a question mark only", "?page=2", "https://mfa.example/news/page.html?page=2"),
		link("mail with a subject", "mailto:press@mfa.example?subject=a b", "mailto:press@mfa.example?subject=a%20b"),
		link("a telephone", "tel:+1 23", "tel:+1%2023"),
		link("with user and password", "https://bank.example@evil.example/", ""),
		link("a script", "javascript:alert(1)", ""),
		link("no name", "https://", ""),
		link("a forbidden character", "https://a<b.example/", ""),
		{name: "a picture", html: true, in: `<img src="https://bücher.example:8443/100%.png">`, page: `<p><img src="https://xn--bcher-kva.example:8443/100%.png" alt=""/></p>`, quiet: true},
		{name: "lost", in: "a\n\n[x](javascript:y)", note: "3: a link lost its address: javascript:y"},
		{name: "a lost picture", in: "a\n![x](data:y)", note: "2: an image without a usable address was removed: x (data:y)"},
	})
}

func TestMedia(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "an object's alternative", html: true, in: `<object data="treaty.pdf"><a href="treaty.pdf">download</a></object>`, page: `<p><a href="https://mfa.example/news/treaty.pdf">download</a></p>`, note: "1: an object was replaced by its alternative: treaty.pdf"},
		{name: "an object without", html: true, in: `a<object data="treaty.pdf" title="The treaty"></object>b`, page: `<p>a <a href="https://mfa.example/news/treaty.pdf">The treaty</a> b</p>`, note: "1: an object was replaced by a link: treaty.pdf"},
		{name: "a film", html: true, in: `<video controls><source src="a.mp4"><track src="a.vtt"><p>Read <a href="t.html">the text</a>.</p></video>`, page: `<p>Read <a href="https://mfa.example/news/t.html">the text</a>.</p>`, note: "1: a video was replaced by its alternative: a.mp4"},
		{name: "a recording", html: true, in: `<audio src="a.mp3"></audio>`, page: `<p><a href="https://mfa.example/news/a.mp3">https://mfa.example/news/a.mp3</a></p>`, note: "1: a recording was replaced by a link: a.mp3"},
		{name: "a frame", html: true, in: `<iframe src="https://video.example/1" title="The speech">no frames</iframe>`, page: `<p><a href="https://video.example/1">The speech</a></p>`, note: "1: a frame was replaced by a link: https://video.example/1"},
		{name: "a frame's own page", html: true, in: `a<iframe srcdoc="<style>x</style><p>Growth of &lt;b>3 %&lt;/b></p><p>and more</p>"></iframe>b`, page: "<p>a Growth of 3 % and more b</p>", note: "1: a frame was replaced by its alternative"},
		{name: "a frame with its own page and an address", html: true, in: `<iframe srcdoc="<p>x</p>" src="https://video.example/1"></iframe>`, page: "<p>x</p>", note: "1: a frame was replaced by its alternative: https://video.example/1"},
		{name: "a film that cannot be shown", html: true, in: `<video src="/a.mp4"><p>Your browser does not support the video tag.</p></video>`, page: `<p><a href="https://mfa.example/a.mp4">https://mfa.example/a.mp4</a></p>`, note: "1: a video was replaced by a link: /a.mp4"},
		{name: "a film that cannot be shown, with a link", html: true, in: `<video src="/a.mp4">Your browser does not support it: <a href="/a.mp4">the film</a></video>`, page: `<p>Your browser does not support it: <a href="https://mfa.example/a.mp4">the film</a></p>`},
		{name: "a frame in a link", html: true, in: `<a href="/x"><iframe src="https://video.example/1"></iframe></a>`, page: `<p><a href="https://mfa.example/x">https://video.example/1</a></p>`},
		{name: "a frame without an address", html: true, in: `a<iframe srcdoc=""></iframe>`, page: "<p>a</p>", note: "1: a frame was removed"},
		{name: "an embedded object in an object", html: true, in: `<object><param name="movie" value="a.swf"><embed src="a.swf"></object>`, page: `<p><a href="https://mfa.example/news/a.swf">https://mfa.example/news/a.swf</a></p>`},
		{name: "an object's own text", html: true, in: `<canvas>Growth of 3 %</canvas>`, page: "<p>Growth of 3 %</p>"},
		{name: "an image map", html: true, in: `<map name=m><area href="/a" alt="North"><area href="/b" alt="South"></map>`, page: `<p><a href="https://mfa.example/a">North</a> <a href="https://mfa.example/b">South</a></p>`},
		{name: "a drawing", html: true, in: "<p>a<svg><text>b</text></svg></p>", page: "<p>a</p>", note: "1: a drawing was removed: b"},
		{name: "hidden frames are counters", html: true, in: `<p>a</p><iframe src="https://count.example/" style="display:none"></iframe>`, page: "<p>a</p>", quiet: true},
		{name: "a picture that comes later", in: `<img src="data:image/gif;base64,R0" data-src="/p.png" alt="p">`, page: `<p><img src="https://mfa.example/p.png" alt="p"/></p>`, quiet: true},
		{name: "a picture in several sizes", html: true, in: `<img srcset="/p.png 1x, /q.png 2x" alt="p">`, page: `<p><img src="https://mfa.example/p.png" alt="p"/></p>`, quiet: true},
		{name: "a picture with sources", html: true, in: `<picture><source srcset="/p.webp"><img src="data:x" alt="p"></picture>`, page: `<p><img src="https://mfa.example/p.webp" alt="p"/></p>`, quiet: true},
		{name: "a counter", html: true, in: `<p>a<img src="https://count.example/c.gif" width=1 height=1>b</p>`, page: `<p>a b</p>`, note: "1: a picture of one point, which counts readers or makes room, was removed: https://count.example/c.gif"},
		{name: "a counter by style", in: `a<img src="https://count.example/c.gif" style="width:1px;height:1px">`, page: `<p>a</p>`, note: "1: a picture of one point, which counts readers or makes room, was removed: https://count.example/c.gif"},
		{name: "a small picture", html: true, in: `<img src="/p.png" width=16 height=16 alt=p>`, page: `<p><img src="https://mfa.example/p.png" alt="p" width="16" height="16"/></p>`, quiet: true},
		{name: "in Markdown", in: "a\n\n<iframe src=\"https://video.example/1\"></iframe>", note: "3: a frame was replaced by a link: https://video.example/1"},
	})
}

// TestBesidesMedia: what belongs to a medium and goes is told, too.
func TestBesidesMedia(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		`<iframe src="https://video.example/1">no <b>frames</b></iframe>`: {
			"1: a frame was replaced by a link: https://video.example/1", "1: what a frame says where it is not shown was left out: no <b>frames</b>"},
		`<video poster="/p.jpg"><source src="/a.mp4"><source src="/a.mp4"><source src="/a.webm"><track src="/a.vtt"></video>`: {
			"1: a video was replaced by a link: /a.mp4", "1: the picture of a video was left out: /p.jpg", "1: another form of a video was left out: /a.webm", "1: a list of subtitles of a video was left out: /a.vtt"},
		`<audio src="/a.mp3"><source src="/a.ogg">Ihr Browser unterstützt das nicht.</audio>`: {
			"1: a recording was replaced by a link: /a.mp3", "1: another form of a recording was left out: /a.ogg", "1: what a recording says where it is not shown was left out: Ihr Browser unterstützt das nicht."},
		`<video poster="/p.jpg" src="/a.mp4">The film shows the signing.</video>`: {
			"1: a video was replaced by its alternative: /a.mp4", "1: the picture of a video was left out: /p.jpg"},
		`<video hidden poster="/p.jpg" src="/a.mp4"></video>`:                                             {"1: a hidden video was dropped: /a.mp4"},
		`<picture><source srcset="/a.webp"><source srcset="/b.webp"><img src="/a.png" alt="a"></picture>`: nil,
	} {
		for _, typed := range []bool{false, true} {
			var notes []Note
			if base, err := url.Parse("https://mfa.example/"); err != nil {
				t.Fatal(err)
			} else if typed {
				read, err := ReadMarkdown([]byte(in), base)
				if err != nil {
					t.Errorf("%s: %v", in, err)
				}
				notes = read.Notes
			} else {
				_, notes = CleanNoted(in, base)
			}
			var got []string
			for _, n := range notes {
				got = append(got, n.text())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, typed: %v (-want +got):\n%s", in, typed, diff)
			}
		}
	}
}

func TestListsAndHeadings(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "type and start", html: true, in: `<ol type="a" start="3"><li>x<li value="7">y</ol>`, page: `<ol type="a" start="3"><li>x</li><li value="7">y</li></ol>`},
		{name: "reversed", html: true, in: `<ol reversed><li>x<li>y</ol>`, page: `<ol reversed=""><li>x</li><li>y</li></ol>`},
		{name: "type by style", html: true, in: `<ol style="list-style-type: upper-roman"><li>x</ol>`, page: `<ol type="I"><li>x</li></ol>`},
		{name: "type of an item", html: true, in: `<ol type=i><li>x<li type=A>y<li type=1>z</ol><ul><li type=disc>x<li type=a>y</ul>`, page: `<ol type="i"><li>x</li><li type="A">y</li><li type="1">z</li></ol>` + "\n" + `<ul><li>x</li><li type="a">y</li></ul>`},
		{name: "digits", html: true, in: `<ol type="1"><li>x</ol>`, page: "<ol><li>x</li></ol>"},
		{name: "Markdown", in: "7. x\n8. y", page: `<ol start="7"><li>x</li><li>y</li></ol>`, plain: "7. x; 8. y"},
		{name: "first level and second", in: "# A\n\n## B", page: "<h2>A</h2>\n<h3>B</h3>"},
		{name: "second level first", in: "## A\n\n### B\n\n## C", page: "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>"},
		{name: "a level left out", in: "# A\n\n### B\n\n##### C", page: "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>"},
		{name: "a deeper one first", in: "### A\n\n#### B\n\n### C\n\n## D\n\n### E", page: "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>\n<h2>D</h2>\n<h3>E</h3>"},
		{name: "a level left out, and then not", in: "# A\n\n### B\n\n## C\n\n#### D", page: "<h2>A</h2>\n<h3>B</h3>\n<h3>C</h3>\n<h4>D</h4>"},
		{name: "only deep ones", in: "#### A", page: "<h2>A</h2>"},
		{name: "all six", in: "# A\n\n## B\n\n### C\n\n#### D\n\n##### E\n\n###### F", page: "<h2>A</h2>\n<h3>B</h3>\n<h4>C</h4>\n<h5>D</h5>\n<h6>E</h6>\n<h6>F</h6>"},
		{name: "in a quotation too", in: "> # A\n\n## B", page: "<blockquote><h2>A</h2></blockquote>\n<h3>B</h3>"},
	})
}

func TestSeparators(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "items", in: "- first item\n- second item", plain: "first item; second item"},
		{name: "items with punctuation", in: "They agreed:\n\n1. One.\n2. Two.", plain: "They agreed: 1. One. 2. Two."},
		{name: "Chinese items", in: "- 第一\n- 第二", plain: "第一；第二"},
		{name: "terms", html: true, in: "<dl><dt>Seat<dd>Almira<dt>Head<dd>Ruiz</dl>", plain: "Seat: Almira; Head: Ruiz"},
		{name: "a picture between words", html: true, in: `three<img src="https://a.example/x.png">after`, plain: "three after"},
		{name: "a line break", html: true, in: "<p>three<br>after</p>", plain: "three after"},
		{name: "the end of a line break", in: "three</br>after", page: "<p>three<br/>after</p>"},
		{name: "ends of blocks that are not open", in: "3</p>5</div>7</li>9", page: "<p>3 5 7 9</p>"},
		{name: "a heading in another one", html: true, in: "<h2>A<h3>B</h3>3</h2>5", page: "<h2>A</h2>\n<h3>B</h3>\n<p>3 5</p>"},
		{name: "blocks by style", html: true, in: `<span style="display:block">3</span><b style="display:flex">5</b>7`, page: "<p>3</p>\n<p><b>5</b></p>\n<p>7</p>"},
		{name: "blocks by style in a link", html: true, in: `<a href="/x"><span style="display:block">会见</span><i><em style="display: list-item">会谈</em></i></a>`,
			page: `<p><a href="https://mfa.example/x">会见</a></p>` + "\n" + `<p><i><a href="https://mfa.example/x"><em>会谈</em></a></i></p>`},
		{name: "blocks by a style sheet in a heading", html: true, in: "<style>h2 .a{display:block}</style><h2><span class=a>3</span><span class=a>5</span></h2>", page: "<h2>3 5</h2>"},
		{name: "boxes in a line", html: true, in: `<p><span style="display:inline-block">3</span>, 5</p>`, page: "<p>3, 5</p>"},
		{name: "a reading by style", html: true, in: `<ruby>漢<rt style="display:block">kan</rt></ruby>字`, page: "<p><ruby>漢<rt>kan</rt></ruby>字</p>"},
		{name: "a field", in: "3<input name=x>5", page: "<p>3 5</p>"},
		{name: "a drawing between figures", in: "3<svg><path d=x /></svg>5", page: "<p>3 5</p>"},
		{name: "a formula", html: true, in: "<p>3<b><math><mi>x</mi></math></b>5</p>", page: "<p>3 5</p>"},
		{name: "a template", html: true, in: "3<template>4</template>5", page: "<p>3 5</p>"},
		{name: "a picture without an address", in: "3<img alt=x>5", page: "<p>3 5</p>"},
		{name: "hidden words", html: true, in: "3<span hidden> to </span>5", page: "<p>3 5</p>"},
		{name: "what was dropped at a sign", html: true, in: "<p>3<svg></svg>, 5</p>", page: "<p>3, 5</p>"},
		{name: "what was dropped at a blank", html: true, in: "<p>3 <b><svg></svg>5</b></p>", page: "<p>3 <b>5</b></p>"},
		{name: "cells", html: true, in: "<table><tr><td>1<td>2<tr><td>3</table>", plain: "1; 2; 3"},
		{name: "paragraphs", html: true, in: "<p>One</p><p>Two</p>", plain: "One Two"},
		{name: "quotation", html: true, in: "<p>said<q>no</q></p>", plain: "said“no”"},
		{name: "a reading", html: true, in: "<ruby>漢<rt>kan</ruby>", plain: "漢 (kan)"},
		{name: "a reading in brackets", html: true, in: "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", plain: "漢(kan)"},
	})
}

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Aide de 10\u202f000\u00a0€\u00a0: «\u00a0accord\u00a0»": "Aide de 10\u202f000\u00a0€\u00a0: «\u00a0accord\u00a0»",
		"外務大臣　会見":                 "外務大臣　会見",
		"  a \n\tb\u00a0 c\u00a0": "a b\u00a0c",
		"a\u200bb\u00ad \u2028c":  "ab c",
		"\u00a0 \u3000":           "",
		"a\u2067b":                "a\u2067b\u2069",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
	h, _ := Clean("<p>10\u202f000\u00a0€ are a lot</p><img src='https://a.example/x' alt='10\u00a0€'>", nil)
	if got, want := Excerpt(h, 10), "10\u202f000\u00a0€…"; got != want {
		t.Errorf("excerpt %q, want %q", got, want)
	}
	if got := Pictures(h); len(got) != 1 || got[0].Alt != "10\u00a0€" {
		t.Errorf("pictures %+v", got)
	}
}

// TestNotesAtTheirLines: each note stands at the line of what was lost.
func TestNotesAtTheirLines(t *testing.T) {
	t.Parallel()
	src := "one\n\n- a [x](javascript:1)\n  b ![y](data:2)\n\n> c\n> <p hidden>d</p>\n\n<div>\ne\n<iframe src='https://v.example/3'></iframe>\n</div>\n\n| f |\n|---|\n| [g](javascript:4) |\n"
	base, err := url.Parse("https://mfa.example/")
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadMarkdown([]byte(src), base)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range read.Notes {
		got = append(got, n.text())
	}
	want := []string{
		"3: a link lost its address: javascript:1",
		"4: an image without a usable address was removed: y (data:2)",
		"7: hidden text was dropped: d",
		"11: a frame was replaced by a link: https://v.example/3",
		"16: a link lost its address: javascript:4",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notes (-want +got):\n%s", diff)
	}
}

// TestBesideHasAName: what lies beside a document has no address yet, so none is shown.
func TestBesideHasAName(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://beside.invalid/")
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadMarkdown([]byte("<object data=\"a%20treaty.pdf\"></object>\n\n<blockquote cite=\"x.html\"><p>He <q cite=\"y.html\">said</q>.</p></blockquote>"), base)
	if err != nil {
		t.Fatal(err)
	}
	const want = `<p><a href="https://beside.invalid/a%20treaty.pdf">a treaty.pdf</a></p><blockquote><p>He <q>said</q>.</p></blockquote>`
	if got := strings.ReplaceAll(string(read.Body), "\n", ""); got != want {
		t.Errorf("got %s", got)
	}
}

// TestReferences: whatever the text links to or shows is listed with its line, so
// that files beside a document can be taken, or refused where they are named.
func TestReferences(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://beside.invalid/")
	if err != nil {
		t.Fatal(err)
	}
	read, err := ReadMarkdown([]byte("See [earlier](../2025/x.md)\nand [annex][1].\n\n- ![Pier](pier.jpg) [here](#text-x)\n\n[1]: <an annex.pdf>\n\n<p hidden><a href=gone.pdf>y</a></p>"), base)
	if err != nil {
		t.Fatal(err)
	}
	want := []Reference{
		{1, "https://beside.invalid/2025/x.md", false, "../2025/x.md"},
		{2, "https://beside.invalid/an%20annex.pdf", false, "an annex.pdf"},
		{4, "https://beside.invalid/pier.jpg", true, "pier.jpg"},
	}
	if diff := cmp.Diff(want, read.References); diff != "" {
		t.Errorf("references (-want +got):\n%s", diff)
	}
}

// TestBlackedOut: what cannot be read for its colour is not published.
func TestBlackedOut(t *testing.T) {
	t.Parallel()
	gone := func(in string) rowTest {
		return rowTest{name: in, html: true, in: "<p>kept " + in, page: "<p>kept</p>", note: "1: hidden text was dropped: secret"}
	}
	stays := func(in string) rowTest {
		return rowTest{name: in, html: true, in: in, plain: "seen", quiet: true}
	}
	checkRows(t, []rowTest{
		gone(`<span style="background:black;color:black">secret</span>`),
		gone(`<span style="background:black">secret</span>`),
		gone(`<span style="BACKGROUND-COLOR: #000000 !important">secret</span>`),
		gone(`<span style="color:red;background:red">secret</span>`),
		gone(`<span style="color:red"><b style="background:#f00">secret</b></span>`),
		gone(`<span style="background:#036"><b style="color:#036">secret</b></span>`),
		gone(`<span style='background:black;mso-highlight:black'>secret</span>`),
		gone(`<span style='mso-highlight:black'>secret</span>`),
		gone(`<span style='color:windowtext;mso-shading:windowtext'>secret</span>`),
		gone(`<span style="background:rgb(0 0 0 / 100%)">secret</span>`),
		gone(`<span style="background:hsl(0,0%,2%)">secret</span>`),
		gone(`<span style="background:currentcolor">secret</span>`),
		gone(`<span style="background:linear-gradient(#000,#000)">secret</span>`),
		gone(`<span style="background:#111;color:black">secret</span>`),
		gone(`<font color=black style="background:#000">secret</font>`),
		gone(`<mark style="background:black">secret</mark>`),
		gone(`<mark style="color:yellow">secret</mark>`),
		gone(`<a href="/x" style="color:#000;background:#000">secret</a>`),
		gone(`<b class="MsoStrong" style="background:black">secret</b>`),
		gone(`<span style="color:transparent;text-shadow:0 0 9px #000">secret</span>`),
		gone(`<span style="filter:blur(8px)">secret</span>`),
		gone(`<span style="-webkit-text-security:disc">secret</span>`),
		gone(`<style>.r{background:black;color:black}</style><span class=r>secret</span>`),
		stays(`<span style="background:black;color:white">seen</span>`),
		stays(`<span class="badge" style="background:black">seen</span>`),
		stays(`<a href="/x" style="background:black">seen</a>`),
		stays(`<p style="background:#000 url(data:,x)">seen</p>`),
		stays(`<p style="background:linear-gradient(#000,#fff)">seen</p>`),
		stays(`<span style="background:black;color:var(--a)">seen</span>`),
		stays(`<span style="background:rgba(0,0,0,0.5)">seen</span>`),
		stays(`<p style="color:red;background:#7f7f7f">seen</p>`),
		stays(`<p style="color:#eee">seen</p>`),
		stays(`<mark>seen</mark>`),
		stays(`<body bgcolor=black text=white><p>seen</p></body>`),
		stays(`<body bgcolor="#000080"><p>seen</p></body>`),
		stays(`<font color=fff>seen</font>`),
		stays(`<font color=" #ffff ">seen</font>`),
		stays(`<font color="transparent">seen</font>`),
		stays(`<font color="rgb(255,255,255)">seen</font>`),
		stays(`<font color="currentcolor">seen</font>`),
		stays(`<font color="">seen</font>`),
		stays(`<table bgcolor=fff><tr><td><font color=white>seen</font></table>`),
		stays(`<p bgcolor=black>seen</p>`),
		stays(`<span style="color:fff">seen</span>`),
		gone(`<font color=FFFFFF>secret</font>`),
		gone(`<font color=" #FFF ">secret</font>`),
		gone(`<font color="fffffffff">secret</font>`),
		gone(`<font color="#fffffffff">secret</font>`),
		gone(`<font color=White>secret</font>`),
		gone(`<font color=fff style="background:#0f0f0f">secret</font>`),
		gone(`<font color=chucknorris style="background:#c00000">secret</font>`),
		gone(`<font color=0000000f0000000f0000000f style="background:#0f0f0f">secret</font>`),
		stays(`<span style="color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text">seen</span>`),
		stays(`<p style="background:inherit;color:inherit"><span style="background:none;color:unset">seen</span></p>`),
		stays(`<div style="background:black;color:white"><p style="color:white">seen</p></div>`),
		stays(`<style>.r{background:black} .b{color:white;background:black}</style><p class=r><b class=b>seen</b></p>`),
		{name: "what can be read among it", html: true, in: `<p style="background:black">a <span style="color:white">b</span> <img src="/x.png"></p>`, page: `<p>b <img src="https://mfa.example/x.png" alt=""/></p>`, note: "1: hidden text was dropped: a"},
		{name: "cells", html: true, in: `<table><tr><td bgcolor=black>a<td bgcolor=black><font color=white>b</font></table>`, page: "<table><tr><td></td><td>b</td></tr></table>"},
		{name: "from block to block", html: true, in: `<span style="background:black">a<p>b</p></span>c`, page: "<p>c</p>"},
		{name: "the colour from around blocks", html: true, in: `<font color=red><p style="background:red">a</p><p>b</p></font>`, page: "<p>b</p>"},
		{name: "a word's place", html: true, in: `<p>a<s style="background:black">b</s>c<span style="color:white"> </span>d</p>`, page: "<p>a c d</p>"},
		{name: "in Markdown", in: "a <span style=\"background:black\">b</span> c", page: "<p>a c</p>", note: "1: hidden text was dropped: b"},
		{name: "of a stranger", foreign: true, in: `a <span style="background:black">b</span> c`, page: "<p>a c</p>"},
	})
	read, err := ReadMarkdown([]byte(`a <a href="https://mfa.example/secret.pdf" style="color:black;background:black">treaty</a>`), nil)
	if err != nil || len(read.References) > 0 {
		t.Errorf("a link that is blacked out leads to %v (%v)", read.References, err)
	}
}

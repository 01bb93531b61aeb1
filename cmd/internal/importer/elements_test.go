package importer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"communique/storage/richtext"
)

// elementTest is what stands between two paragraphs of a page, and what becomes of it.
type elementTest struct {
	name, in, want string
	notes          []string
}

func checkElements(t *testing.T, rows []elementTest) {
	t.Helper()
	at, err := url.Parse("https://old.mfa.example/a/b.html")
	if err != nil {
		t.Fatal(err)
	}
	const before, after = "<p>The talks on the harbour went well, as the Minister said today in Port Almira.</p>", "<p>The next round will be held in Sund at the end of the month, the Minister added.</p>"
	for _, tt := range rows {
		page := "<!DOCTYPE html><html lang=en><head><title>T</title></head>\n<body><article><h1>The harbour of Almira</h1>\n<p>3 May 2026</p>\n" + before + "\n" + tt.in + "\n" + after + "</article></body></html>"
		p, err := ReadPage("a.html", []byte(page), Options{Zone: time.UTC, SourceURL: at})
		if err != nil || p.Refused != "" {
			t.Errorf("%s: %v %s", tt.name, err, p.Refused)
			continue
		}
		if diff := cmp.Diff(strings.TrimSuffix(before+"\n"+tt.want, "\n")+"\n"+after, string(p.Body)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		for _, want := range tt.notes {
			if !slices.ContainsFunc(p.Notes, func(n richtext.Note) bool { return fmt.Sprintf("%d: %s", n.Line, n.What) == want }) {
				t.Errorf("%s: notes %v, without %q", tt.name, p.Notes, want)
			}
		}
		if len(tt.notes) == 0 && len(p.Notes) > 0 {
			t.Errorf("%s: notes %v", tt.name, p.Notes)
		}
	}
}

// TestInlineAroundBlocks: what an inline element says of blocks in it is not lost.
func TestInlineAroundBlocks(t *testing.T) {
	t.Parallel()
	checkElements(t, []elementTest{
		{"a deleted paragraph", "<del><p>x</p></del>", "<p><s>x</s></p>", nil},
		{"a deleted list", "<del><ul><li>a<li>b</ul></del>", "<ul><li><s>a</s></li><li><s>b</s></li></ul>", nil},
		{"text beside a deleted block", "y <del>a<p>b</p>c</del>", "<p>y</p>\n<p><s>a</s></p>\n<p><s>b</s></p>\n<p><s>c</s></p>", nil},
		{"a link around a division", `<a href="/x"><div>a</div></a>`, `<p><a href="https://old.mfa.example/x">a</a></p>`, nil},
		{"bold around paragraphs", "<b><p>a</p><p>b</p></b>", "<p><b>a</b></p>\n<p><b>b</b></p>", nil},
		{"struck by style", `<div style="text-decoration:line-through"><p>a</p>b</div>`, "<p><s>a</s></p>\n<p><s>b</s></p>", nil},
	})
}

// TestMediaOfPages: what shows something from elsewhere leaves the author's own words
// for it or a link, and what is taken away leaves a note, and a blank between words.
func TestMediaOfPages(t *testing.T) {
	t.Parallel()
	link := func(address, text string) string { return `<a href="` + address + `">` + text + "</a>" }
	apart := "<p>3 5</p>"
	checkElements(t, []elementTest{
		{"a frame", `3<iframe src="https://video.example/1" title="The speech"></iframe>5`, "<p>3 " + link("https://video.example/1", "The speech") + " 5</p>", []string{"5: a frame was replaced by a link: https://video.example/1"}},
		{"a frame in its box", `<p>a</p><div class="video-consent"><p>YouTube sets cookies.</p><iframe src="https://video.example/1"></iframe></div>`, "<p>a</p>", []string{"5: an embedded frame was removed: https://video.example/1"}},
		{"a frame beside a picture", `<figure><img src="/p.jpg" alt="p"><iframe src="https://video.example/1"></iframe></figure>`, `<figure><p><img src="https://old.mfa.example/p.jpg" alt="p"/> ` + link("https://video.example/1", "https://video.example/1") + "</p></figure>", []string{"5: a frame was replaced by a link: https://video.example/1"}},
		{"a frame that counts", `<p>a</p><iframe src="https://count.example/" width=1 height=1></iframe>`, "<p>a</p>", nil},
		{"an object's alternative", `3<object data="treaty.pdf"><a href="treaty.pdf">the treaty</a></object>5`, "<p>3 " + link("https://old.mfa.example/a/treaty.pdf", "the treaty") + " 5</p>", []string{"5: an object was replaced by its alternative: treaty.pdf"}},
		{"an object without", `3<object data="treaty.pdf"></object>5`, "<p>3 " + link("https://old.mfa.example/a/treaty.pdf", "https://old.mfa.example/a/treaty.pdf") + " 5</p>", []string{"5: an object was replaced by a link: treaty.pdf"}},
		{"an object that says that it cannot be shown", `<object data="treaty.pdf"><p>Your browser cannot show this.</p></object>`, "<p>" + link("https://old.mfa.example/a/treaty.pdf", "https://old.mfa.example/a/treaty.pdf") + "</p>", []string{"5: an object was replaced by a link: treaty.pdf"}},
		{"an object's apology", `<object data="treaty.pdf"><p>Your browser cannot show this.</p></object>`, "<p>" + link("https://old.mfa.example/a/treaty.pdf", "https://old.mfa.example/a/treaty.pdf") + "</p>", []string{"5: what an object says where it is not shown was left out: Your browser cannot show this."}},
		{"a frame's words", `3<iframe src="https://video.example/1" title="The speech">no <b>frames</b></iframe>5`, "<p>3 " + link("https://video.example/1", "The speech") + " 5</p>", []string{"5: what a frame says where it is not shown was left out: no <b>frames</b>"}},
		{"a frame's own page", `3<iframe srcdoc="<p>Growth of 3 %</p>"></iframe>5`, "<p>3 Growth of 3 % 5</p>", []string{"5: a frame was replaced by its alternative"}},
		{"what belongs to a film", `<video poster="/p.jpg"><source src="/a.mp4"><source src="/a.webm"></video>`, "<p>" + link("https://old.mfa.example/a.mp4", "https://old.mfa.example/a.mp4") + "</p>", []string{"5: the picture of a video was left out: /p.jpg", "5: another form of a video was left out: /a.webm"}},
		{"a film", `<video controls><source src="/a.mp4"><p>Read <a href="/t.html">the text</a>.</p></video>`, "<p>Read " + link("https://old.mfa.example/t.html", "the text") + ".</p>", []string{"5: a video was replaced by its alternative: /a.mp4"}},
		{"a recording in a player", `<div class="audio-player"><audio src="/a.mp3"></audio></div>`, "<p>" + link("https://old.mfa.example/a.mp3", "https://old.mfa.example/a.mp3") + "</p>", []string{"5: a recording was replaced by a link: /a.mp3"}},
		{"a canvas", "3<canvas></canvas>5", apart, []string{"5: a drawing was removed"}},
		{"a field", `3<input value="4">5`, apart, []string{"5: a field of a form was removed: 4"}},
		{"a hidden field", `3<input type=hidden value="4">5`, apart, nil},
		{"a button", "3<button>x</button>5", apart, []string{"5: a control of a form was removed: x"}},
		{"a choice", "3<select><option>x</select>5", apart, []string{"5: a control of a form was removed: x"}},
		{"a text area", "3<textarea></textarea>5", apart, nil},
		{"a drawing", "<p>3<b><svg><text>x</text></svg></b>5</p>", apart, []string{"5: a drawing was removed: x"}},
		{"an icon", "<p>3<svg width=16><path d=x /></svg>5</p>", apart, nil},
		{"a formula", "3<math><mi>x</mi></math>5", apart, []string{"5: a formula was removed: x"}},
		{"a template", "3<template>4</template>5", apart, []string{"5: a template was removed: 4"}},
		{"a hidden picture", "3<img hidden src=/p.jpg>5", apart, []string{"5: a hidden picture was dropped: https://old.mfa.example/p.jpg"}},
		{"a picture in hidden words", "3<div style=display:none>4<img src=/p.jpg></div>5", apart, []string{"5: hidden text was dropped: 4", "5: a hidden picture was dropped: https://old.mfa.example/p.jpg"}},
		{"a hidden counter", "3<img hidden width=1 src=/p.gif>5", apart, nil},
		{"the title of a picture", `<p><img src="/p.jpg" alt="p" title="The pier"></p>`, `<p><img src="https://old.mfa.example/p.jpg" alt="p"/></p>`, []string{"5: the title of a picture is not shown: The pier"}},
		{"the title of a link", `<p><a href="/x" title="The pier">Almira</a></p>`, `<p><a href="https://old.mfa.example/x">Almira</a></p>`, []string{"5: the title of a link is not shown: The pier"}},
		{"titles that say it again", `<p><a href="/x" title="Pier">The pier</a> <img src="/p.jpg" alt="A pier" title="a pier"></p>`, `<p><a href="https://old.mfa.example/x">The pier</a> <img src="https://old.mfa.example/p.jpg" alt="A pier"/></p>`, nil},
		{"words of controls", `<p>Print | Share | <a href="/x">Next</a></p>`, "", []string{"5: left out (control): Print | Share | Next"}},
		{"controls", `<p><a href="/x">Print</a> | <a href="/y">Share</a></p>`, "", nil},
		{"hidden words", "3<span hidden>4</span>5", apart, []string{"5: hidden text was dropped: 4"}},
		{"a bar of buttons", `3<div class=share>Share</div>5`, apart, nil},
		{"a picture without an address", "<p>3<img alt=x>5</p>", apart, []string{"5: an image without a usable address was removed"}},
		{"a picture in the page itself", `<p>3<img src="data:image/png;base64,R0">5</p>`, apart, []string{"5: an image without a usable address was removed: data:image/png;base64,R0"}},
		{"a picture that comes later", `<p><img src="data:image/png;base64,R0" data-src="/p.jpg" alt="p"></p>`, `<p><img src="https://old.mfa.example/p.jpg" alt="p"/></p>`, nil},
		{"a percent sign in its name", `<p><img src="https://old.mfa.example/100%-club.png" alt="p"></p>`, `<p><img src="https://old.mfa.example/100%-club.png" alt="p"/></p>`, nil},
		{"a percent sign in its name, beside the page", `<p><img src="100%-club.png" alt="p"></p>`, `<p><img src="https://old.mfa.example/a/100%-club.png" alt="p"/></p>`, nil},
		{"a counter", `<p>3<img src="/c.gif" width=1 height=1>5</p>`, apart, []string{"5: a picture of one point, which counts readers or makes room, was removed: https://old.mfa.example/c.gif"}},
		{"an icon of a file", `<p>3<img src="/pdf.png" width=16 height=16>5</p>`, apart, []string{"5: an icon was removed: https://old.mfa.example/pdf.png"}},
	})
}

// TestHiddenByStyles: what readers of a page did not see is not taken, or told.
func TestHiddenByStyles(t *testing.T) {
	t.Parallel()
	checkElements(t, []elementTest{
		{"by a class of the page", "<style>.draft, .x .y{display:none}</style><p class=draft>A</p>", "", []string{"5: hidden text was dropped: A"}},
		{"by its place", "<style>.box > p{display:none}</style><div class=box><p>A</p></div><p>B</p>", "<p>B</p>", []string{"5: hidden text was dropped: A"}},
		{"for paper", "<style media=print>.draft{display:none}</style><p class=draft>A</p>", "<p>A</p>", nil},
		{"white by a class", "<style>.w{color:#fff}</style><p class=w>A</p>", "", []string{"5: hidden text was dropped: A"}},
		{"white by a class on the page's colour", "<style>.w{color:#ffe} .p{background:#ffffee}</style><div class=p><p class=w>A</p><p>B</p></div>", "<p>B</p>", []string{"5: hidden text was dropped: A"}},
		{"white on blue, by classes", "<style>.w{color:#fff} .p{background:#036}</style><div class=p><p class=w>A</p></div>", "<p>A</p>", nil},
		{"white where another style sheet may colour", "<link rel=stylesheet href=/a.css><style>.w{color:#fff}</style><p class=w>A</p>", "<p>A</p>", nil},
		{"white in a coloured table", "<table bgcolor=navy><tr><td><font color=white>A</font></table>", "<p>A</p>", nil},
		{"without a size, by a class", "<style>.w{font-size:0}</style><p>A <span class=w>B</span> C</p>", "<p>A C</p>", []string{"5: hidden text was dropped: B"}},
		{"away, by a class", "<style>.w{position:absolute;left:-9999px}</style><p class=w>A</p>", "", []string{"5: hidden text was dropped: A"}},
		{"indented away", "<p style='text-indent:-9999px'>A</p>", "", []string{"5: hidden text was dropped: A"}},
		{"clear as air, by a class", "<style>.w{opacity:0}</style><p class=w>A</p>", "", []string{"5: hidden text was dropped: A"}},
		{"cut off, by a class", "<style>.w{height:0;overflow:hidden}</style><div class=w><p>A</p></div>", "", []string{"5: hidden text was dropped: A"}},
		{"what scripts will show", "<style>p{opacity:0}</style><p>A</p>", "<p>A</p>", nil},
		{"lines that a class keeps", "<style>.l{white-space:pre-line}</style><p class=l>A\nB</p>", "<p>A<br/>B</p>", nil},
		{"struck by a class", "<style>.old{text-decoration:line-through}</style><p>a <span class=old>b</span></p>", "<p>a <s>b</s></p>", nil},
		{"raised by a class", "<style>.up{vertical-align:super}</style><p>10<span class=up>6</span></p>", "<p>10<sup>6</sup></p>", nil},
		{"important", `<p style="display:block!important;display:none">A</p>`, "<p>A</p>", nil},
		{"shown within what is hidden", `<div style="visibility:hidden">A<p style="visibility:visible">B</p></div>`, "<p>B</p>", []string{"5: hidden text was dropped: A"}},
		{"to nothing", `<p style="transform:scale(0)">A</p>`, "", []string{"5: hidden text was dropped: A"}},
	})
}

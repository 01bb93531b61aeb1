package richtext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLossesAreTold: nothing is taken out of a text in silence, whether it was typed or
// is a page.
func TestLossesAreTold(t *testing.T) {
	t.Parallel()
	for in, want := range map[string][]string{
		`a <a href="">b</a> <a href=" ">c</a>`:                                                                        {"2: a link has no address, and only its words were kept", "2: a link has no address, and only its words were kept"},
		`<img src="https://a.example/b.png" alt="words" hidden> text`:                                                 {"2: a hidden picture was dropped: https://a.example/b.png"},
		`<img src="https://a.example/b.png" style="display:none"> text`:                                               {"2: a hidden picture was dropped: https://a.example/b.png"},
		`<p style="visibility:hidden"><img src="https://a.example/b.png" alt=""></p>`:                                 {"2: a hidden picture was dropped: https://a.example/b.png"},
		`<div hidden>word <img src="https://a.example/b.png"></div>`:                                                  {"2: hidden text was dropped: word", "2: a hidden picture was dropped: https://a.example/b.png"},
		`<div hidden><object data="https://a.example/b.pdf"></object></div>`:                                          {"2: a hidden object was dropped: https://a.example/b.pdf"},
		`<video hidden><source src="https://a.example/b.mp4"><source src="https://a.example/c.webm"></video> a`:       {"2: a hidden video was dropped: https://a.example/b.mp4"},
		`a <template><img src="https://a.example/b.png"></template>`:                                                  {"2: a hidden picture was dropped: https://a.example/b.png"},
		`a <picture><source srcset="https://a.example/b.png 2x"></picture>`:                                           {"2: a picture without an <img> was removed: https://a.example/b.png"},
		`a <meter value="0.6"></meter> <progress value="3" max="10"></progress> <progress value="3">three</progress>`: {"2: a bar without words was removed: 0.6", "2: a bar without words was removed: 3"},
		`a <textarea placeholder="b"></textarea> <textarea placeholder="b">c</textarea>`:                              {"2: what stands in an empty field of a form was removed: b"},
		`a <img alt="words">`:                      {"2: an image without a usable address was removed: words"},
		`a <input type="image" src="/b.png">`:      {"2: a field of a form was removed: /b.png"},
		`<p hidden>a<p style="display:none">b<p>c`: {"2: hidden text was dropped: a", "2: hidden text was dropped: b"},
		`<ul><li hidden>a<li hidden>b<li>c</ul>`:   {"2: hidden text was dropped: a", "2: hidden text was dropped: b"},
		`<dl><dt hidden>a<dd hidden>b<dt>c</dl>`:   {"2: hidden text was dropped: a", "2: hidden text was dropped: b"},
	} {
		for _, typed := range []bool{false, true} {
			var all []Note
			if typed {
				r, err := ReadMarkdown([]byte("\n"+in), nil)
				if err != nil {
					t.Errorf("%s: %v", in, err)
				}
				all = r.Notes
			} else {
				_, all = CleanNoted("\n"+in, nil)
			}
			var got []string
			for _, n := range all {
				got = append(got, n.text())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, typed: %v (-want +got):\n%s", in, typed, diff)
			}
		}
	}
	checkRows(t, []rowTest{
		{name: "typed in angle brackets", in: "a <!words> b <?words> c </words> d <!WORDS 5> e", page: "<p>a &lt;!words&gt; b &lt;?words&gt; c &lt;/words&gt; d &lt;!WORDS 5&gt; e</p>", quiet: true},
		{name: "in the words of a picture", in: "\n![a <span hidden>b</span> c](https://a.example/b.png)", page: `<p><img src="https://a.example/b.png" alt="a c"/></p>`, note: "2: hidden text was dropped: b"},
		{name: "a tag without an end in the words of a picture", in: "\n![a <b>c](https://a.example/b.png)", refused: "line 2: <b> has no end tag"},
		{name: "a title over words", in: `a <span title="words">b</span>`, page: "<p>a b</p>", note: "1: the title of <span> is not shown: words"},
		{name: "a title of a cell", in: "\n<table>\n<tr><td title='words'>b</td></tr></table>", note: "3: the title of <td> is not shown: words"},
		{name: "a summary", in: `<table summary="words"><tr><td>b</td></tr></table>`, note: "1: the summary of <table> is not shown: words"},
		{name: "the short form of a head", in: `<table><tr><th abbr="words">b</th></tr></table>`, note: "1: the short form of <th> is not shown: words"},
		{name: "a label", in: `<section aria-label="words"><p>b</p></section>`, note: "1: the label of <section> is not shown: words"},
		{name: "a title that is kept", in: `<abbr title="words">b</abbr>`, page: `<p><abbr title="words">b</abbr></p>`, quiet: true},
		{name: "a title of nothing", in: `<span title="">b</span>`, quiet: true},
		{name: "a head", in: "<html><head>\n<title>words</title></head>\n<body><p>b</p></body></html>", page: "<p>b</p>", note: "2: a title of a page was removed: words"},
		{name: "a head of a page", html: true, in: "<html><head><title>words</title></head><body><p>b</p></body></html>", page: "<p>b</p>", quiet: true},
		{name: "the words of a picture of data", in: `a <img src="data:image/png;base64,R0" alt="words">`, page: "<p>a</p>", note: "1: an image without a usable address was removed: words (data:image/png;base64,R0)"},
		{name: "typed as a paragraph", in: "<!words>\n\n<?words>\n\n</words>", page: "<p>&lt;!words&gt;</p>\n<p>&lt;?words&gt;</p>\n<p>&lt;/words&gt;</p>", quiet: true},
		{name: "without scripts, in a head", in: "<head><noscript>words</noscript></head>\n\ntext", page: "<p>words</p>\n<p>text</p>", quiet: true},
		{name: "words in a film, in paragraphs", in: `<p>a <video src="https://x.example/a.mp4"><p>Your browser is too old</p></video> b</p>`, page: `<p>a <a href="https://x.example/a.mp4">https://x.example/a.mp4</a> b</p>`, note: "1: a video was replaced by a link: https://x.example/a.mp4"},
		{name: "the label of a drawing", in: `<svg aria-label="No entry"></svg> a`, page: "<p>a</p>", note: "1: a drawing was removed: No entry"},
		{name: "the label of a drawing of a page", html: true, in: `<svg role="img" aria-label="No entry"><path/></svg> a`, note: "1: a drawing was removed: No entry"},
		{name: "the label of subtitles", in: `<video src="https://a.example/v.mp4"><track label="Deutsch" src="https://a.example/v.vtt">words</video>`, page: "<p>words</p>", note: "1: a video was replaced by its alternative: https://a.example/v.mp4"},
		{name: "the label of subtitles of a link", html: true, in: "<video src=\"https://a.example/v.mp4\">\n<track label=\"Deutsch\" src=\"https://a.example/v.vtt\"></video>", note: "1: a video was replaced by a link: https://a.example/v.mp4"},
		{name: "the alternative of a program", in: `a <applet code="x" alt="a clock"></applet> b`, page: "<p>a a clock b</p>", note: "1: a program was replaced by its alternative"},
		{name: "the alternative of an object", in: `a <embed src="https://a.example/c.swf" alt="a clock"> b`, page: `<p>a <a href="https://a.example/c.swf">a clock</a> b</p>`},
		{name: "words outside of cells", html: true, in: "<table>one<tr>two<td>three</td>four</tr>five</table>six", page: "<p>one</p>\n<p>two</p>\n<p>four</p>\n<p>five</p>\n<table><tr><td>three</td></tr></table>\n<p>six</p>", plain: "one two four five six", quiet: true},
		{name: "words around groups of rows", in: "<table><caption>t</caption><tbody>one <b>two</b><tr><td>three</td></tr>four</tbody></table>", page: "<p>one <b>two</b></p>\n<p>four</p>\n<table><caption>t</caption><tbody><tr><td>three</td></tr></tbody></table>", quiet: true},
		{name: "a point of Word", in: "a\n\n\uf0b7 b", page: "<p>a</p>\n<p>\uf0b7 b</p>", note: "3: a character looks like something in some fonts alone, and readers may see an empty box: U+F0B7"},
		{name: "the description of a picture", in: `a <img src="https://a.example/b.png" alt="c" longdesc="https://a.example/d">`, note: "1: the address of the description of a picture was left out: https://a.example/d"},
		{name: "why a text was changed", in: "a\n\n<ins cite=\"https://a.example/why\">b</ins>", note: "3: the address of why a text was changed was left out: https://a.example/why"},
		{name: "a picture behind the text", in: `<div style="color:red; background: url('https://a.example/b.png') top">a</div>`, note: "1: a picture behind the text was left out: https://a.example/b.png"},
		{name: "a picture of data behind the text", html: true, in: `<div style="background:url(data:image/png;base64,R0)">a</div>`, quiet: true},
		{name: "the words of a point", in: `a <img src="https://a.example/b.png" width="1" alt="words">`, note: "1: a picture of one point, which counts readers or makes room, was removed: words (https://a.example/b.png)"},
		{name: "boxes of tasks of a page", html: true, in: "<ul><li><input type=checkbox disabled checked> a<li><input type=checkbox disabled>b</ul>", page: "<ul><li>☑ a</li><li>☐ b</li></ul>", quiet: true},
		{name: "a box that can be ticked", in: "a <input type=checkbox checked> b", note: "1: a field of a form was removed: (it was ticked)"},
		{name: "a direction by style", in: `<p style="direction:rtl">a</p>`, page: `<p dir="rtl">a</p>`},
		{name: "room between words", html: true, in: `<p>10<span style="margin-left:1em">6</span> <b style="margin:0 1em 0 0">a</b>b 7<i style="position:absolute">8</i></p><div style="display:flex"><span>c</span>d</div>`, page: "<p>10 6 <b>a</b> b 7 <i>8</i></p>\n<p>c d</p>"},
		{name: "room within a word", html: true, in: `<p>10<span style="margin-left:.2em">000</span> <span style="float:left;padding-right:9px">D</span>ear <span style="padding:0 3px">in</span>formed</p>`, page: "<p>10000 Dear informed</p>"},
		{name: "an alternative in paragraphs", html: true, in: `<p>a <object data="/t.pdf"><p><a href="/t.pdf">the treaty</a></object> b</p>`, page: `<p>a <a href="https://mfa.example/t.pdf">the treaty</a> b</p>`},
	})
}

// TestApartAfterSigns: what is left out sets words apart also where the one before it ends
// in a sign on a letter.
func TestApartAfterSigns(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"हिन्दी", "ที่", "كَتَبَ", "שָׁלוֹםּ", "தமிழ்", "ខ្មែរ៉", "cafe\u0328\u0301"} {
		for _, out := range []string{"<s>x</s>", "<span hidden>x</span>", `<img src="https://a.example/b.png" alt="x">`} {
			h, _ := Clean("<p>"+word+out+word+"</p>", nil)
			if want := said(word + " " + word); said(Text(h)) != want {
				t.Errorf("%s%s%s reads %q", word, out, word, Text(h))
			}
		}
	}
}

// TestRangesOrDeletion: two ranges that are written with two tildes are no deletion.
func TestRangesOrDeletion(t *testing.T) {
	t.Parallel()
	refused := "line 1: nobody can tell whether ~~ strikes here or stands for a range: write ～ or \\~~"
	told := "1: ~~ strikes all up to the next ~~: write ～ or \\~~ for a range: "
	checkRows(t, []rowTest{
		{name: "Chinese", in: "会议于3~~5日举行，论坛于7~~9日举行。", refused: refused},
		{name: "Chinese figures", in: "会议于三~~五日举行，论坛于七~~九日举行。", refused: refused},
		{name: "Japanese", in: "会談は３~~５日、式典は７~~９日", refused: refused},
		{name: "Korean", in: "회의는 3~~5일, 포럼은 7~~9일", refused: refused},
		{name: "Arabic", in: "من ٣~~٥ ومن ٧~~٩", refused: refused},
		{name: "in bold", in: "2020~~2021 and **2023**~~2024", refused: refused},
		{name: "in a list", in: "- 3~~5日、7~~9日", refused: refused},
		{name: "in a table", in: "| a |\n|---|\n| 3~~5日、7~~9日 |", refused: strings.Replace(refused, "1", "3", 1)},
		{name: "in the words of a picture", in: "![3~~5日、7~~9日](https://a.example/b.png)", refused: refused},
		{name: "in the words of a picture, with units", in: "![3日~~5日、7日~~9日](https://a.example/b.png)", note: told + "~~5日、7日~~9日](https://a.example/b"},
		{name: "with units", in: "5月3日~~5日举行，论坛于7日~~9日举行", note: told + "~~5日举行，论坛于7日~~9日举行"},
		{name: "a date for another", in: "5月~~3日~~4日举行", page: "<p>5月<s>3日</s>4日举行</p>", quiet: true},
		{name: "a number for another", in: "第~~5~~7条", page: "<p>第<s>5</s>7条</p>", quiet: true},
		{name: "a figure in a number", in: "10~~0~~5", page: "<p>10<s>0</s>5</p>", quiet: true},
		{name: "as it is to be written", in: `3\~~5日、7\~~9日、3～5日`, page: "<p>3~~5日、7~~9日、3～5日</p>", quiet: true},
		{name: "with blanks", in: "1 ~~2 to 3~~ 4", page: "<p>1 <s>2 to 3</s> 4</p>", quiet: true},
	})
}

// TestPowerAndNote: what a footnote is marked by is no part of the number before it.
func TestPowerAndNote(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`10<sup>6,[1](#n)</sup>`:                              "10⁶",
		`10<sup>6<a href="#n">3</a></sup>`:                    "10⁶",
		`10<sup>6 (<a href="#n">a</a>)</sup>`:                 "10⁶",
		`10<sup>−6<b><a href="#n">*</a></b></sup>`:            "10⁻⁶",
		`10<sup>**6** <small>[1](#n)</small></sup>`:           "10⁶",
		`10<sup>6[^1]</sup>`:                                  "10⁶",
		`10<sup>6,[^1]</sup>`:                                 "10⁶",
		`10<sup>6.5[^1]</sup>`:                                "10^6.5",
		`m<sup>2,<a href="#n">1</a>,<a href="#n">2</a></sup>`: "m²",
		`10<sup><a href="#n">3</a>6</sup>`:                    "10 ⁶",
		`10<sup>6<a href="https://a.example/">3</a></sup>`:    "10⁶[3]",
		`10<sup><a href="https://a.example/">6</a></sup>`:     "10⁶",
		`x<sup>n, see [annex](#n)</sup>`:                      "x^n, see annex",
	} {
		r, err := ReadMarkdown([]byte(in+"[^1]\n\n<p id=\"n\">N</p>\n\n[^1]: note"), nil)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got := blocksOf(Tree(r.Body))[0].plain(); got != want {
			t.Errorf("%s reads %q, want %q: %s", in, got, want, r.Body)
		}
		checkClean(t, string(r.Body))
	}
}

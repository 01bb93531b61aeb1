package richtext

import "testing"

// TestPartsOfElements: what is part of an element needs no attributes and no end there, and
// is text or told of elsewhere.
func TestPartsOfElements(t *testing.T) {
	t.Parallel()
	table := "<table><tr><td>a</td></tr></table>"
	checkRows(t, []rowTest{
		{name: "columns", in: "<table><colgroup><col><col/></colgroup><tr><td>a</td></tr></table>", page: table, quiet: true},
		{name: "columns without a group", in: "<table>\n<col>\n<col>\n<tr><td>a</td></tr>\n</table>", page: table, quiet: true},
		{name: "columns of an open group", in: "<table><colgroup><col><tr><td>a</td></tr></table>", page: table, quiet: true},
		{name: "sources", in: `<video src="https://a.example/v"><source><track><a href="https://a.example/t">b</a></video>`, plain: "b"},
		{name: "a source of a picture", in: `<picture><source><img src="https://a.example/p" alt="b"></picture>`, page: `<p><img src="https://a.example/p" alt="b"/></p>`, quiet: true},
		{name: "a parameter", in: `<object data="https://a.example/o"><param>b</object>`, plain: "b"},
		{name: "an area", in: "<map><area></map>b", plain: "b"},
		{name: "parts of a ruby", in: "<ruby><rb>漢<rt>かん<rb>字<rt>じ</ruby>", page: "<p><ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby></p>", quiet: true},
		{name: "a ruby without end tags", in: "a <ruby>漢<rp>(<rt>かん<rp>)</ruby> b", page: "<p>a <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby> b</p>", quiet: true},
		{name: "a reading alone", in: "a <rt>b", refused: "line 1: <rt> stands in the middle"},
		{name: "elsewhere", in: "a <col> <source> b", page: "<p>a &lt;col&gt; &lt;source&gt; b</p>", quiet: true},
		{name: "behind its element", in: "<video></video> a <source>", plain: "a <source>"},
		{name: "an address of nothing", in: "a\n\nb <source src=\"https://a.example/v\"> c", note: "3: the address in a <source> that is part of nothing was left out: https://a.example/v"},
		{name: "subtitles of nothing", html: true, in: `<p>b <track src="https://a.example/v"> c</p>`, note: "1: the address in a <track> that is part of nothing was left out: https://a.example/v"},
	})
}

// TestTextInHead: what a head cannot hold ends it, as in a browser.
func TestTextInHead(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "text", in: "<head>words</head>\n\nb", page: "<p>words</p>\n<p>b</p>"},
		{name: "in a document", html: true, in: "<html><head><meta charset=utf-8> words</head><body><p>b</p></body></html>", page: "<p>words</p>\n<p>b</p>", quiet: true},
		{name: "an element", html: true, in: "<head><style>p{}</style><p>words</p></head>b", page: "<p>words</p>\n<p>b</p>", quiet: true},
		{name: "nothing to read", html: true, in: "<head>\n<link rel=x>\n<script>x</script>\n</head>b", page: "<p>b</p>", quiet: true},
	})
}

// TestHiddenByValue: hidden text goes whatever form of a value says so.
func TestHiddenByValue(t *testing.T) {
	t.Parallel()
	for _, style := range []string{
		"font:0/0 a", "font:0 serif", "font:italic 0 serif", "font: bold 400 1px/2 x, y", "font-size:1%", "font-size:0q",
		"text-indent:100%;white-space:nowrap;overflow:hidden", "text-indent:9999px;white-space:nowrap;overflow:hidden",
		"color:hwb(0 100% 0%)", "color:hwb(120 100 0)", "color:lab(100 0 0)", "color:lch(100% 0 none)", "color:oklch(1 0 0)", "color:oklab(100% 0 0 / 1)",
		"color:color(srgb 1 1 1)", "color:color(srgb-linear 1 1 1)", "color:color(display-p3 1 1 1)", "color:hsl(0 0 100)",
	} {
		rowTest{in: `<p>a</p><p style="` + style + `">secret</p>`, html: true, page: "<p>a</p>"}.check(t, "https://a.example/")
	}
	for _, style := range []string{
		"font:0/0 a;font-size:12pt", "font:400 12px x", "font:inherit", "font-size:80%", "text-indent:100%", "text-indent:2em;overflow:hidden;white-space:nowrap",
		"color:hwb(0 0% 100%)", "color:hwb(120 0% 0%)", "color:lab(20 40 0)", "color:lch(50 80 20)", "color:oklch(0.5 0.2 20)", "color:color(srgb 1 0 0)",
		"color:lab(100 0 0);background:oklch(0.3 0.1 200)", "color:color-mix(in srgb, white, black)",
	} {
		rowTest{in: `<p style="` + style + `">seen</p>`, html: true, page: "<p>seen</p>", quiet: true}.check(t, "https://a.example/")
	}
}

// TestTermsWithoutBlankLines: no line becomes part of another by where it stands.
func TestTermsWithoutBlankLines(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "two terms", in: "Date\n: 5 May\nPlace\n: Lisbon", refused: "line 3: nobody can tell whether this line is a term"},
		{name: "in a quotation", in: "> Date\n> : 5 May\n> Place\n> : Lisbon", refused: "line 3: nobody can tell"},
		{name: "set apart", in: "Date\n: 5 May\n\nPlace\n: Lisbon", plain: "Date: 5 May; Place: Lisbon", quiet: true},
		{name: "indented", in: "Date\n: 5 May\n  or later\n: 6 May", plain: "Date: 5 May or later; 6 May", quiet: true},
		{name: "the last line", in: "Date\n: 5 May\nor later", plain: "Date: 5 May or later", quiet: true},
	})
}

// TestSmallLosses: what is not as it was typed is told, and what is right is not refused.
func TestSmallLosses(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "comments", in: "<!-- a --> <!-- b\nc --> \n\nd", page: "<p>d</p>", quiet: true},
		{name: "one comment", in: "<!-- a\n\nb -->\nd", page: "<p>d</p>", quiet: true},
		{name: "a comment and a line", in: "<!-- a -->\nd **e**", page: "<p>d <strong>e</strong></p>", quiet: true},
		{name: "a comment without an end", in: "<!-- a --> <!-- b\nc", refused: "line 1: the comment has no end"},
		{name: "signs in an address", in: "see https://x.example/a~~b/ and https://x.example/a==b==c", page: `<p>see <a href="https://x.example/a~~b/">https://x.example/a~~b/</a> and <a href="https://x.example/a==b==c">https://x.example/a==b==c</a></p>`, quiet: true},
		{name: "struck behind an address", in: "see https://x.example/ ~~b", refused: "line 1: nobody can tell what ~~ strikes"},
		{name: "two addresses", in: "[a]\n\n[a]: https://a.example/\n[a]: https://b.example/", page: `<p><a href="https://a.example/">a</a></p>`, note: "4: a second address by the name of another link was left out: [a]: https://b.example/"},
		{name: "an address twice", in: "[a]\n\n[a]: https://a.example/\n[a]: https://a.example/", quiet: true},
		{name: "a blank in an address", in: "so <https://x.example/a b>", refused: "line 1: the address has a blank"},
		{name: "a number of no character", in: "a\n\n3&#9999999;5", refused: "line 3: no character has the number"},
		{name: "half a character", in: "a\n&#xd800;", refused: "line 2: no character has the number"},
		{name: "in a page", html: true, in: "<p>a&#xd800;b</p>", note: "1: no character has the number of a reference, and a sign stands for it: &#xd800;"},
		{name: "between tags", in: "<div>\n&#0;\n</div>", refused: "line 2: no character"},
		{name: "escaped or in code", in: "\\&#0; `&#0;`", quiet: true},
		{name: "a footnote of a picture", in: "a\n\n![w[^1]](https://a.example/p.png)\n\n[^1]: b", refused: "line 3: no footnote can stand"},
		{name: "a popover", in: "<p popover>a</p>", page: "<p>a</p>", quiet: true},
		{name: "degrees", in: "at 20<sup>o</sup>C, 5 <sup>o</sup>F and n<sup>o</sup> 5", plain: "at 20°C, 5 °F and no 5", quiet: true},
	})
}

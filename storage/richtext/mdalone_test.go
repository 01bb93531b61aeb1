package richtext

import "testing"

// TestSignsAlone: what begins a list, a heading or a quotation is text where nothing stands
// behind it, and is told where it may be a sign of arithmetic.
func TestSignsAlone(t *testing.T) {
	t.Parallel()
	const alone = "what begins a list, a heading or a quotation stands alone in its line, and is shown as it was typed: "
	const point = "the sign before a number was read as that of an item, and is shown as a point: if it is that of the number, set no blank behind it: "
	const quoted = `a line that begins with > and a number was read as a quotation: if > means more than, write \> there: `
	checkRows(t, []rowTest{
		{name: "a year", in: "The year was\n\n2026.\n\nThen came more.", page: "<p>The year was</p>\n<p>2026.</p>\n<p>Then came more.</p>", plain: "The year was 2026. Then came more.", note: "3: " + alone + "2026."},
		{name: "a number in brackets", in: "7)", page: "<p>7)</p>", plain: "7)", note: "1: " + alone + "7)"},
		{name: "escaped", in: "1986\\.", page: "<p>1986.</p>", quiet: true},
		{name: "numbers", in: "1.\n2.", page: "<p>1. 2.</p>"},
		{name: "a number and text in the next line", in: "Text\n\n1986.\nA great **year**", page: "<p>Text</p>\n<p>1986. A great <strong>year</strong></p>", note: "3: " + alone + "1986."},
		{name: "in a quotation, an item, a footnote and a definition", in: "> 7.\n\n- a\n- 7)\n\nx[^1]\n\nTerm\n: 7.\n\n[^1]: 7.", plain: "7. a; 7); x; Term: 7."},
		{name: "before a table", in: "2026.\n| a | b |\n|---|---|\n| c | d |", page: "<p>2026.</p>\n<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table>"},
		{name: "a dash", in: "a\n\n-\n\nb", page: "<p>a</p>\n<p>-</p>\n<p>b</p>", note: "3: " + alone + "-"},
		{name: "a plus", in: "+", page: "<p>+</p>"},
		{name: "an asterisk", in: "a\n\n*\n\nb", page: "<p>a</p>\n<p>*</p>\n<p>b</p>"},
		{name: "number signs", in: "#\n\n###", page: "<p>#</p>\n<p>###</p>", note: "1: " + alone + "#"},
		{name: "more than", in: ">", page: "<p>&gt;</p>", note: "1: " + alone + ">"},
		{name: "a dash before the address of a link", in: "-\n[a]: https://a.example/\n\nx [a]", page: "<p>-</p>\n<p>x <a href=\"https://a.example/\">a</a></p>"},
		{name: "an item that goes on in the next line", in: "-\n  a\n-\n  b", page: "<ul><li>a</li><li>b</li></ul>", quiet: true},
		{name: "empty points among others", in: "- a\n-\n- b", page: "<ul><li>a</li><li>b</li></ul>", quiet: true},
		{name: "a dash or an equals sign under a line", in: "a\n-\n\nb\n=", page: "<p>a -</p>\n<p>b =</p>", note: "2: a line of one sign goes on with the text above: if that is a heading, write two signs or more: -"},
		{name: "headings by lines", in: "a\n--\n\nb\n==", page: "<h2>a</h2>\n<h2>b</h2>", quiet: true},
		{name: "an id without a heading", in: "# {#a}", refused: "line 1: an id or a class in braces"},
		{name: "minus behind a colon", in: "The result:\n- 5 million", page: "<p>The result:</p>\n<ul><li>5 million</li></ul>", note: "2: " + point + "- 5 million"},
		{name: "minus before money", in: "+ € 5 million", note: "1: " + point + "+ € 5 million"},
		{name: "degrees below zero", in: "- 5 °C\n- 7 °C", note: "1: " + point + "- 5 °C"},
		{name: "counted things", in: "- 3 ships\n- 5 planes", page: "<ul><li>3 ships</li><li>5 planes</li></ul>", quiet: true},
		{name: "minus that is one", in: "-5 million", page: "<p>-5 million</p>", quiet: true},
		{name: "more than a number", in: "Growth:\n> 5 %", page: "<p>Growth:</p>\n<blockquote><p>5 %</p></blockquote>", note: "2: " + quoted + "> 5 %"},
		{name: "a quotation of two lines", in: "> 5 people\n> came.", quiet: true},
		{name: "more than a number, escaped", in: "Growth:\n\\> 5 %", page: "<p>Growth: &gt; 5 %</p>", quiet: true},
	})
}

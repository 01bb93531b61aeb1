package richtext

import "testing"

// TestMarksThatAreText: what looks like a mark of another program and is more often text is
// shown as it was typed, and told.
func TestMarksThatAreText(t *testing.T) {
	t.Parallel()
	const colon = "a line begins with a colon, as a definition does, and stands in the text as it was typed: "
	const brackets = "double brackets, which are links in other programs, stand in the text as they were typed: "
	const number = "the number of a clause stands in the text as it was typed: if it is a link, write its whole address: "
	checkRows(t, []rowTest{
		{name: "a colon", in: ": He said", page: "<p>: He said</p>", note: "1: " + colon + ": He said"},
		{name: "a colon below a heading, in a quotation and in an item", in: "# A\n\n: b\n\n> : c\n\n- : d", page: "<h2>A</h2>\n<p>: b</p>\n<blockquote><p>: c</p></blockquote>\n<ul><li>: d</li></ul>"},
		{name: "a colon below a sentence", in: "It was late.\n\n: He said", page: "<p>It was late.</p>\n<p>: He said</p>", note: "3: " + colon + ": He said"},
		{name: "a colon below a sentence in quotation marks", in: "He said: “Peace.”\n\n: He said", page: "<p>He said: “Peace.”</p>\n<p>: He said</p>"},
		{name: "a colon below a Chinese sentence", in: "会议结束。\n\n: 他说", page: "<p>会议结束。</p>\n<p>: 他说</p>"},
		{name: "a colon below a paragraph of two lines", in: "It was late\nin May\n\n: He said", page: "<p>It was late in May</p>\n<p>: He said</p>"},
		{name: "a term, and a definition below an empty line", in: "Minister\n\n: A. Silva", page: "<dl><dt>Minister</dt><dd><p>A. Silva</p></dd></dl>", quiet: true},
		{name: "a short form", in: "Art.\n: Article", page: "<dl><dt>Art.</dt><dd>Article</dd></dl>", quiet: true},
		{name: "a sentence right above a colon", in: "It was late.\n: He said", page: "<dl><dt>It was late.</dt><dd>He said</dd></dl>", note: "1: a line was read as a term, because the next one begins with a colon: It was late."},
		{name: "a caption above a table", in: ": caption\n\n| a |\n|---|\n| b |", refused: "line 1: a line begins with a colon"},
		{name: "a semicolon", in: "It was late\n\n; and so on", page: "<p>It was late</p>\n<p>; and so on</p>", note: "3: a line begins with a semicolon, as terms do in other programs, and stands in the text as it was typed: ; and so on"},
		{name: "a term and its definition in one line", in: "; Minister : A. Silva", refused: "line 1: terms have no sign"},
		{name: "terms below each other", in: "; Minister\n; Deputy", refused: "line 1: terms have no sign"},
		{name: "sic", in: "he “recieved” [[sic]] it", page: "<p>he “recieved” [[sic]] it</p>", note: "1: " + brackets + "[[sic]] it"},
		{name: "a number and dots in double brackets", in: "as before [[1]], [[…]], [[sic!]]", page: "<p>as before [[1]], [[…]], [[sic!]]</p>"},
		{name: "a page of a wiki", in: "see [[treaty|the Treaty]]", refused: "line 1: links in double brackets"},
		{name: "escaped", in: "see \\[[Treaty]]", page: "<p>see [[Treaty]]</p>", quiet: true},
		{name: "the number of a clause", in: "a\n\nArticle [3](a), [12](iv) and [IV](2)", page: "<p>a</p>\n<p>Article [3](a), [12](iv) and [IV](2)</p>", note: "3: " + number + "[3](a)"},
		{name: "a number that links", in: "[3](https://a.example/a) [4](a.pdf) [5](#a)\n\n## A {#a}", plain: "3 4 5", quiet: true},
		{name: "an isotope", in: "with ^13C", page: "<p>with ^13C</p>", note: "1: a caret stands in the text as it was typed: if what is behind it is raised, write <sup> and </sup>: ^13C"},
		{name: "a power in plain text", in: "10^6 people", page: "<p>10^6 people</p>", quiet: true},
	})
}

// TestRaisedByMarks: carets and tildes raise and lower as in other programs where nothing
// else can be meant.
func TestRaisedByMarks(t *testing.T) {
	t.Parallel()
	const told = "1: text between carets is raised, and figures between tildes are lowered, here and below: "
	checkRows(t, []rowTest{
		{name: "a formula", in: "CH~3~OH, H~2~O", page: "<p>CH<sub>3</sub>OH, H<sub>2</sub>O</p>", plain: "CH₃OH, H₂O", note: told + "~3~"},
		{name: "a power", in: "10^6^ people", page: "<p>10<sup>6</sup> people</p>", plain: "10⁶ people", note: told + "^6^"},
		{name: "behind lowered text and in front", in: "SO~4~^2-^, ^13^C", plain: "SO₄²⁻, ¹³C"},
		{name: "at words", in: "1^er^ mai, m^2^s^-1^, 10^6.5^", plain: "1er mai, m²s⁻¹, 10^6.5"},
		{name: "behind emphasis and tags", in: "**H**~2~O, *x*^2^, <b>x</b>^2^", plain: "H₂O, x², x²"},
		{name: "in a heading, a cell and a picture", in: "# H~2~O\n\n| x^2^ |\n|---|\n| y^2^ |\n\n![H~2~O](https://a.example/p.png)", page: "<h2>H<sub>2</sub>O</h2>\n<table><thead><tr><th>x<sup>2</sup></th></tr></thead><tbody><tr><td>y<sup>2</sup></td></tr></tbody></table>\n<p><img src=\"https://a.example/p.png\" alt=\"H₂O\"/></p>"},
		{name: "ranges", in: "3~5~7, 于3~5日、7~9日, a ~3~ b, 10~5~", page: "<p>3~5~7, 于3~5日、7~9日, a ~3~ b, 10~5~</p>", quiet: true},
		{name: "in code, and escaped", in: "`H~2~O` H\\~2\\~O", page: "<p><code>H~2~O</code> H~2~O</p>", quiet: true},
		{name: "in an address", in: "https://a.example/x^2^", plain: "https://a.example/x^2^", quiet: true},
		{name: "a power of a power", in: "2^10^5", refused: "line 1: raised text"},
		{name: "a formula of TeX", in: "$x^2^$", refused: "line 1: formulas"},
		{name: "a face", in: "^o^", refused: "line 1: raised text"},
	})
}

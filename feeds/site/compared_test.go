package site

import (
	"fmt"
	"strings"
	"testing"

	"communique/storage/press"
	"communique/storage/richtext"
)

// shownText is what a comparison shows: words with [added], {removed} and ~struck~,
// and behind "|" what it says in words.
func shownText(c comparedText) string {
	var paragraphs []string
	for _, pieces := range c.paragraphs {
		var b strings.Builder
		for _, p := range pieces {
			text := p.Text
			if p.Struck {
				text = "~" + text + "~"
			}
			switch {
			case p.Added:
				text = "[" + text + "]"
			case p.Removed:
				text = "{" + text + "}"
			}
			b.WriteString(text)
		}
		paragraphs = append(paragraphs, b.String())
	}
	said := strings.Join(paragraphs, " / ")
	for _, r := range c.remarks {
		said += " | " + strings.NewReplacer("\u2068", "", "\u2069", "").Replace(r)
	}
	return said
}

// TestComparedTexts: every difference that a reader can see or follow is shown.
func TestComparedTexts(t *testing.T) {
	t.Parallel()
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, from, to, want string }{
		{"the same", "See **x**.", "See **x**.", "See x."},
		{"where a link leads", "See [the annex](https://a.example/1).", "See [the annex](https://a.example/2).", "See the annex. | “the annex” now leads to https://a.example/2; before, it led to https://a.example/1."},
		{"a link more", "See the annex.", "See [the annex](https://a.example/2).", "See the annex. | “the annex” is now a link to https://a.example/2."},
		{"a link less", "See [the annex](https://a.example/2).", "See the annex.", "See the annex. | “the annex” is no longer a link; it led to https://a.example/2."},
		{"a link beside other words", "See [the annex](https://a.example/1) today.", "See [the annex](https://a.example/2) tomorrow.", "See the annex {today}[tomorrow]. | “the annex” now leads to https://a.example/2; before, it led to https://a.example/1."},
		{"a strike-through", "We do not accept.", "We ~~do not~~ accept.", "We {do not}[~do not~] accept."},
		{"a strike-through less", "We ~~do not~~ accept.", "We do not accept.", "We {~do not~}[do not] accept."},
		{"the number of an item", "7. one\n8. two", "8. one\n9. two", "{7}[8]. one / {8}[9]. two"},
		{"the type of a list", "<ol type=a><li>one</ol>", "<ol type=A><li>one</ol>", "{a}[A]. one"},
		{"raised", "x<sup>2</sup>", "x2", "{x²}[x2]"},
		{"lowered", "x<sub>2</sub>", "x<sup>2</sup>", "x{₂}[²]"},
		{"a picture", "![Pier](https://a.example/1.png)", "![Pier](https://a.example/2.png)", "[Picture: Pier] | The picture “[Picture: Pier]” was replaced: https://a.example/1.png by https://a.example/2.png."},
		{"a picture more", "a", "a ![Pier](https://a.example/1.png)", "a[ [Picture: Pier]]"},
		{"what stands for a picture", "![Pier](https://a.example/1.png)", "![Port](https://a.example/1.png)", "{[Picture: Pier]}[[Picture: Port]]"},
		{"bold", "a b c", "a **b** c", "a b c | “b” is now set: bold. Before: as the text around it."},
		{"a heading", "# Title", "Title", "Title | “Title” is no longer a heading."},
		{"a heading made of a paragraph", "Title\n\na", "# Title\n\na", "Title / a | “Title” is now a heading."},
		{"the level of a heading", "## A\n\n## B", "## A\n\n### B", "A / B | The heading “B” is now at level 2; before, it was at level 1."},
		{"the level and the words of a heading", "## A\n\n## B c", "## A\n\n### B d", "A / B {c}[d] | The heading “B d” is now at level 2; before, it was at level 1."},
		{"a heading in a quotation", "## A", "> ## A", "A | “A” is now: quotation, heading at level 1. Before: heading at level 1."},
		{"the title of a link", `See [the annex](https://a.example/1 "Draft").`, `See [the annex](https://a.example/1 "Final").`, "See the annex. | The link “the annex” now has the title “Final”; before, it had “Draft”."},
		{"a title of a link more", `See [the annex](https://a.example/1).`, `See [the annex](https://a.example/1 "Final").`, "See the annex. | The link “the annex” now has the title “Final”; before, it had “—”."},
		{"a column to the right", "| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |", "| A | B |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |", "A\tB / 1\t2 / 3\t4 | The column “B” is now aligned to the right."},
		{"columns that change sides", "| A | B |\n|:--|--:|\n| 1 | 2 |", "| A | B |\n|---|:-:|\n| 1 | 2 |", "A\tB / 1\t2 | The column “A” is no longer aligned to one side. | The column “B” is now centred."},
		{"a column to the left, of another name", "| A | B |\n|---|---|\n| 1 | 2 |", "| A | C |\n|---|:--|\n| 1 | 2 |", "A\t{B}[C] / 1\t2 | The column “C” is now aligned to the left."},
		{"a side below cells that reach further", "<table><tr><td colspan=2>a<td>b<tr><td>c<td>d</table>", "<table><tr><td colspan=2>a<td>b<tr><td>c<td align=right>d</table>", "a\tb / c\td | The text of the cell “d” now stands: on the right. Before: as in other cells."},
		{"items and paragraphs", "one", "- one", "[• ]one | “one” is now: item of a list at level 1. Before: paragraph."},
		{"a rule", "a\n\nb", "a\n\n---\n\nb", "a / [———] / b"},
		{"what an abbreviation stands for", `The <abbr title="European Union">EU</abbr>.`, `The <abbr title="Energy Union">EU</abbr>.`, "The EU. | “EU” is now explained as “Energy Union”; before, as “European Union”."},
		{"an explanation more", `The EU.`, `The <abbr title="Energy Union">EU</abbr>.`, "The EU. | “EU” is now explained as “Energy Union”; before, as “—”."},
		{"a date", `<time datetime="2026-05-03">Sunday</time>`, `<time datetime="2026-05-04">Sunday</time>`, "Sunday | The date that programs read in “Sunday” is now 2026-05-04; before, it was 2026-05-03."},
		{"cells over more columns", `<table><tr><td>a<td>b</table>`, `<table><tr><td colspan=2>a<td>b</table>`, "a\tb | The cells of the row “a | b” now reach over other columns or rows."},
		{"cells over more rows", `<table><tr><td>a<td>b<tr><td>c</table>`, `<table><tr><td rowspan=2>a<td>b<tr><td>c</table>`, "a\tb / c | The cells of the row “a | b” now reach over other columns or rows."},
		{"a head of a row", `<table><tr><th>a<td>b</table>`, `<table><tr><td>a<td>b</table>`, "a\tb | The cell “a” is no longer a head."},
		{"the scheme of a bare address", "See http://x.example/a.", "See https://x.example/a.", "See {http}[https]://x.example/a. | “https://x.example/a” now leads to https://x.example/a; before, it led to http://x.example/a."},
		{"the type of an item", `<ol><li>one<li type=a>two</ol>`, `<ol><li>one<li type=A>two</ol>`, "1. one / {b}[B]. two"},
		{"an id", `<p id="a">x</p>`, `<p id="b">x</p>`, "x | Only the arrangement of the text is different."},
		{"a line end in place of a blank", "10<br>May", "10 May", "10\nMay | Within “10 May” there is now: a blank. Before: a line end."},
		{"a blank that holds", "on 10 May, of 5 €", "on 10\u00a0May, of 5 €", "on 10 May, of 5 € | Within “10\u00a0May” there is now: a blank at which no line ends. Before: a blank."},
		{"a wider blank beside another change", "on 10 May", "at 10\u3000May", "{on}[at] 10 May | Within “10\u3000May” there is now: a blank of another width. Before: a blank."},
		{"a cell further on", "<table><tr><td>a<td>b<td></table>", "<table><tr><td>a<td><td>b</table>", "a{ | }[ |  | ]b{ | }"},
		{"pictures that change places", "![Pier](https://a.example/1.png) ![Port](https://a.example/2.png)", "![Port](https://a.example/2.png) ![Pier](https://a.example/1.png)", "{[Picture: Pier] }[Picture: Port][ [Picture: Pier]]"},
		{"pictures of one name that change places", "![Pier](https://a.example/1.png) and ![Pier](https://a.example/2.png)", "![Pier](https://a.example/2.png) and ![Pier](https://a.example/1.png)", "[Picture: Pier] and [Picture: Pier] | The picture “[Picture: Pier]” was replaced: https://a.example/1.png by https://a.example/2.png. | The picture “[Picture: Pier]” was replaced: https://a.example/2.png by https://a.example/1.png."},
		{"the size of a picture", `<img src="https://a.example/1.png" alt="Pier" width="300">`, `<img src="https://a.example/1.png" alt="Pier" width="400">`, "[Picture: Pier] | The size of the picture “[Picture: Pier]” is now 400 × —; before, it was 300 × —."},
		{"a language", `<p>the <span lang="fr">chat</span></p>`, `<p>the <span lang="de">chat</span></p>`, "the chat | The language of “chat” is now marked as de; before, as fr."},
		{"a direction", `<p>abc</p>`, `<p dir="rtl">abc</p>`, "abc | “abc” is now written: from right to left. Before: as the text around it."},
		{"the source of a quotation", `<blockquote cite="https://a.example/1"><p>abc</p></blockquote>`, `<blockquote cite="https://a.example/2"><p>abc</p></blockquote>`, "abc | The source of the quotation “abc” is now https://a.example/2; before, it was https://a.example/1."},
		{"mark-up within a word, and another one", "le 1<sup>er</sup> mai", "le 1er juin", "le 1er {mai}[juin] | “er” is now set: as the text around it. Before: raised."},
		{"other mark-up within a word", "an **in**formed view", "an in<i>formed</i> opinion", "an informed {view}[opinion] | “in” is now set: as the text around it. Before: bold. | “formed” is now set: emphasised. Before: as the text around it."},
		{"paragraphs that become one", "a\n\nb", "a b", "a / b | Within “a b” there is now: a blank. Before: the end of a paragraph."},
		{"a paragraph that becomes two", "one two three.", "one two\n\nthree.", "one two / three. | Within “one two three.” there is now: the end of a paragraph. Before: a blank."},
		{"a term and its explanation", "<dl><dt>a<dd>b</dl>", "<dl><dt>a<dt>b</dl>", "a / b | “b” is now: term. Before: explanation of a term."},
		{"an item further in", "- a\n- b", "- a\n  - b", "• a / • b | “b” is now: item of a list at level 2. Before: item of a list at level 1."},
		{"an item further in, of other words", "- a\n- b c", "- a\n  - b d", "• a / • b {c}[d] | “b d” is now: item of a list at level 2. Before: item of a list at level 1."},
		{"a second paragraph of an item", "- a\n\n  b", "- a\n\nb", "• a / b | “a” is now: item of a list at level 1. Before: item of a list at level 1, paragraph. | “b” is now: paragraph. Before: item of a list at level 1, paragraph."},
		{"a quotation", "> a\n\nb", "a\n\n> b", "a / b | “a” is now: paragraph. Before: quotation, paragraph. | “b” is now: quotation, paragraph. Before: paragraph."},
		{"a figure in another column", "<table><tr><td>1<td></table>", "<table><tr><td><td>1</table>", "{1 | }[ | 1]"},
		{"a figure in another column below heads", "<table><tr><td>a<td>b<tr><td>1<td></table>", "<table><tr><td>a<td>b<tr><td><td>1</table>", "a\tb / {1 | }[ | 1]"},
		{"a figure in a column further left", "<table><tr><td><td>1<td>2</table>", "<table><tr><td>1<td><td>2</table>", "{ | }1{ | }[ |  | ]2"},
		{"a first cell that is empty now", "<table><tr><td>a<td>1</table>", "<table><tr><td><td>1</table>", "{a}\t1"},
		{"a first cell that was empty", "<table><tr><td><td>1</table>", "<table><tr><td>a<td>1</table>", "[a]\t1"},
		{"of what a cell is the head", "<table><tr><th scope=col>a<td>b</table>", "<table><tr><th scope=row>a<td>b</table>", "a\tb | “a” is now the head of: its row. Before, of: its column."},
		{"a head and other words", "<table><tr><td>a<td>b c</table>", "<table><tr><th>a<td>b d</table>", "a\tb {c}[d] | The cell “a” is now a head."},
		{"a row of heads", "<table><thead><tr><th>a<th>b</thead><tr><td>c<td>d</table>", "<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a\tb / c\td | “a | b” is now: row of a table. Before: head row of a table."},
		{"heads behind an empty cell", "<table><tr><td><td>a<td>b</table>", "<table><tr><td><th>a<td>b</table>", "\ta\tb | The cell “a” is now a head."},
		{"an empty cell at the front", "<table><tr><td>a<tr><td>c<td>d</table>", "<table><tr><td><td>a<tr><td>c<td>d</table>", "[ | ]a / c\td"},
		{"elements that look alike", "<p><b>a</b> b</p>", "<p><strong>a</strong> b</p>", "a b | Only the arrangement of the text is different."},
		{"bold in place of emphasis", "*a* b", "**a** b", "a b | “a” is now set: bold. Before: emphasised."},
		{"bold and emphasis", "**a** b", "***a*** b", "a b | “a” is now set: emphasised, bold. Before: bold."},
		{"emphasis within a link", "See [the *first* annex](https://a.example/1).", "See [the **first** annex](https://a.example/2).", "See the first annex. | “the first annex” now leads to https://a.example/2; before, it led to https://a.example/1. | “first” is now set: bold. Before: emphasised."},
		{"a quotation in a line", "<p>He said “no”.</p>", "<p>He said <q>no</q>.</p>", "He said “no”. | ““no”” is now set: as a quotation. Before: as the text around it."},
		{"code", "run `x`", "run x", "run x | “x” is now set: as the text around it. Before: as code."},
		{"underlined words", "<p>a <u>b</u></p>", "<p>a b</p>", "a b | “b” is now set: as the text around it. Before: underlined."},
		{"a reading", "<p>漢 (かん)</p>", "<p><ruby>漢<rt>かん</rt></ruby></p>", "漢 (かん) | “(かん)” is now set: as a reading above the characters. Before: as the text around it."},
		{"the source of words", "<p><q cite='https://a.example/1'>a</q></p>", "<p><q>a</q></p>", "“a” | The source of the quotation ““a”” is now —; before, it was https://a.example/1."},
		{"a language of all", "<div lang=fr><p>a <b>b</b> c</p></div>", "<div lang=de><p>a <b>b</b> c</p></div>", "a b c | The language of “a b c” is now marked as de; before, as fr."},
		{"a direction taken away", "<p dir=rtl>a</p>", "<p>a</p>", "a | “a” is now written: as the text around it. Before: from right to left."},
		{"a direction by itself", "<p>a <bdi>b</bdi></p>", "<p>a b</p>", "a b | “b” is now written: as the text around it. Before: as its first letter is written."},
		{"preformatted", "```\na\n```", "a", "a{\n} | “a” is now: paragraph. Before: preformatted text. | “a” is now set: as the text around it. Before: as code."},
		{"the title of a table", "<table><caption>a</caption><tr><td>b</table>", "<p>a</p><table><tr><td>b</table>", "a / b | “a” is now: paragraph. Before: title of a table."},
		{"a picture of another size and file", "<img src='https://a.example/1.png' alt=a width=3>", "<img src='https://a.example/2.png' alt=a width=4 height=5>", "[Picture: a] | The picture “[Picture: a]” was replaced: https://a.example/1.png by https://a.example/2.png. | The size of the picture “[Picture: a]” is now 4 × 5; before, it was 3 × —."},
		{"a rule of typed strokes", "a\n\n---", "a\n\n———", "a / ——— | “———” is now: paragraph. Before: line across the page."},
		{"the mark of a footnote", "a<sup><a href='#n'>1</a></sup>\n\n<p id=n>b</p>", "a<sup><a href='#m'>1</a></sup>\n\n<p id=m>b</p>", "a¹ / b | “¹” now leads to #text-m; before, it led to #text-n."},
		{"a caption", "<figure><img src='https://a.example/1.png' alt=a><figcaption>b</figcaption></figure>", "<img src='https://a.example/1.png' alt=a><p>b</p>", "[Picture: a] / b | “[Picture: a]” is now: paragraph. Before: illustration. | “b” is now: paragraph. Before: illustration, caption."},
		{"a passage that goes elsewhere", "a b\n\nc d\n\ne f", "c d\n\ne f\n\na b", "{a b} / c d / e f / [a b]"},
		{"paragraphs that become items, and one more", "one two\n\nthree four", "- one two\n- new\n- three four", "[• ]one two / [• new] / [• ]three four | “one two” is now: item of a list at level 1. Before: paragraph. | “three four” is now: item of a list at level 1. Before: paragraph."},
		{"numbers in place of points", "- a\n- b", "1. a\n2. b", "{•}[1.] a / {•}[2.] b"},
		{"two words in place of two paragraphs", "Annex\n\n1", "Annex1", "{Annex} / {1}[Annex1]"},
		{"a sentence that goes to another paragraph", "A b. C d.\n\nE f.", "A b.\n\nC d. E f.", "A b. / C d. / E f. | Within “A b. C d.” there is now: the end of a paragraph. Before: a blank. | Within “C d. E f.” there is now: a blank. Before: the end of a paragraph."},
		{"a list within a numbered one", "1. a\n   - b", "1. a\n2. - b", "1. a / [2. ]• b"},
		{"a footnote", "x[^1]\n\n[^1]: old", "x[^1]\n\n[^1]: new", "x¹ / 1. {old}[new] "},
	} {
		read := func(s string) press.HTML {
			h, _, err := richtext.Markdown([]byte(s), nil)
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		if got := shownText(compareTexts(read(tt.from), read(tt.to), words["en"])); got != tt.want {
			t.Errorf("%s:\n%q, want\n%q", tt.name, got, tt.want)
		}
	}
}

func TestComparedPictures(t *testing.T) {
	t.Parallel()
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	a := press.Image{Src: "https://a.example/1.png", Alt: "Pier"}
	b := press.Image{Src: "https://a.example/2.png", Alt: "Pier"}
	c := press.Image{Src: "https://a.example/3.png"}
	for _, tt := range []struct {
		name     string
		from, to []press.Image
		want     string
	}{
		{"the same", []press.Image{a}, []press.Image{a}, "Pier"},
		{"another file", []press.Image{a}, []press.Image{b}, "Pier | The picture “Pier” was replaced: https://a.example/1.png by https://a.example/2.png."},
		{"another focus", []press.Image{a}, []press.Image{{Src: a.Src, Alt: a.Alt, Focus: &press.Focus{0.5, 0}}}, "Pier | The picture “Pier” has another focus, around which it is cut."},
		{"the middle by its numbers", []press.Image{a}, []press.Image{{Src: a.Src, Alt: a.Alt, Focus: &press.Focus{}}}, "Pier"},
		{"one more, of which nothing is said", []press.Image{a}, []press.Image{a, c}, "Pier / [3.png]"},
	} {
		if got := shownText(comparePictures(tt.from, tt.to, words["en"])); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestLongComparison: texts of which hardly a word is the same are compared, too, and
// so is one of a hundred thousand small parts.
func TestLongComparison(t *testing.T) {
	t.Parallel()
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	numbered := func(from int) press.HTML {
		var b strings.Builder
		for i := range 60_000 {
			fmt.Fprintf(&b, "w%d ", from+i*7)
		}
		return press.HTML("<p>" + strings.TrimSpace(b.String()) + "</p>")
	}
	c := compareTexts(numbered(0), numbered(3), words["en"])
	if len(c.paragraphs) != 1 || len(c.paragraphs[0]) != 2 || len(c.paragraphs[0][0].Text) < 300_000 || len(c.paragraphs[0][1].Text) < 300_000 {
		t.Errorf("%d paragraphs of other words", len(c.paragraphs))
	}
	quoted := press.HTML("<p>" + strings.Repeat("<q>a</q>", 100_000) + "</p>")
	c = compareTexts(quoted, press.HTML(strings.Replace(string(quoted), "a</q></p>", "b</q></p>", 1)), words["en"])
	if len(c.paragraphs) != 1 || len(c.paragraphs[0]) != 4 {
		t.Errorf("%d paragraphs of quotations", len(c.paragraphs))
	}
	struck := press.HTML("<p>" + strings.Repeat("a <s>b</s> ", 30_000) + "</p>")
	if c = compareTexts(struck, press.HTML(strings.ReplaceAll(string(struck), "s>", "b>")), words["en"]); len(c.paragraphs) != 1 {
		t.Errorf("%d paragraphs of struck words", len(c.paragraphs))
	}
}

// TestCompareCutWords: mark-up within a word, on one side or the other, is said.
func TestCompareCutWords(t *testing.T) {
	t.Parallel()
	words, err := loadWords()
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]press.HTML{
		{"<p>1<sup>er</sup> mai</p>", "<p>1er mai</p>"},
		{"<p>the <b>C</b>ommittee</p>", "<p>the Committee</p>"},
		{"<p>cost 10<b>0</b> euros</p>", "<p>cost 100 euros</p>"},
		{`<p><a href="https://x.example/1">Doc</a>s</p>`, "<p>Docs</p>"},
		{"<p>in<i>form</i>ed</p>", "<p>i<b>nfo</b>rmed</p>"},
	} {
		for _, p := range [][2]press.HTML{pair, {pair[1], pair[0]}} {
			if got := compareTexts(p[0], p[1], words["en"]); len(got.remarks) == 0 || changes(got.paragraphs...) {
				t.Errorf("%s and %s: %q", p[0], p[1], got.remarks)
			}
		}
	}
}

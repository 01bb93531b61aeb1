package richtext

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestDialects(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "links in a list, with a name of one letter", in: "- [X](https://x.example/ministry)\n- [x][r]\n\n[r]: https://z.example/", plain: "X; x"},
		{name: "tasks", in: "- [x] done\n- [ ] open", page: "<ul><li>☑ done</li><li>☐ open</li></ul>"},
		{name: "terms", in: "Seat\n: Port Almira\n: Nord", page: "<dl><dt>Seat</dt><dd>Port Almira</dd><dd>Nord</dd></dl>", plain: "Seat: Port Almira; Nord"},
		{name: "an id of a heading", in: "## Annex {#a1}\n\n[there](#a1)", page: "<h2 id=\"text-a1\">Annex</h2>\n<p><a href=\"#text-a1\">there</a></p>", quiet: true},
		{name: "an id of a paragraph", in: "a\n\nText {#id}", refused: "line 3: an id or a class"},
		{name: "a highlight", in: "this ==matters== much", refused: "line 1: marked text"},
		{name: "equal signs", in: "a == b and c == d", page: "<p>a == b and c == d</p>"},
		{name: "raised by carets", in: "10^6^ people", refused: "line 1: raised text"},
		{name: "a link between two brackets", in: "see [[Annex]]", refused: "line 1: links in double brackets"},
		{name: "a link with blanks", in: "a\nb [annex](my file.pdf)", refused: "line 2: the link has blanks"},
		{name: "a placeholder of a program", in: "dear {{ name }}", refused: "line 1: the text holds a placeholder"},
		{name: "marks of editing", in: "we {--do not--} accept {~~war~>peace~~}", refused: "line 1: the text holds marks of editing"},
		{name: "a box", in: "> [!NOTE]\n> x", refused: "line 1: boxes"},
		{name: "a container", in: "a\n\n::: note\nx\n:::", refused: "line 3: containers"},
		{name: "a table of contents", in: "[TOC]", refused: "line 1: tables of contents"},
		{name: "a formula", in: "$$E=mc$$", refused: "line 1: formulas"},
		{name: "a mark of a footnote with a blank", in: "so [^a b]", refused: "line 1: the footnote has no text"},
		{name: "a heading without a blank", in: "a\n\n##Heading", refused: "line 3: a heading has a blank"},
		{name: "lowered", in: "H~2~O", refused: "line 1: lowered text"},
		{name: "exponents of TeX", in: "so x^{2}", refused: "line 1: formulas"},
		{name: "letters of TeX", in: "so \\alpha and", refused: "line 1: formulas"},
		{name: "a bar in code", in: "| a |\n|---|\n| `a | b` |", refused: "line 3: a cell of the table ends at the bar"},
		{name: "a bar in an address", in: "| a |\n|---|\n| [l](https://x.example/a|b) |", refused: "line 3: a cell of the table ends at the bar"},
		{name: "a bar that is escaped", in: "| a | b |\n|---|---|\n| `a \\| b` | rock `n' |", plain: "a; b; a | b; rock `n'"},
		{name: "money", in: "from $5 to $9", page: "<p>from $5 to $9</p>"},
		{name: "an emoji", in: "well done :tada:", refused: "line 1: names of emoji"},
		{name: "times of day", in: "at 10:30:45 : then", quiet: true},
		{name: "a table without its head", in: "|---|---|\n| a | b |", refused: "line 1: the table has no head"},
		{name: "an id with a colon", in: "{: .note}\ntext", refused: "line 1: an id or a class"},
		{name: "a class with a colon", in: "text\n{:.lead}", refused: "line 2: an id or a class"},
		{name: "no number of a heading", in: "## Annex {-}", refused: "line 1: an id or a class"},
		{name: "the width of a picture", in: "![a](b.png){width=50%}", refused: "line 1: attributes"},
		{name: "the language of a stretch", in: "[a]{lang=de}", refused: "line 1: attributes"},
		{name: "raw HTML", in: "`x`{=html}", refused: "line 1: attributes"},
		{name: "attributes of a heading", in: "a\n\n## b {lang=de}", page: "<p>a</p>\n<h2>b</h2>", note: "3: of what is in braces behind a heading nothing is kept but an id: {lang=de}"},
		{name: "braces in a heading", in: "## Article {as amended}", page: "<h2>Article {as amended}</h2>", quiet: true},
		{name: "inserted", in: "and ++more++ words", refused: "line 1: inserted text"},
		{name: "a formula in the line", in: "so $x^2$ holds", refused: "line 1: formulas"},
		{name: "a letter of a formula", in: "where $n$ is", refused: "line 1: formulas"},
		{name: "a command of a formula", in: "so $\\frac{1}{2}$", refused: "line 1: formulas"},
		{name: "a formula of GitHub", in: "so $`x`$", refused: "line 1: formulas"},
		{name: "a formula on lines", in: "a\n\n$$\nx = y\n$$", refused: "line 3: formulas"},
		{name: "a page break", in: "a\n\n\\newpage", refused: "line 3: commands of TeX"},
		{name: "an environment", in: "\\begin{table}\nx\n\\end{table}", refused: "line 1: commands of TeX"},
		{name: "bold of TeX", in: "so \\textbf{x}", refused: "line 1: commands of TeX"},
		{name: "quotation marks of TeX", in: "he said ``so''", refused: "line 1: quotation marks"},
		{name: "a task that is cancelled", in: "- [x] a\n- [-] b", refused: "line 2: a task"},
		{name: "a task under way", in: "1. [~] b", refused: "line 1: a task"},
		{name: "a key of a bibliography", in: "so [@smith2020] and", refused: "line 1: keys of a bibliography"},
		{name: "keys of a bibliography", in: "so [see @doe99, p. 5; @smith2020a]", refused: "line 1: keys of a bibliography"},
		{name: "a comment", in: "a %%draft only%% b", refused: "line 1: comments"},
		{name: "a comment of MDX", in: "a {/* x */}", refused: "line 1: the text holds a comment"},
		{name: "a table of contents by angles", in: "<<toc>>", refused: "line 1: tables of contents"},
		{name: "a table of contents of GitLab", in: "[[_TOC_]]", refused: "line 1: tables of contents"},
		{name: "a table of contents of kramdown", in: "* TOC\n{:toc}", refused: "line 2: an id or a class"},
		{name: "a table without its line", in: "a\n\n| a | b |\n| c | d |", refused: "line 3: the table has no line of dashes"},
		{name: "a table with dashes of Word", in: "| a | b |\n|—|—|\n| c | d |", refused: "line 1: the table has no line of dashes"},
		{name: "a table of dashes", in: "Right     Left\n-------   -----\n12        12", refused: "line 2: tables with drawn lines"},
		{name: "a container without a blank", in: ":::note\nx\n:::", refused: "line 1: containers"},
		{name: "a container of slashes", in: "/// note\nx\n///", refused: "line 1: containers"},
		{name: "an admonition", in: "!!! note\n    x", refused: "line 1: boxes"},
		{name: "a callout", in: "> [!faq]- Why\n> x", refused: "line 1: boxes"},
		{name: "tabs", in: "=== \"A\"\n\n    x", refused: "line 1: tabs"},
		{name: "raised alone", in: "the ^sup^ sign", refused: "line 1: raised text"},
		{name: "a wiki", in: "see [[a|b]]", refused: "line 1: links in double brackets"},
		{name: "Org", in: "see [[https://a.example][b]]", refused: "line 1: links in double brackets"},
		{name: "a short code", in: "{{< figure src=\"x\" >}}", refused: "line 1: the text holds a placeholder"},
		{name: "a tag of Liquid", in: "{% include x %}", refused: "line 1: the text holds a placeholder"},
		{name: "a variable", in: "dear ${name},", refused: "line 1: the text holds a placeholder"},
		{name: "an emoji at the end of a sentence", in: "well done :tada:!", refused: "line 1: names of emoji"},
		{name: "a role", in: "see :ref:`x`", refused: "line 1: roles"},
		{name: "codes in brackets", in: "so [b]x[/b]", refused: "line 1: codes in square brackets"},
		{name: "bold of a wiki", in: "so '''x'''", refused: "line 1: bold text"},
		{name: "a heading of a wiki", in: "== Annex ==", refused: "line 1: a heading begins"},
		{name: "a heading of Textile", in: "h2. Annex", refused: "line 1: a heading begins"},
		{name: "a panel", in: "{panel:title=x}", refused: "line 1: macros"},
		{name: "a spoiler", in: "so ||x y|| z", refused: "line 1: hidden text"},
		{name: "a reading", in: "{漢字|かんじ}", refused: "line 1: readings"},
		{name: "a link of a chat", in: "<https://a.example|a>", refused: "line 1: links are written"},
		{name: "a drawing", in: "a\n\n```mermaid\ngraph\n```", refused: "line 3: what is between these fences"},
		{name: "a program to run", in: "```{r}\nx\n```", refused: "line 1: what is between these fences"},
		{name: "code without an end", in: "a\n\n```\ncode\n\nb", refused: "line 3: the code has no end"},
		{name: "words between tildes", in: "a\n\n~~~ Wichtig ~~~\n\nb", refused: "line 3: the code has no end"},
		{name: "words behind a fence", in: "a\n\n~~~ the whole text\nb\n~~~", page: "<p>a</p>\n<pre><code>b\n</code></pre>", note: "3: what stands behind the marks of code is not shown: the whole text"},
		{name: "languages of code", in: "```go\na\n```\n\n```c++ title=x\nb\n```\n\n> ~~~\n> c\n> ~~~", quiet: true},
		{name: "marks in HTML", in: "<div>\nso [a](https://a.example/)\n</div>", note: "2: marks stand in the text as they were typed, because it begins with a tag: [a](https://a.example/)"},
		{name: "items numbered by the program", in: "#. a\n#. b", refused: "line 1: items are numbered"},
		{name: "marks of editing of GitLab", in: "a {+ b +}", refused: "line 1: the text holds marks of editing"},
		{name: "an abbreviation", in: "*[MFA]: Ministry", refused: "line 1: abbreviations"},
		{name: "a comment that is not closed", in: "a\n\n<!-- draft\n\nb", refused: "line 3: the comment has no end"},
		{name: "in code everything goes", in: "`{{x}}` and `[^1]`", quiet: true},
		{name: "escaped", in: `\[^1] and \{\{x}}`, quiet: true},
		{name: "entities", in: "a&nbsp;b &#20013; &lt;b&gt; &copy;", page: "<p>a\u00a0b 中 &lt;b&gt; ©</p>"},
		{name: "a line like a definition, with words behind it", in: "[Note]: see-annex (of the treaty)\n\ntext", note: "1: a line was read as the address of a link that is never used: [Note]: see-annex of the treaty"},
		{name: "a line like a definition", in: "[Note]: see-annex\n\ntext", page: "<p>text</p>", note: "1: a line was read as the address of a link that is never used: [Note]: see-annex"},
		{name: "a definition in use", in: "[x]\n\n[X]: https://a.example/", quiet: true},
		{name: "marks in a block of HTML", in: "<div>\n**x**\n</div>", note: "2: marks stand in the text as they were typed, because it begins with a tag: **x**"},
		{name: "marks without a partner", in: "a ** b", page: "<p>a ** b</p>", note: "1: marks stand in the text as they were typed: ** b"},
		{name: "a title of a link", in: "[a](https://a.example \"tip\")", page: `<p><a href="https://a.example/" title="tip">a</a></p>`, note: "1: the title of a link shows only where a pointer rests on it, and in no post: tip"},
	})
}

// TestTagsWithoutAnEnd: what has no end tag is text or is refused, and takes nothing of
// what follows along.
func TestTagsWithoutAnEnd(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "a letter", in: "option <a> or", page: "<p>option &lt;a&gt; or</p>", quiet: true},
		{name: "words", in: "<abbr> <time> <data> <option> <title> <name> <label> <summary> <output>", plain: "<abbr> <time> <data> <option> <title> <name> <label> <summary> <output>", quiet: true},
		{name: "without content", in: "a <link> <meta> <base> <source> <area> <input> <col> <param> <img> <image> <track> <embed>", plain: "a <link> <meta> <base> <source> <area> <input> <col> <param> <img> <image> <track> <embed>", quiet: true},
		{name: "on a line of its own", in: "<link>\n\n<a>\n\n<title>", plain: "<link> <a> <title>", quiet: true},
		{name: "in a block of HTML", in: "<p>option <a>, <name> or <title></p>", page: "<p>option &lt;a&gt;, &lt;name&gt; or &lt;title&gt;</p>", quiet: true},
		{name: "addresses of other programs", in: "<name:minister> and <doi:10.1/x>", plain: "<name:minister> and <doi:10.1/x>", quiet: true},
		{name: "struck", in: "a\n\nsaid <s> and more\n\nb", refused: "line 3: <s> has no end tag: write </s>"},
		{name: "deleted", in: "said <del>war", refused: "line 1: <del> has no end tag"},
		{name: "bold", in: "option <b> or <i>", refused: "line 1: <b> has no end tag"},
		{name: "the second of two", in: "<u>a</u>\n<u>b", refused: "line 2: <u> has no end tag"},
		{name: "the first of two", in: "<s>a <s>b</s>", refused: "line 1: <s> has no end tag"},
		{name: "the end before the start", in: "a</b> <b>c", refused: "line 1: <b> has no end tag"},
		{name: "quoted", in: "said <q>so", refused: "line 1: <q> has no end tag"},
		{name: "looks", in: "said <small>so", refused: "line 1: <small> has no end tag"},
		{name: "with attributes", in: "on <time datetime=\"2026-05-03\">3 May", refused: "line 1: <time> has no end tag"},
		{name: "a paragraph in the middle of one", in: "a <p> b", refused: "line 1: <p> stands in the middle"},
		{name: "an item in the middle of a paragraph", in: "a <li> b", refused: "line 1: <li> stands in the middle"},
		{name: "in a cell", in: "| a |\n|---|\n| <s>b |\n| c |", refused: "line 3: <s> has no end tag"},
		{name: "bold over items", in: "- a <b>b\n- c</b> d", page: "<ul><li>a <b>b</b></li><li><b>c</b> d</li></ul>", quiet: true},
		{name: "struck in a block of HTML", in: "<div>\n<s>war\n</div>\n\npeace", refused: "line 2: <s> has no end tag"},
		{name: "struck on a line of its own", in: "<s>\n\nwar", refused: "line 1: <s> has no end tag"},
		{name: "a quotation that is not closed", in: "<blockquote>\n\na", refused: "line 1: <blockquote> has no end tag"},
		{name: "a link that is not closed", in: "<a href=\"https://a.example/\">x", refused: "line 1: <a> has no end tag"},
		{name: "an end of nothing", in: "a\n\nb</b> c", page: "<p>a</p>\n<p>b c</p>", note: "3: the end of an element that was not begun was left out: </b>"},
		{name: "around paragraphs", in: "<s>\n\nwar\n\n</s>\n\npeace", page: "<p><s>war</s></p>\n<p>peace</p>", quiet: true},
		{name: "a box around Markdown", in: "<div>\n\n**a**</div>\n\nb", page: "<p><strong>a</strong></p>\n<p>b</p>", quiet: true},
		{name: "paragraphs and items that end by themselves", in: "<p>a\n\n<p>b\n\n<ul>\n<li>c\n<li>d\n</ul>", page: "<p>a</p>\n<p>b</p>\n<ul><li>c</li><li>d</li></ul>", quiet: true},
		{name: "nested", in: "<b>a <i>b <b>c</b></i></b>", page: "<p><b>a <i>b <b>c</b></i></b></p>", quiet: true},
		{name: "line ends and rules", in: "a<br>b<wbr>c<br/>d", page: "<p>a<br/>bc<br/>d</p>", quiet: true},
		{name: "escaped", in: `\<b> and \<s>`, page: "<p>&lt;b&gt; and &lt;s&gt;</p>", quiet: true},
	})
}

// TestNumbersOfLists: the numbers that were typed are read.
func TestNumbersOfLists(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "left out", in: "7. a\n9. b\n12. c\n13. d", page: `<ol start="7"><li>a</li><li value="9">b</li><li value="12">c</li><li>d</li></ol>`, plain: "7. a; 9. b; 12. c; 13. d", quiet: true},
		{name: "twice", in: "1. a\n2. b\n2. c", page: `<ol><li>a</li><li>b</li><li value="2">c</li></ol>`},
		{name: "backwards", in: "3. a\n2. b\n1. c", page: `<ol start="3"><li>a</li><li value="2">b</li><li value="1">c</li></ol>`},
		{name: "all ones", in: "a\n\n1. a\n1. b\n1. c", page: "<p>a</p>\n<ol><li>a</li><li>b</li><li>c</li></ol>", note: "3: every item of the list is typed as 1, and they are numbered 1 to 3"},
		{name: "all of one year", in: "2026. gads\n\n2026. gada", page: `<ol start="2026"><li><p>gads</p></li><li value="2026"><p>gada</p></li></ol>`, plain: "2026. gads; 2026. gada"},
		{name: "a day", in: "3. Oktober 2026", plain: "3. Oktober 2026"},
		{name: "with brackets, in others", in: "> - 4) a\n>   6) b", page: `<blockquote><ul><li><ol start="4"><li>a</li><li value="6">b</li></ol></li></ul></blockquote>`},
		{name: "long", in: "123456789. a", page: `<ol start="123456789"><li>a</li></ol>`},
		{name: "from another number on in a paragraph", in: "They agreed:\n7. a\n8. b", page: "<p>They agreed: 7. a 8. b</p>", note: "2: a numbered line goes on with the text above: if it begins a list, leave a line empty above it: 7. a 8. b"},
		{name: "from another number on in an item", in: "8. a\n   3. b\n   4. c", note: "2: a numbered line goes on with the text above: if it begins a list, leave a line empty above it: 3. b 4. c"},
		{name: "a date that begins a line", in: "Das Treffen am\n3. Oktober 2026", page: "<p>Das Treffen am 3. Oktober 2026</p>", quiet: true},
		{name: "numbers that are no items", in: "They agreed:\n7\\. a\n8\\. b", page: "<p>They agreed: 7. a 8. b</p>", quiet: true},
		{name: "points as they are typed", in: "They agreed:\n• a\n• b", page: "<p>They agreed: • a • b</p>", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: • a • b"},
		{name: "points on lines of their own", in: "They agreed:\\\n• a\\\n• b\n\n• c", quiet: true},
		{name: "dashes", in: "– a\n– b", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: – b"},
		{name: "a dash of the sentence", in: "The minister – so he said\n– was late", quiet: true},
		{name: "letters in brackets", in: "They agreed:\n(a) one\n(b) two", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: (a) one (b) two"},
		{name: "a task in no list", in: "a\n\n[x] b", refused: "line 3: a task is an item of a list"},
		{name: "a task in a later line", in: "a\n[ ] b", refused: "line 2: a task is an item of a list"},
		{name: "letters with points", in: "a. one\nb. two", note: "2: a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it: b. two"},
		{name: "a row below its table", in: "| a | b |\n|---|---|\n\n| 1 | 2 |", note: "4: a row with bars stands outside of a table, and is shown as it was typed: if it belongs to one, leave no line empty above it: | 1 | 2 |"},
		{name: "too many signs of a heading", in: "a\n\n####### b", refused: "line 3: a heading has six number signs at most"},
		{name: "blanks in the number of a telephone", in: "[call](tel:+49 30 123)", refused: "line 1: the link has blanks in its address"},
		{name: "a bracket that is to be read", in: "\\[x] b, and [x] c", page: "<p>[x] b, and [x] c</p>", quiet: true},
		{name: "with a nought before", in: "a\n\n07. b", page: "<p>a</p>\n<ol start=\"7\"><li>b</li></ol>", note: "3: the number of an item is shown as 7: 07"},
	})
}

// TestLinksToNothing: a link that would not be one is refused or told.
func TestLinksToNothing(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "without an address", in: "a\n\n[x]()", refused: "line 3: the address is missing"},
		{name: "a picture without an address", in: "![x]()", refused: "line 1: the address is missing"},
		{name: "by name, without an address", in: "a [x]\n\n[x]: <>", refused: "line 1: the address is missing"},
		{name: "without words", in: "a [](https://a.example/)", refused: "line 1: the link has no words"},
		{name: "without words, in HTML", in: "a\n\nb <a href=\"https://a.example/\"></a>", page: "<p>a</p>\n<p>b</p>", note: "3: a link without words was left out: https://a.example/"},
		{name: "a place with a name", in: "<a name=\"x\"></a>a [b](#x)", quiet: true},
		{name: "by a name without an address", in: "a\n\nsee [the annex][annex] and [b][]", note: "3: no address was given for a link, and it stands in the text as it was typed: [the annex][annex]"},
		{name: "marks of notes", in: "so [1][2] and [3][a]", page: "<p>so [1][2] and [3][a]</p>", quiet: true},
		{name: "in another link", in: "[a [b](https://b.example/) c](https://a.example/)", refused: "line 1: no link can stand in the words of another"},
		{name: "with a title, in HTML", in: "a\n<a href=\"https://a.example/\" title=\"tip\">b</a>", note: "2: the title of a link shows only where a pointer rests on it, and in no post: tip"},
		{name: "with a title, by name", in: "a [b][r]\n[c][r]\n\nd\n\n[r]: https://a.example/ \"tip\"", note: "6: the title of a link shows only where a pointer rests on it, and in no post: tip"},
		{name: "a picture with a title, by name", in: "a ![b][R]\n\n[r]: https://a.example/x.png\n 'tip'", note: "3: the title of a picture is not shown: tip"},
		{name: "marks in a text without blanks", in: "a\n\n**外交部发言人今天宣布两国将于三日举行会谈", note: "3: marks stand in the text as they were typed: **外交部发言人今天宣布两国将"},
		{name: "a picture with a title, in HTML", in: "<p>a</p>\n<img src=\"https://a.example/x.png\" title='tip'>", note: "2: the title of a picture is not shown: tip"},
		{name: "to the top", in: "a\n\n[top](#)", page: "<p>a</p>\n<p>top</p>", note: "3: a link to the top of the page lost its address, which is another on each page that shows the text: #"},
		{name: "to the top by name", in: "[top](#top)", page: "<p>top</p>", note: "1: a link to the top of the page lost its address, which is another on each page that shows the text: #top"},
		{name: "to a place of that name", in: "# Top\n\n[top](#top)", page: "<h2 id=\"text-top\">Top</h2>\n<p><a href=\"#text-top\">top</a></p>", quiet: true},
		{name: "to a place with a number sign in its name", in: "<a id=\"a#b\"></a>x [y](#a#b)", page: "<p id=\"text-a#b\">x <a href=\"#text-a%23b\">y</a></p>", quiet: true},
		{name: "to a place that is not there", in: "a\n\nSee [the annex](#annex).", refused: `line 3: the link to "#annex" leads to nothing`},
		{name: "to a place that is not there, by name", in: "a [b]\n\n[b]: #c", refused: `line 1: the link to "#c" leads to nothing`},
		{name: "to a place that is not there, in HTML", in: "a\n\n<p>b\n<a href=\"#c\">c</a></p>", refused: `line 4: the link to "#c" leads to nothing`},
		{name: "to a place that is not there, by the address of the page", in: "a [b](https://mfa.example/news/page.html#c)", refused: `line 1: the link to "#c" leads to nothing`},
		{name: "around a picture", in: "[![b](https://a.example/b.png)](#c)", refused: `line 1: the link to "#c" leads to nothing`},
		{name: "to a heading of other words", in: "# Annex two\n\n[a](#annex-1)", refused: `line 3: the link to "#annex-1" leads to nothing`},
		{name: "to what is hidden", in: "[a](#b)\n\n<p hidden id=b>c</p>", refused: `line 1: the link to "#b" leads to nothing`},
		{name: "to an id that is too long", in: "[a](#" + strings.Repeat("b", 300) + ")\n\n<p id=" + strings.Repeat("b", 300) + ">c</p>", refused: "line 1: the link to"},
		{name: "to the place of what is left out", in: "[a](#b)\n\n<svg id=b></svg>c", refused: `line 1: the link to "#b" leads to nothing`},
		{name: "to a place without text", in: "[a](#b)\n\n<div id=b></div>\n\nc", page: "<p><a href=\"#text-b\">a</a></p>\n<p id=\"text-b\">c</p>", quiet: true},
		{name: "in a page the top goes", html: true, in: `<p><a href="#top">top</a></p>`, page: "<p>top</p>", quiet: true},
	})
}

// TestHonestTexts: what people write in ministries has signs in it that are marks
// elsewhere. None is refused, turned or noted.
func TestHonestTexts(t *testing.T) {
	t.Parallel()
	base, err := url.Parse("https://mfa.example/")
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{
		`The grant rises from $5 to $10, and from US$1,000 to US$2,000.`,
		`Costs of $5 and $10 per head ($15 in all) were met; $1=€0.92, C$7 = US$5.`,
		`Beträge in €, $ und £; der Kurs US$/€ liegt bei 1,08 (US$=100 ¥).`,
		`Le prix est de 5 $ et de 10 $ ; le budget passe de 3 $US à 4 $US.`,
		`El importe asciende a $1.000.000 (MXN$) y a $2.000.000.`,
		`R$5 milhões e R$ 10 milhões; NT$500, HK$7.8, A$3, $A3 and $A5.`,
		`The rate of growth was 3.5% (2025: 2.9%), 100% of the target; 50%%.`,
		`The meeting is at 10:30:45 (UTC+2), the ratio 1:2:3, the score 3:2.`,
		`Press conference: 14:00–15:30; contact: +49 30 123456.`,
		`Aktenzeichen: 5 K 1234/26.X, BGBl. I S. 1234, § 3 Abs. 1 Satz 2 Nr. 4 lit. a) (§ 3 a).`,
		`Art. 5 [sic] of the treaty […] says so [emphasis added] [1].`,
		`"[T]he parties […] shall [not] withdraw (see [above])."`,
		`According to Article 12(3)(a)[ii], members {States Parties} agree.`,
		`The set {1, 2, 3} and {a|b}; see { } and {…} in the law.`,
		`The Act {as amended in 2024} applies; {sic}.`,
		`Contact: press@mfa.example, Tel. (030) 1234-5678, Fax -99.`,
		`From: press@mfa.example To: desk@mfa.example Cc: a.b+c@mfa.example`,
		`Follow @mfa_press and @press@social.example, hashtag #Treaty2026 and #COP31.`,
		`[@mfa_press] via X; [photo: @MFAofficial]`,
		`See https://mfa.example/a_b/c~d?x=1&y=2#z and www.mfa.example.`,
		`File number MFA_2026_017_final_v2.docx, C:\Users\press\final.docx, \\server\share.`,
		`The function f(x)=a*b*c, 2*3*4=24, x_1 and y_2.`,
		`10^6 people, x^2 and 5^; the caret ^ sign.`,
		`A ~ B, ~5 to ~9 per cent, 3~5 days.`,
		`The "Alliance" (AAA++) and C++ programmers; A+ to A++ ratings, +++ urgent +++.`,
		`a == b, a != b, a <= b, a >= b, a <> b, => so, <= so.`,
		`+1 555 0100; -1 degree; ±3; 5 +/- 2.`,
		`|x| < 5 and |y| > 3; either | or; A | B | C`,
		`Tel. 1 | Fax 2 | E-mail 3`,
		`Name | Title`,
		`Objet : réunion ; Date : 3 mai ; Lieu : Paris !`,
		`Quoi ?! Vraiment !!! Non ???`,
		`Она сказала: «Договор (см. п. 3) подписан»; цена — 5 %.`,
		`他说：“会议（第3次）”于3~5日举行；比例为1:2，增长5%。`,
		`外務省【重要】※お知らせ＊1 〔注〕 {備考} ［注］`,
		`한국 외교부는 [보도자료] 3~5일 "회담"을 개최(예정)했다고 밝혔다.`,
		`قال الوزير: "الاتفاقية [المادة 5] سارية" (٥٪).`,
		`השר אמר: "ההסכם [סעיף 5]" — 5%.`,
		`รัฐมนตรีกล่าวว่า (ข้อ 3) 5% [ร่าง]`,
		`Ministerka 1. máje 2026 podepsala smlouvu č. 5/2026 Sb. [dále jen „smlouva“].`,
		`Ministr: 50 % – 60 % (tj. 1/2) & více; §§ 3–5; čl. 7 odst. 2 písm. b).`,
		`Nr. 5 – 10; S. 3 f.; ebd.; vgl. [5]; a) b) c) i) ii)`,
		`The motto "E pluribus unum" ... and so on... -- and --- dashes.`,
		`R&D, AT&T, Q&A; 5 < 6 > 4; <5 % and >10 %; <-- here --> there.`,
		`See footnote (1), note [2], Annex [A], [a], [B-7], (*), (**), [*].`,
		`The code of conduct: do's & don'ts; 'single' ''double'' quotes.`,
		`Time zones: UTC+05:30, 12 a.m./p.m., 24/7, 9-5, 2026-11-29T10:00:00Z.`,
		`Version 2.0.1-rc.1; ISO/IEC 27001:2022; IPv6 2001:db8::1; ::1.`,
		`Price: EUR 1.000,-; CHF 5'000.—; £3bn; ¥1,000; ₹5 crore; 5 zł; 10 Kč.`,
		`Dates: 3.–5. Mai, 03/05/2026, 3-5-26, '26.`,
		`Statement by H.E. Mr. A. B. (Minister), on behalf of the G77 + China.`,
		`#1 priority; No. #5; issue #12.`,
		`C# and F# are languages; A# is a note.`,
		`Yes/No/N.A.; and/or; s/he; [x] is ticked, [ ] is not.`,
		`:) and ;-) :-( were used; ": " and "::" too.`,
		`Ratio a:b:c and key:value: pairs; 10:30: start.`,
		`%name% and 5%-10% and %5.`,
		`Vote: 120-3-5 (for-against-abstaining) => adopted.`,
		`$x is a variable, $HOME and $PATH too.`,
		`Restaurants ($$ to $$$) nearby; $$ or $$$.`,
		`E-mail: <press@mfa.example>; Web: <https://mfa.example/>`,
		`(1) first; (2) second; (iii) third; 1) one.`,
		`the file "report [final] (2).pdf" and [draft](see below for the text)`,
		`Signed: /s/ A. Minister // 3 May`,
		`//translated from French//`,
		`The plan (2026–2030) {Doc. A/79/L.5}; [A/RES/79/1]; {S/2026/5}.`,
		`Subject: RE: [EXT] Visit :: agenda`,
		"Quote: ``so´´ and `so'",
		`"quoted": https://mfa.example/x`,
		`Temperature 25°C ^ rising ^ again`,
		`Smith et al. [2020, p. 5; 2021] and [Smith 2020]`,
		`5 | 6 || 7 or 8 || 9`,
		`Mr X (@handle) [cc: @desk, 2026]`,
		`C:\alpha\beta, 3~5~7 and A~B~C; ##1; [^] and file_{old}`,
		`5*(3+2)*4 is 100.`,
		`Increase of ++ and decrease of -- ; rating: ++`,
	} {
		read, err := ReadMarkdown([]byte(in), base)
		if err != nil || len(read.Notes) > 0 {
			t.Errorf("%s: %v, notes %v", in, err, read.Notes)
			continue
		}
		want := strings.NewReplacer("<press@", "press@", "example>", "example", "<https:", "https:", "/>", "/", `\\server`, `\server`).Replace(in)
		if got := Excerpt(read.Body, 1000); got != norm.NFC.String(want) {
			t.Errorf("%s\nbecame\n%s", in, got)
		}
	}
}

// TestSidesAndTitles: on which side a column stands and what a link is called stays in
// what was typed, and in nothing that others wrote.
func TestSidesAndTitles(t *testing.T) {
	t.Parallel()
	checkRows(t, []rowTest{
		{name: "columns", in: "| A | B | C | D |\n|---|:--|:-:|--:|\n| 1 | 2 | 3 | 4 | 5 |", page: `<table><thead><tr><th>A</th><th align="left">B</th><th align="center">C</th><th align="right">D</th></tr></thead>` +
			`<tbody><tr><td>1</td><td align="left">2</td><td align="center">3</td><td align="right">4</td><td>5</td></tr></tbody></table>`},
		{name: "in HTML", in: `<table><tr><td align=RIGHT>1<td style="text-align:center" align=left>2<td align=justify>3</table>`, page: `<table><tr><td align="right">1</td><td align="center">2</td><td>3</td></tr></table>`},
		{name: "a title with marks", in: `[a](https://a.example "“b” &amp; \"c\" *d* <e>")`, page: `<p><a href="https://a.example/" title="“b” &amp; &#34;c&#34; *d* &lt;e&gt;">a</a></p>`},
		{name: "a title of nothing", in: `[a](https://a.example "")`, page: `<p><a href="https://a.example/">a</a></p>`, quiet: true},
		{name: "a title of a link that leads nowhere", html: true, in: `<a title="b">a</a>`, page: "<p>a</p>"},
		{name: "of a stranger", foreign: true, in: `<a href="https://a.example/" title="b">a</a><table><tr><td align=right>1</table>`, page: "<p><a href=\"https://a.example/\">a</a></p>\n<table><tr><td>1</td></tr></table>"},
	})
	const page = `<p><a href="https://a.example/" title="b">a</a></p><table><tr><td align="right">1</td></tr></table>`
	want := "<p><a href=\"https://a.example/\">a</a></p>\n<table><tr><td>1</td></tr></table>"
	if got, _ := CleanPage(page, nil, func(int) int { return 1 }); string(got) != want {
		t.Errorf("of a page: %s", got)
	}
}

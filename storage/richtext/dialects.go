package richtext

import (
	"bytes"
	"slices"

	"communique/storage/lazyregexp"
)

// dialect is a mark that other programs for Markdown know, or of another language of
// markup. Published as it was typed it is a riddle to readers, so the author is told
// what to write.
type dialect struct {
	signs []string // one of which every mark has
	mark  *lazyregexp.Regexp
	text  string
	// within is what must be in the first group of the mark, which may also be of an
	// honest text; nil if nothing must.
	within *lazyregexp.Regexp
}

// in finds the first mark in a text that begins at an offset of the source. Expressions
// are slow, so none looks at a text that has no sign of it.
func (d *dialect) in(text []byte, b *budget, at int) (int, bool) {
	if !slices.ContainsFunc(d.signs, func(sign string) bool { return bytes.Contains(text, []byte(sign)) }) {
		return 0, false
	}
	b.spend(6*len(text), at)
	if d.within == nil {
		if found := d.mark.FindIndex(text); found != nil {
			return found[0], true
		}
		return 0, false
	}
	for _, found := range d.mark.FindAllSubmatchIndex(text, -1) {
		if d.within.Match(text[found[2]:found[3]]) {
			return found[0], true
		}
	}
	return 0, false
}

// signals are the characters by which signs of dialects begin, and marks without a partner.
var signals = func() string {
	all := []byte("*_~;")
	for _, d := range dialects {
		for _, s := range d.signs {
			all = append(all, s[0])
		}
	}
	return string(all)
}()

const strayColon = "a line begins with a colon: if it defines the line above, it begins without blanks; if it is the caption of a table, write it as a paragraph; else put the colon on the line above"

const openComment = "the comment has no end: write --> where it ends"

func sign(all ...string) []string { return all }

var mark = lazyregexp.New

// In these expressions \x00 is a link, a picture, code or a tag, and \x01 what was
// escaped. See typedText.
var dialects = []dialect{
	// Footnotes and references.
	{sign("[^"), mark(`!?\[\^[^\]\n\x00]+\]`), "the footnote has no text: write it on a line of its own that begins with the same mark and a colon, as in \"[^1]: text\"", nil},
	{sign("^["), mark(`\^\[[^\]\n]+\]`), "a footnote cannot stand in the line: write a mark, as in [^1], and its text on a line of its own", nil},
	{sign("@"), mark(`\[(?:[^\]\n@]*[\s;-])?@[\p{L}_][\p{L}_:.-]*[0-9]{2,4}[a-z]?(?:[\s,;:][^\]\n]*)?\]`), "keys of a bibliography are not supported: write a footnote, as in [^1], or who said it and when", nil},
	{sign("[-@"), mark(`\[-@[\p{L}_][^\]\n]*\]`), "keys of a bibliography are not supported: write a footnote, as in [^1], or who said it and when", nil},
	{sign("(@"), mark(`(?m)^\(@[\w-]*\)[ \t]`), "numbered examples are not supported: write the number", nil},

	// Attributes and ids.
	{sign("{"), mark(`\{[ \t]*:?[ \t]*[#.][A-Za-z][^{}\n]*\}|\{::?[^{}\n]*\}|(?m)[ \t]\{-\}[ \t]*$`), "an id or a class in braces is only possible after a heading: leave it out", nil},
	{sign("{"), mark(`[\]\x00]\{[ \t]*(?:=[A-Za-z0-9]+|[A-Za-z][A-Za-z0-9-]*=[^{}\n]*)[ \t]*\}`), "attributes in braces are not supported: leave them out", nil},
	{sign(" ^"), mark(`(?m)[ \t]\^[a-z-]*[0-9][a-z0-9-]{3,}$`), "marks of paragraphs are not supported: leave the mark out", nil},

	// Placeholders and directives of programs.
	{sign("{{", "{%", "<%", "${"), mark(`\{\{[^\n]*?\}\}|\{%[^\n]*?%\}|<%[^\n]*?%>|\$\{[^{}\n]+\}`), "the text holds a placeholder of another program: write what is to stand there", nil},
	{sign("{/*"), mark(`\{/\*[^\n]*?\*/\}`), "the text holds a comment of another program: leave it out, or write <!-- … -->", nil},
	{sign("<!--"), mark(`<!--`), openComment, nil},
	{sign("%%"), mark(`%%[^%]+%%|(?m)^%%[ \t]`), "comments between percent signs are not supported: leave it out, or write <!-- … -->", nil},
	{sign(":::"), mark(`(?m)^ {0,3}:::`), "containers between colons are not supported: write what is in it as a quotation, with \">\"", nil},
	{sign("///"), mark(`(?m)^ {0,3}///+[ \t]*[A-Za-z]`), "containers between slashes are not supported: write what is in it as a quotation, with \">\"", nil},
	{sign("!!!", "???"), mark(`(?m)^ {0,3}(?:!!!|\?\?\?\+?) +\w`), "boxes are not supported: write a quotation with \">\"", nil},
	{sign("=="), mark(`(?m)^ {0,3}={3,}[!+]* +"`), "tabs are not supported: write headings", nil},
	{sign("[!"), mark(`(?m)^ {0,3}\[![A-Za-z][\w-]*\][-+]?(?:[ \t\n]|$)`), "boxes are not supported: write the word and a colon", nil},
	{sign("[t", "[T", "[_", "[["), mark(`(?mi)^\s*@?\[\[?_?toc_?\]?\]\s*$`), "tables of contents are not supported: leave it out, or write links to the headings", nil},
	{sign("<"), mark(`(?mi)^\s*<<(?:\[?_?toc_?\]?|TableOfContents(?:\([^)\n]*\))?)>>\s*$`), "tables of contents are not supported: leave it out, or write links to the headings", nil},
	{sign("--8<--"), mark(`-{1,2}8<-{1,2}`), "other files cannot be taken in like this: write what is to stand there", nil},
	{sign(".. "), mark(`(?m)^ {0,3}\.\. (?:[a-z-]+::|\[|_[^\n:]+:)`), "directives of reStructuredText are not supported", nil},
	{sign(":\x00", "}\x00"), mark(`(?:^|[\s(]):[a-z][a-z:-]*:\x00|\{[a-z][a-z:-]*\}\x00`), "roles of reStructuredText are not supported: write a link, [text](address)", nil},
	{sign("::"), mark(`(?m)^(?:image|include|video|audio|toc)::\S*\[`), "macros of AsciiDoc are not supported: write ![text](address)", nil},
	{sign("]_"), mark(`\[(?:#[\w-]*|[0-9]+|\*|[A-Z][\w.-]*[0-9])\]_(?:[^\p{L}\p{N}_]|$)`), "marks of notes of reStructuredText are not supported: write a footnote, as in [^1]", nil},
	{sign("#+"), mark(`(?mi)^#\+(?:[a-z_]+:|(?:begin|end)_)`), "keywords of Org are not supported: leave the line out", nil},
	{sign("["), mark(`(?i)\[[a-z][a-z0-9_-]+[ \t]+[a-z_-]+=(?:["'“”„″][^\]\n]*|[^\s\],]+(?:[ \t][^\]\n]*)?)\]|\[/?(?:embed|gallery|caption|playlist)\]|\[/[a-z][a-z0-9_-]*\]`), "codes in square brackets are not supported: write ![text](address) for a picture and [text](address) for a link", nil},
	{sign("{"), mark(`\{(?:code|quote|panel|noformat|color|toc)(?::[^{}\n]*)?\}`), "macros in braces are not supported: write Markdown", nil},

	// Marks of editing, and looks.
	{sign("{++", "{--", "{~~", "{==", "{>>", "{+ ", "{- "), mark(`\{(?:\+\+|--|~~|==|>>)[^\n]*?(?:\+\+|--|~~|==|<<)\}|\{\+ [^{}\n]+ \+\}|\{- [^{}\n]+ -\}`), "the text holds marks of editing: accept or refuse the changes first", nil},
	{sign("~~"), mark(`(?:^|[^~])~~(?:[^~]|$)`), "nobody can tell what ~~ strikes: write it right before and right behind what is struck, both in one paragraph, or \\~~ if it is to be read", nil},
	{sign("=="), mark(`(?:^|[^=\w])==[^\s=](?:[^=\n]*[^\s=])?==(?:[^=\w]|$)`), "marked text is not supported: write **text**", nil},
	{sign("=="), mark(`(?m)^={2,6} [^=\n]+ ={2,6}[ \t]*$`), "a heading begins with number signs: write ## and its words", nil},
	{sign("="), mark(`^={3,}[ \t]*\n|^= \p{L}|(?m:^={2,6} +\p{L})`), "a heading begins with number signs: write ## and its words", nil},
	{sign("^^^", `"""`), mark(`\n(?:\^{3,}|"{3,})[ \t]*(?:\n|$)`), "a heading begins with number signs: write ## and its words", nil},
	{sign("bq.", "bc.", "fn"), mark(`(?m)^(?:bq|bc|fn[0-9]+)\.[ \t]`), "a quotation begins with \">\", and a footnote is written [^1]", nil},
	{sign("h1.", "h2.", "h3.", "h4.", "h5.", "h6."), mark(`(?m)^h[1-6]\.[ \t]`), "a heading begins with number signs: write ## and its words", nil},
	{sign("++"), mark(`(?:^|[^+\p{L}\p{N}])\+\+[^\s+](?:[^+\n]*[^\s+])?\+\+(?:[^+\p{L}\p{N}]|$)`), "inserted text is written with <ins> and </ins>", nil},
	{sign("^"), mark(`(?:^|[^\^\x01])\^[\p{L}\p{N}+−-][^\s^\x00]{0,12}\^`), "raised text is written with <sup> and </sup>", nil},
	{sign("~"), mark(`[A-Za-z)\x00]~[0-9n+−-]{1,4}~(?:[^\p{N}]|$)`), "lowered text is written with <sub> and </sub>", nil},
	{sign("##"), mark(`(?m)^ {0,3}#{2,6}\p{L}`), "a heading has a blank between its number signs and its words", nil},
	{sign("#######"), mark(`(?m)^ {0,3}#{7,}[ \t]+[^\s#]`), "a heading has six number signs at most", nil},
	{sign("^{", "_{"), mark(`[\p{L}\p{N})\]}]\^\{[^{}\n]{1,80}\}|(?:^|[^\p{L}\p{N}])[\p{L}]{1,2}_\{[^{}\n]{1,80}\}`), "formulas are not supported: write <sup> and <sub>, words or a picture", nil},
	{sign("||"), mark(`(?:^|[^|])\|\|[^\s|](?:[^|\n]*[^\s|])?\|\|(?:[^|]|$)`), "hidden text is not supported", nil},
	{sign("'''"), mark(`'''[^'\n]+'''`), "bold text is written **text**", nil},
	{sign("[/"), mark(`(?i)\[/(?:b|i|u|s|url|img|quote|code|list|color|size|center)\]`), "codes in square brackets are not supported: write **text** or [text](address)", nil},
	{sign("{"), mark(`\{\p{Han}+(?:\|[\p{Hiragana}\p{Katakana}ー]+)+\}`), "readings are written with <ruby>, as in <ruby>字<rt>じ</rt></ruby>", nil},
	{sign("*["), mark(`(?m)^\*\[[^\]\n]+\]:`), "abbreviations cannot be defined like this: write <abbr title=\"…\">", nil},
	{sign(":"), mark(`(?:^|[\s(\x00]):(?:[a-z][a-z0-9_+-]{1,30}|[+-]1):(?:[\s).,;!?:\x00]|$)`), "names of emoji are not supported: write the character itself", nil},

	// Links.
	{sign("[["), mark(`\[\[([^\]\[\n]+\](?:\[[^\]\[\n]+\])?)\]`), "links in double brackets are not supported: write [text](address), or \\[[ if the brackets are to be read", mark(`[^\p{Ll}\p{N}…!?.\]]|\[`)},
	{sign("]("), mark(`\[[^\]\[\n]*\x00[^\]\[\n]*\]\([^)\n\x00]+\)`), "no link can stand in the words of another: set one behind the other", nil},
	{sign("]("), mark(`\[[^\]\[\n]+\]\(([^)\n\x00]+)\)`), "the link has blanks in its address: put the address between < and >", mark(`/|\.[\p{L}\p{N}]{2,5}(?:[\s#?]|$)|(?i)^(?:https?|mailto|tel):`)},
	{sign("]("), mark(`(?i)\[[^\]\[]{0,500}\]\((?:https?://|mailto:|www\.)`), "the link has no end: write ) right behind its address, and put an address with blanks or brackets between < and >", nil},
	{sign(")[", "]http", "]www."), mark(`(?i)\)\[(?:https?://|mailto:|www\.)|\[[^\]\[\n]*\p{L}[^\]\[\n]*\](?:https?://|www\.)`), "links are written [text](address): if this is none, set a blank before the address", nil},
	{sign("link:", "xref:", "image:", "://"), mark(`(?:^|[^\p{L}\p{N}])(?:link|xref|image):[^\s\[\x00]+\[[^\]\n]*\]|https?://[^\s\[?\x00]*[^\s\[?\x00/]\[[^\]\n]*\p{L}[^\]\n]*\]`), "links are written [text](address)", nil},
	{sign("!"), mark(`(?i)(?:^|[\s(\x00])!(?:[^\s!|\x00]*/)?[^\s!/|\x00]+\.(?:png|jpe?g|gif|svg|webp)(?:\|[^!\n]*|\([^)\n]*\))?!`), "pictures are written ![text](address)", nil},
	{sign("<http"), mark(`<https?://[^\s<>\x00]+[ \t]+[^\n<>\x00]*>`), "the address has a blank: write %20 there, or leave the angle brackets out", nil},
	{sign(":http"), mark(`"[^"\n]+":https?://`), "links are written [text](address)", nil},
	{sign("://"), mark(`(?i)(?:^|[^\p{L}\p{N}])[a-z][a-z0-9+.-]{1,12}://[^\s/?#@<>"\x00]+@`), "the address names a user or a password, and everybody would read it: write it without", nil},

	// Formulas, and TeX.
	{sign("$$"), mark(`(?:^|[^$])\$\$([\p{L}\p{N}\\({|\n-][^$]*)\$\$`), "formulas are not supported: write them in words or as a picture", mark(`[\p{L}\p{N}\\]`)},
	{sign("$"), mark(`(?:^|[^\p{L}\p{N}\p{Sc}\x01])\$([^\s$]|[^\s$][^$\n]{0,200}[^\s$])\$(?:[^\p{L}\p{N}$]|$)`), "formulas are not supported: write them in words or as a picture", mark(`^[A-Za-z]'?$|[\\^_={}\x01]|^[A-Za-z][A-Za-z0-9]? ?[-+*/<>≤≥≠≈] ?[A-Za-z0-9]+$`)},
	{sign("$\x00"), mark(`\$\x00\$`), "formulas are not supported: write them in words or as a picture", nil},
	{sign(`\`), mark(`\\[A-Za-z]+\*?(?:\[[^\]\n]*\])?\{[^\n]*?\}|(?m)^[ \t]*\\[a-z]+[ \t]*$|(?:^|[^\p{L}\p{N}:\\/.])\\(?:newpage|pagebreak|clearpage|newline|linebreak|noindent|tableofcontents|LaTeX|TeX|hfill|vfill)(?:[^\p{L}\p{N}\\]|$)`), "commands of TeX are not supported: leave it out, or write Markdown", nil},
	{sign(`\`), mark(`(?:^|[^\p{L}\p{N}:\\/._-])\\(?:alpha|beta|gamma|delta|epsilon|lambda|mu|pi|rho|sigma|tau|phi|omega|Delta|Sigma|Omega|sum|int|infty|times|cdot|leq|geq|neq|approx|pm|rightarrow|partial|nabla|sqrt|frac)(?:[^\p{L}\p{N}\\.]|$)`), "formulas are not supported: write them in words or as a picture", nil},
	{sign("''"), mark("``[^`'\n]+''"), "quotation marks of TeX are not supported: write “ and ”", nil},

	// Tables and lists.
	{sign("|"), mark(`(?m)^ {0,3}\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$`), "the table has no head above this line: write its columns there", nil},
	{sign("|\n"), mark(`(?m)^[ \t]*\|[^\n]*\|[ \t]*\n[ \t]*\|[^\n]*\|[ \t]*$`), "the table has no line of dashes under its head: write one there, as in |---|---|", nil},
	{sign("+-", "+="), mark(`(?m)^ {0,3}\+(?:[-=]{2,}\+)+`), "tables with drawn lines are not supported: set cells apart by |", nil},
	{sign("^ "), mark(`(?m)^\^ [^\n]*[^\n ] *\^[ \t]*$`), "tables set cells apart by |: write a line of dashes under the head, as in |---|---|", nil},
	{sign(": "), mark(`\n: +[^\s]`), strayColon, nil},
	{sign("#."), mark(`(?m)^#\.[ \t]`), "items are numbered by figures: write 1. and the text", nil},
}

package richtext

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
)

// typedText is what was typed in a block, without code and tags, and where each
// piece stands in the source.
type typedText struct {
	text bytes.Buffer
	from []origin
}

func (t *typedText) add(piece []byte, src int) {
	t.from = append(t.from, origin{t.text.Len(), src})
	for i := 0; i < len(piece); i++ {
		if piece[i] == '\\' && i+1 < len(piece) {
			t.text.WriteString("\x01\x01") // it was meant as it stands
			i++
			continue
		}
		t.text.WriteByte(piece[i])
	}
}

// gap stands for something that is not looked at.
func (t *typedText) gap() { t.text.WriteByte(0) }

func (t *typedText) source(offset int) int {
	i := sort.Search(len(t.from), func(i int) bool { return t.from[i].out > offset })
	if i == 0 {
		return 0
	}
	return t.from[i-1].src + offset - t.from[i-1].out
}

// dialect is a mark that other programs for Markdown know. Published as it was
// typed it is a riddle to readers, so the author is told what to write.
type dialect struct {
	signs []string // one of which every mark has
	mark  *regexp.Regexp
	text  string
}

// in finds the first mark in a text that begins at an offset of the source. Expressions are slow, so none looks at a text
// that has no sign of it.
func (d dialect) in(text []byte, b *budget, at int) (int, bool) {
	if !slices.ContainsFunc(d.signs, func(sign string) bool { return bytes.Contains(text, []byte(sign)) }) {
		return 0, false
	}
	b.spend(6*len(text), at)
	found := d.mark.FindIndex(text)
	if found == nil {
		return 0, false
	}
	return found[0], true
}

var dialects = []dialect{
	{[]string{"[^"}, regexp.MustCompile(`!?\[\^[^\]\s\x00]+\]`), "the footnote has no text: write it on a line of its own that begins with the same mark and a colon, as in \"[^1]: text\""},
	{[]string{"^["}, regexp.MustCompile(`\^\[[^\]\n]+\]`), "a footnote cannot stand in the line: write a mark, as in [^1], and its text on a line of its own"},
	{[]string{"{#", "{.", "{:"}, regexp.MustCompile(`\{[#.:][A-Za-z][^{}\n]*\}`), "an id or a class in braces is only possible after a heading"},
	{[]string{"{{", "{%"}, regexp.MustCompile(`\{\{[^\n]*?\}\}|\{%[^\n]*?%\}`), "the text holds a placeholder of another program"},
	{[]string{"{++", "{--", "{~~", "{==", "{>>"}, regexp.MustCompile(`\{(?:\+\+|--|~~|==|>>)[^\n]*?(?:\+\+|--|~~|==|<<)\}`), "the text holds marks of editing: accept or refuse the changes first"},
	{[]string{":::"}, regexp.MustCompile(`(?m)^ {0,3}:::`), "containers between colons are not supported"},
	{[]string{"!!!", "???"}, regexp.MustCompile(`(?m)^ {0,3}(?:!!!|\?\?\?\+?) +\w`), "boxes are not supported: write a quotation with \">\""},
	{[]string{"[!"}, regexp.MustCompile(`(?mi)^ {0,3}\[!(?:note|tip|important|warning|caution)\]`), "boxes are not supported: write the word and a colon"},
	{[]string{"[t", "[T", "[_", "[["}, regexp.MustCompile(`(?mi)^\s*\[\[?_?toc_?\]?\]\s*$`), "tables of contents are not supported"},
	{[]string{"[["}, regexp.MustCompile(`\[\[[^\]\[\n]+\]\]`), "links in double brackets are not supported: write [text](address)"},
	{[]string{"]("}, regexp.MustCompile(`\[[^\]\[\n]+\]\([^)\n\x00]+\)`), "the link has blanks in its address: put the address between < and >"},
	{[]string{"=="}, regexp.MustCompile(`(?:^|[^=\w])==[^\s=](?:[^=\n]*[^\s=])?==(?:[^=\w]|$)`), "marked text is not supported: write **text**"},
	{[]string{"$$"}, regexp.MustCompile(`\$\$[^$]+\$\$`), "formulas are not supported: write them in words or as a picture"},
	{[]string{"*["}, regexp.MustCompile(`(?m)^\*\[[^\]\n]+\]:`), "abbreviations cannot be defined like this: write <abbr title=\"…\">"},
	{[]string{"^"}, regexp.MustCompile(`[\p{L}\p{N})]\^[^\s^\x00]{1,12}\^`), "raised text is written with <sup> and </sup>"},
	{[]string{":"}, regexp.MustCompile(`(?:^|\s):[a-z][a-z0-9_+-]{1,30}:(?:\s|$)`), "names of emoji are not supported: write the character itself"},
	{[]string{"|"}, regexp.MustCompile(`(?m)^ {0,3}\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$`), "the table has no head above this line: write its columns there"},
	{[]string{"+-", "+="}, regexp.MustCompile(`(?m)^ {0,3}\+(?:[-=]{2,}\+)+`), "tables with drawn lines are not supported: set cells apart by |"},
	{[]string{".. "}, regexp.MustCompile(`(?m)^ {0,3}\.\. [a-z]+::`), "directives of reStructuredText are not supported"},
}

// leftover marks have found no partner.
var leftover = regexp.MustCompile(`\*\*|__|~~`)

// judge refuses what no reader should see, and notes marks that stayed.
func (w *markdownWriter) judge(t *typedText) {
	text := t.text.Bytes()
	if w.problem != nil || !bytes.ContainsAny(text, "[{:!?=$^*_~+-.") {
		return
	}
	first, why := len(text), ""
	for _, d := range dialects {
		if at, found := d.in(text, w.budget, t.source(0)); found && at < first {
			first, why = at, d.text
		}
	}
	if why != "" {
		for first < len(text) && (text[first] == '\n' || text[first] == ' ') {
			first++
		}
		w.problem = &LineError{w.line(t.source(first)), why, false}
		return
	}
	if at := leftover.FindIndex(bytes.ReplaceAll(text, []byte("\x01"), []byte(" "))); at != nil {
		w.note(t.source(at[0]), "marks stand in the text as they were typed", string(text[at[0]:min(len(text), at[0]+40)]))
	}
}

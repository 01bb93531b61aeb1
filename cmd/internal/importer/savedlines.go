package importer

import (
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage/lazyregexp"
)

// savedText writes the lines of a saved text as HTML: those that an editor has broken
// are joined, those that somebody chose stay, as in lists, tables, addresses and poems.
type savedText struct {
	raw    []string
	blanks bool // whether empty lines are between the paragraphs
	b      strings.Builder
	of     *origin
	list   bool // whether a list is open
}

var (
	bullet    = lazyregexp.New(`^\s*[-*•·▪‣◦]\s+(\S.*)$`)
	rule      = lazyregexp.New(`^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$`)
	columns   = lazyregexp.New(`\S {3,}\S`)
	continued = lazyregexp.New(`^(\s{2,}|\t)\S`)
)

// lineKind is how a line of a saved text is to be shown.
type lineKind int

const (
	proseLine lineKind = iota
	bulletLine
	tableLine  // cells between bars or tabs
	columnLine // columns that blanks make
)

func kindOf(raw string) lineKind {
	text := strings.TrimSpace(raw)
	switch {
	case bullet.MatchString(raw) && !strings.HasSuffix(text, text[:1]):
		return bulletLine
	case len(cellsOf(raw)) > 1:
		return tableLine
	case columns.MatchString(text):
		return columnLine
	}
	return proseLine
}

// cellsOf are the cells of a line of a table, with bars or tabs between them.
func cellsOf(raw string) []string {
	text := strings.TrimSpace(textLink.ReplaceAllString(raw, "$1"))
	sign := "\t"
	if strings.HasPrefix(text, "|") {
		sign, text = "|", strings.Trim(text, "|")
	}
	if !strings.Contains(text, sign) {
		return nil
	}
	cells := strings.Split(text, sign)
	for i, c := range cells {
		cells[i] = strings.TrimSpace(c)
	}
	return cells
}

// block writes lines that stand together, from one line to another.
func (s *savedText) block(from, to int) {
	for from < to {
		kind, end := kindOf(s.raw[from]), from+1
		for end < to && (kindOf(s.raw[end]) == kind || kind == bulletLine && continued.MatchString(s.raw[end])) {
			end++
		}
		if kind != bulletLine {
			s.endList()
		}
		switch {
		case kind == bulletLine:
			s.items(from, end)
		case kind == tableLine && end-from > 1:
			s.table(from, end)
		case kind == columnLine && end-from > 1:
			s.columns(from, end)
		default:
			s.prose(from, end)
		}
		from = end
	}
}

// begin says that what follows is of a line.
func (s *savedText) begin(line int) { s.of.begin(s.b.Len(), line+1) }

func (s *savedText) endList() {
	if s.list {
		s.b.WriteString("</ul>\n")
	}
	s.list = false
}

// items writes a list; what is set in belongs to the item above it.
func (s *savedText) items(from, to int) {
	if !s.list {
		s.b.WriteString("<ul>\n")
	}
	s.list = true
	for i := from; i < to; i++ {
		found := bullet.FindStringSubmatch(s.raw[i])
		s.begin(i)
		if found == nil {
			s.b.WriteString(" " + textInline(strings.TrimSpace(s.raw[i])))
		} else {
			s.b.WriteString("<li>" + textInline(found[1]))
		}
		if i+1 == to || bullet.MatchString(s.raw[i+1]) {
			s.b.WriteString("</li>\n")
		}
	}
}

// table writes a table. A line of dashes is below the names of its columns.
func (s *savedText) table(from, to int) {
	s.b.WriteString("<table>\n")
	for i := from; i < to; i++ {
		if rule.MatchString(s.raw[i]) {
			continue
		}
		cell := "td"
		if i == from && rule.MatchString(s.raw[i+1]) {
			cell = "th"
		}
		s.begin(i)
		s.b.WriteString("<tr>")
		for _, text := range cellsOf(s.raw[i]) {
			s.b.WriteString("<" + cell + ">" + html.EscapeString(text) + "</" + cell + ">")
		}
		s.b.WriteString("</tr>\n")
	}
	s.b.WriteString("</table>\n")
}

// columns writes lines whose blanks say something.
func (s *savedText) columns(from, to int) {
	s.begin(from)
	s.b.WriteString("<pre>" + html.EscapeString(strings.Join(s.raw[from:to], "\n")) + "</pre>\n")
}

func (s *savedText) prose(from, to int) {
	if !s.blanks { // then each line is a paragraph
		for i := from; i < to; i++ {
			s.begin(i)
			s.b.WriteString("<p>" + textInline(strings.TrimSpace(s.raw[i])) + "</p>\n")
		}
		return
	}
	joint := "<br>\n"
	if wrapped(s.raw[from:to]) {
		joint = " "
	}
	s.b.WriteString("<p>")
	for i := from; i < to; i++ {
		if i > from {
			s.b.WriteString(joint)
		}
		s.begin(i)
		s.b.WriteString(textInline(strings.TrimSpace(s.raw[i])))
	}
	s.b.WriteString("</p>\n")
}

// wrapped reports whether an editor has broken the lines of a paragraph: the first word
// of each would not have had room on the one before it.
func wrapped(raw []string) bool {
	const narrowest = 45 // characters: no editor breaks shorter lines
	width, capitals := 0, 0
	for i, r := range raw {
		text := strings.TrimSpace(r)
		width = max(width, utf8.RuneCountInString(text))
		if first, _ := utf8.DecodeRuneInString(text); i > 0 && unicode.IsUpper(first) {
			capitals++
		}
	}
	if len(raw) > 3 && capitals == len(raw)-1 {
		return false // a poem, or lines of names
	}
	return !slices.ContainsFunc(raw[:len(raw)-1], func(r string) bool {
		return utf8.RuneCountInString(strings.TrimSpace(r)) < narrowest
	}) && filled(raw, width)
}

// filled reports whether each line but the last is as full as its width allows.
func filled(raw []string, width int) bool {
	for i := range raw[:len(raw)-1] {
		words := strings.Fields(raw[i+1])
		if len(words) > 0 && utf8.RuneCountInString(strings.TrimSpace(raw[i]))+1+utf8.RuneCountInString(words[0]) < width-1 {
			return false
		}
	}
	return true
}

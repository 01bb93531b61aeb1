package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/press"
)

// Text is the plain text of an article: paragraphs, headings and items set
// apart by an empty line, a line break as a line end, the cells of a row
// separated by tabs. Images have no text; what is struck through, and the marks
// of footnotes, are not said.
func Text(h press.HTML) string {
	var parts []string
	for _, t := range spoken(Blocks(h)) {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, "\n\n")
}

// Plain is the text of an element that was not cleaned, such as the heading of a
// page, as [Text] would have it, in one line. It rewrites the raised and lowered
// text in the tree.
func Plain(n *html.Node) string {
	ready(n)
	var parts []string
	for _, t := range spoken(blocksOf(n)) {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return Line(strings.Join(parts, " "))
}

// Excerpt is the beginning of an article as one line of plain text of at most
// so many characters, cut at a word and then ending in "…". Headings, tables,
// captions, preformatted text and footnotes are passed over unless there is
// nothing else. Characters are counted, not words: Chinese and Japanese don't
// separate theirs.
func Excerpt(h press.HTML, runes int) string {
	// The beginning is enough of a long text, unless too little in it can be said.
	if start := beginning(h, 16*runes+32<<10); len(start) < len(h) {
		if text := excerpt(start, runes); strings.HasSuffix(text, "…") {
			return text
		}
	}
	return excerpt(h, runes)
}

// beginning is a text up to the end of a block after so many bytes.
func beginning(h press.HTML, bytes int) press.HTML {
	if len(h) > bytes && bytes > 0 {
		if end := strings.IndexByte(string(h[bytes:]), '\n'); end >= 0 {
			return h[:bytes+end]
		}
	}
	return h
}

func excerpt(h press.HTML, runes int) string {
	all := Blocks(h)
	text := joined(all, func(b Block) bool { return !b.Note && !aside(b.Kind) })
	if text == "" {
		text = joined(all, func(b Block) bool { return !b.Note })
	}
	if text == "" {
		text = joined(all, func(Block) bool { return true })
	}
	return cutText(Line(text), runes)
}

// aside tells what is not the article's running text.
func aside(kind string) bool {
	for name := range strings.FieldsSeq(kind) {
		switch name {
		case "h2", "h3", "h4", "h5", "h6", "figcaption", "table", "pre", "hr":
			return true
		}
	}
	return false
}

// joined puts blocks into one line, with a mark between two that no punctuation
// sets apart.
func joined(all []Block, takes func(Block) bool) string {
	var b strings.Builder
	before := Block{}
	struck := false // all that stands between
	texts := spoken(all)
	for i, block := range all {
		text := texts[i]
		if text == "" || !takes(block) {
			struck = struck || text == "" && holdsStruck(block)
			continue
		}
		if b.Len() > 0 {
			b.WriteString(between(before, block, b.String(), struck))
		}
		struck = false
		for number := range strings.FieldsSeq(block.Label) {
			if number != "•" {
				b.WriteString(number + " ") // it may be that of an article, or of a day
			}
		}
		b.WriteString(strings.ReplaceAll(text, "\t", "; "))
		before = block
	}
	return b.String()
}

// between is what sets two blocks apart in one line. What is said of the minister whose name
// is struck at the end of a paragraph, or in the next one, does not go on behind it.
func between(a, b Block, text string, struck bool) string {
	last, _ := utf8.DecodeLastRuneInString(text)
	struck = unended(last) && (struck || a.endsStruck() || b.beginsStruck())
	if !strings.HasSuffix(a.Kind, "dt") && (struck || strings.HasSuffix(text, Unsaid)) {
		return setOff("; ", last)
	}
	if running(a.Kind) && running(b.Kind) || !unended(last) {
		return " "
	}
	sign := "; "
	if strings.HasSuffix(a.Kind, "dt") && strings.Contains(b.Kind+" ", " dd ") {
		sign = ": "
	}
	return setOff(sign, last)
}

// unended tells whether no punctuation ends a text that ends in a character.
func unended(last rune) bool { return wordy(last) || unicode.Is(unicode.Sc, last) || last == '%' }

// setOff is a sign as the script has it in which a text ends.
func setOff(sign string, last rune) string {
	if spaceless(last) {
		return strings.NewReplacer(": ", "：", "; ", "；").Replace(sign)
	}
	return sign
}

// running text goes on from paragraph to paragraph.
func running(kind string) bool {
	for name := range strings.FieldsSeq(kind) {
		if name != "p" && name != "blockquote" {
			return false
		}
	}
	return true
}

// plain is the text of a block without what no plain form says. What is left out,
// and a picture, still set apart what they stood between.
func (b Block) plain() string {
	if b.Cells != "" && holdsStruck(b) {
		return b.row()
	}
	var out saidLines
	var gap leftOut
	for _, r := range b.Runs {
		if r.Style.Struck || r.Style.Note || r.Style.Picture != "" {
			gap.add(r)
			continue
		}
		text := r.Text
		if gap.open {
			out.leaveOut(gap, text)
			text = closed(out.before(), text, !gap.unmarked)
		}
		gap = leftOut{}
		out.add(text)
	}
	if gap.open {
		out.add(gap.dash(out.before(), "\n"))
	}
	return strings.Trim(out.String(), " \t\n")
}

// saidLines is the text of a block, but for the blanks and line ends with which it ends so
// far.
type saidLines struct {
	strings.Builder
	ends string
}

func (s *saidLines) add(text string) {
	line := strings.TrimRight(text, " \n")
	if line != "" {
		s.WriteString(s.ends)
		s.WriteString(line)
		s.ends = ""
	}
	s.ends += text[len(line):]
}

// before is what text goes on behind, as far as it matters.
func (s *saidLines) before() string {
	const most = 16
	text := s.String()
	return text[max(0, len(text)-most):] + s.ends
}

// leaveOut says, before a text, what stands in the place of something that was left out. Where
// that was struck at one end of a line, or was the line, the one above does not go on in the
// next.
func (s *saidLines) leaveOut(gap leftOut, text string) {
	if dash := gap.dash(s.before(), text); dash != "" {
		s.add(dash)
		return
	}
	last, _ := utf8.DecodeLastRuneInString(s.String())
	lineEnds := strings.Contains(s.ends, "\n") || strings.HasPrefix(strings.TrimLeft(text, " "), "\n")
	if gap.struck != "" && lineEnds && unended(last) {
		s.WriteString(strings.TrimSpace(setOff("; ", last)))
	}
}

// leftOut is what stood in a place of which a plain form says nothing.
type leftOut struct {
	open     bool
	unmarked bool   // it was more than marks of footnotes
	struck   string // the last words of it that were struck
}

func (g *leftOut) add(r Run) {
	g.open, g.unmarked = true, g.unmarked || !r.Style.Note || r.Style.Struck
	if r.Style.Struck && strings.TrimSpace(r.Text) != "" {
		g.struck = r.Text
	}
}

// dash is what stands between two texts in place of a struck name behind a colon at the end
// of a line, and in place of a struck one before what it announces at the beginning: the
// name in the next line is not that of the minister in this one.
func (g *leftOut) dash(before, after string) string {
	before = strings.TrimRight(before, " ")
	begins := before == "" || strings.HasSuffix(before, "\n")
	ends := strings.HasPrefix(strings.TrimLeft(after, " "), "\n")
	switch {
	case g.struck == "":
	case ends && announces(before), announces(strings.TrimRight(g.struck, " \n")) && !ends && (begins || announces(before)):
		return Unsaid
	}
	return ""
}

// closed is how a text goes on after something that was left out. The mark of a footnote
// stands in the middle of a sentence, and Chinese and Japanese set no blank there.
func closed(before, text string, marked bool) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	first, _ := utf8.DecodeRuneInString(text)
	switch {
	case before == "" || unicode.IsSpace(last):
		return strings.TrimLeft(text, " ")
	case marked && wide(last) && wide(first):
		return text
	case endsWord(last) && wordyAlone(first):
		return " " + text
	}
	return text
}

package richtext

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// Power and footnote stand in one raised text where authors write 10<sup>6,[1](#n)</sup>,
// and together they would be another number. They become two: only what marks the
// footnote stays out of plain forms.

// partMarks takes the marks of footnotes out of raised texts that say something else, too.
func partMarks(n *node) {
	var out []*node
	for i, c := range n.children {
		partMarks(c)
		parts := []*node{c}
		if c.name == "sup" && c.kind == inline && !marksNote(c) {
			parts = parted(c)
		}
		if len(parts) > 1 && out == nil {
			out = slices.Clip(n.children[:i])
		}
		if out != nil || len(parts) > 1 {
			out = append(out, parts...)
		}
	}
	if out != nil {
		n.children = out
	}
}

// parted cuts a raised text into marks of footnotes and what else it says. What is
// between them belongs to the mark.
func parted(sup *node) []*node {
	var parts []*node
	marking := false
	add := func(mark bool, c *node) {
		if len(parts) == 0 || mark != marking {
			parts = append(parts, sup.around(nil))
			marking = mark
		}
		last := parts[len(parts)-1]
		if mark && c.name == "sup" && len(c.ids)+len(c.attrs) == 0 { // it was raised twice
			last.children = append(last.children, c.children...)
			return
		}
		last.children = append(last.children, c)
	}
	for i, c := range sup.children {
		switch {
		case numbersNote(c):
			add(true, c)
		case c.kind == characters:
			said, behind := c.text, ""
			if i+1 < len(sup.children) && numbersNote(sup.children[i+1]) {
				said = strings.TrimRightFunc(c.text, separates)
				behind = c.text[len(said):]
			}
			if marking && len(parts) > 0 {
				rest := strings.TrimLeftFunc(said, closesNote)
				addText(add, true, said[:len(said)-len(rest)], c)
				said = rest
			}
			addText(add, false, said, c)
			addText(add, true, behind, c)
		case len(parts) == 0:
			add(false, c)
		default:
			add(marking && !speaks(c), c)
		}
	}
	if len(parts) < 2 {
		return []*node{sup}
	}
	parts[0].ids = sup.ids
	return parts
}

func addText(add func(bool, *node), mark bool, text string, from *node) {
	if text != "" {
		add(mark, &node{kind: characters, text: text, at: from.at})
	}
}

// separates tells of characters between a power and the mark of a footnote behind it.
func separates(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;，、；·([（", r)
}

func closesNote(r rune) bool { return strings.ContainsRune(")]）", r) }

// numbersNote tells whether something in a raised text is the mark of a footnote: a link
// to a place in the text whose words are a number or a sign.
func numbersNote(n *node) bool {
	if n.kind != inline {
		return false
	}
	linked, other := sought(n, placeLinked)
	if placeLinked(n) {
		linked, other = true, shows(n)
	}
	return linked && !other && shortMark(hiddenText(n))
}

// shortMark tells whether a text can be what a footnote is known by: a number, a letter or
// signs.
func shortMark(text string) bool {
	inner := strings.Trim(strings.TrimSpace(text), "[]()（）")
	if utf8.RuneCountInString(inner) > 4 {
		return false
	}
	return !strings.ContainsFunc(inner, unicode.IsLetter) || utf8.RuneCountInString(inner) == 1
}

// bracketLinks sets links apart that begin or end inside of a raised number, of which they
// are no part: a reader sees two. It returns their texts.
func bracketLinks(n *html.Node) []*html.Node {
	var bracketed []*html.Node
	texts := textsIn(n)
	for i := 0; i < len(texts); i++ {
		link := linkAround(texts[i], n)
		if link == nil {
			continue
		}
		first := i
		for i+1 < len(texts) && linkAround(texts[i+1], n) == link {
			i++
		}
		before, after := ' ', ' '
		if first > 0 {
			before, _ = utf8.DecodeLastRuneInString(texts[first-1].Data)
		}
		if i+1 < len(texts) {
			after, _ = utf8.DecodeRuneInString(texts[i+1].Data)
		}
		begin, _ := utf8.DecodeRuneInString(texts[first].Data)
		end, _ := utf8.DecodeLastRuneInString(texts[i].Data)
		if unicode.IsNumber(before) && unicode.IsNumber(begin) || unicode.IsNumber(end) && unicode.IsNumber(after) {
			texts[first].Data = "[" + texts[first].Data
			texts[i].Data += "]"
			bracketed = append(bracketed, texts[first:i+1]...)
		}
	}
	return bracketed
}

// linkAround is the link around a text within an element.
func linkAround(text, within *html.Node) *html.Node {
	for n := text.Parent; n != nil && n != within; n = n.Parent {
		if n.Data == "a" && attribute(n, "href") != "" {
			return n
		}
	}
	return nil
}

package microhtml

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// line is a part of an item: text, or blocks.
type line struct {
	text   string
	blocks string
}

// line makes a line of an element that may hold text alone. label comes before the
// text; mark is the inline element around both, or empty.
func (c *cutter) line(n *html.Node, label, mark string) line {
	if isInline(n) {
		text := strings.TrimSpace(c.spanned(n, func() string { return c.inlines(n) }))
		if text == "" {
			return line{}
		}
		text = label + text
		if mark != "" {
			text = "<" + mark + ">" + text + "</" + mark + ">"
		}
		return line{text: text}
	}
	blocks := c.without(n, func() string { return c.blocks(n) })
	return line{text: strings.TrimSpace(label), blocks: blocks}
}

// spanned is the text of an element that is not kept, in a span with its language.
func (c *cutter) spanned(n *html.Node, content func() string) string {
	lang := c.languageOf(n)
	inner := c.within(content)
	if lang == "" || inner == "" {
		return inner
	}
	return `<span lang="` + html.EscapeString(lang) + `">` + inner + "</span>"
}

// inLine reports whether lines can follow one another in one paragraph.
func inLine(lines []line) bool {
	return !slices.ContainsFunc(lines, func(l line) bool { return l.blocks != "" })
}

// joined puts lines into one item: one after the other, or as paragraphs if there
// is a block among them.
func joined(lines []line, between string) string {
	var b strings.Builder
	if !inLine(lines) {
		for _, l := range lines {
			if l.text != "" {
				b.WriteString("<p>" + l.text + "</p>")
			}
			b.WriteString(l.blocks)
		}
		return b.String()
	}
	for _, l := range lines {
		if b.Len() > 0 && l.text != "" {
			b.WriteString(between)
		}
		b.WriteString(l.text)
	}
	return b.String()
}

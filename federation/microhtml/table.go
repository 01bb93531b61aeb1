package microhtml

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// table turns a table into a list: an item is a row, and each of its cells begins
// with the name of its column.
func (c *cutter) table(n *html.Node) string {
	g := readGrid(n)
	return c.without(n, func() string {
		var b strings.Builder
		if g.caption != nil {
			b.WriteString(c.paragraph("p", g.caption, "strong", func() string { return c.inlines(g.caption) }))
		}
		if g.narrow() {
			b.WriteString(c.column(g))
			return b.String()
		}
		names := c.columnNames(g)
		var items strings.Builder
		for _, row := range g.rows {
			items.WriteString(c.element("li", row.of, func() string { return c.tableRow(row, names) }))
		}
		b.WriteString(names.links() + names.unsaid())
		if items.Len() > 0 {
			b.WriteString("<ul>" + items.String() + "</ul>")
		}
		return b.String()
	})
}

// column is a table with a single column: its cells in order.
func (c *cutter) column(g grid) string {
	var b strings.Builder
	for _, row := range slices.Concat(g.header, g.rows) {
		for _, cell := range row.cells {
			b.WriteString(c.without(row.of, func() string { return c.without(cell.of, func() string { return c.blocks(cell.of) }) }))
		}
	}
	return b.String()
}

func (c *cutter) tableRow(row gridRow, names *columnNames) string {
	var lines []line
	for i, cell := range row.cells {
		if cell.carried && !c.repeat(cell.of) {
			continue
		}
		mark, label := "", names.label(c, cell)
		if i == 0 && (cell.of.Data == "th" || label != "" && len(row.cells) > 1) {
			mark = "strong"
		}
		if l := c.line(cell.of, label, mark); l != (line{}) {
			names.say(cell, label)
			lines = append(lines, l)
		}
	}
	if names.any() {
		return joined(lines, "<br>")
	}
	if len(lines) > 1 && strings.HasPrefix(lines[0].text, "<strong>") && inLine(lines) {
		return lines[0].text + c.words.colon + joined(lines[1:], "; ")
	}
	return joined(lines, "; ")
}

// repeat reports whether a cell that spans rows may be repeated.
func (c *cutter) repeat(cell *html.Node) bool {
	if !isInline(cell) {
		return false
	}
	c.repeats -= len(textOf(cell))
	return c.repeats >= 0
}

func textOf(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(textOf(child))
	}
	return b.String()
}

package microhtml

import (
	"slices"
	"strings"
)

// columnNames are the headings of the columns as text, in HTML, each of which is
// said at least once.
type columnNames struct {
	names  [maxColumns]string
	said   [maxColumns]bool
	beyond []string // of columns after those
	// led are the headings whole that lead somewhere: a name is repeated without its
	// links.
	led []line
}

func (c *cutter) columnNames(g grid) *columnNames {
	n := &columnNames{}
	for _, row := range g.header {
		for _, cell := range row.cells {
			heading := c.line(cell.of, "", "")
			_, name := reduced(heading.all())
			n.add(cell, name)
			if !cell.carried && strings.Contains(heading.all(), "<a ") {
				n.lead(cell, name, heading)
			}
		}
	}
	return n
}

// lead keeps a heading whole. A column that has no other name has been named by it.
func (n *columnNames) lead(cell gridCell, name string, heading line) {
	n.led = append(n.led, heading)
	if cell.column < maxColumns && n.names[cell.column] == name {
		n.said[cell.column] = true
	}
}

// links are the headings that lead somewhere, before the rows.
func (n *columnNames) links() string {
	var b strings.Builder
	for _, heading := range n.led {
		if heading.text != "" {
			b.WriteString("<p><strong>" + heading.text + "</strong></p>")
		}
		b.WriteString(heading.blocks)
	}
	return b.String()
}

// add puts a heading over its columns, below any that is there.
func (n *columnNames) add(cell gridCell, name string) {
	switch {
	case name == "" || cell.carried:
		return
	case cell.column >= maxColumns:
		n.beyond = append(n.beyond, name)
		return
	}
	for i := cell.column; i < min(cell.column+cell.span, maxColumns); i++ {
		if n.names[i] != "" {
			n.names[i] += " – "
		}
		n.names[i] += name
	}
}

// all is a line as text, its blocks separated by spaces.
func (l line) all() string {
	return strings.ReplaceAll(l.text+" "+l.blocks, "><", "> <")
}

func (n *columnNames) any() bool {
	return len(n.beyond) > 0 || slices.ContainsFunc(n.names[:], func(name string) bool { return name != "" })
}

// label is how a cell begins. Once too much has been repeated, cells have none.
func (n *columnNames) label(c *cutter, cell gridCell) string {
	if cell.column >= maxColumns || cell.span > 1 || n.names[cell.column] == "" {
		return "" // a cell that spans columns belongs to none
	}
	label := n.names[cell.column] + c.words.colon
	if c.repeats < len(label) {
		return ""
	}
	c.repeats -= len(label)
	return label
}

// say notes that the name of a cell's column has been written.
func (n *columnNames) say(cell gridCell, label string) {
	if label != "" {
		n.said[cell.column] = true
	}
}

// unsaid are the names that were written before no cell, as a paragraph.
func (n *columnNames) unsaid() string {
	var names []string
	for i, name := range n.names {
		if name != "" && !n.said[i] {
			names = append(names, name)
		}
	}
	names = append(names, n.beyond...)
	names = slices.Compact(names) // a heading over several columns
	if len(names) == 0 {
		return ""
	}
	return "<p><strong>" + strings.Join(names, "; ") + "</strong></p>"
}

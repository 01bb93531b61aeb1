package microhtml

import (
	"slices"
	"strings"
)

// columnNames are the headings of the columns, of which each is said at least
// once.
type columnNames struct {
	names []string // plain text
	said  []bool
}

func (c *cutter) columnNames(g grid) *columnNames {
	n := &columnNames{}
	parts := make([][]string, maxColumns)
	for _, row := range g.header {
		for _, cell := range row.cells {
			name := plain(c.line(cell.of, "", "").all())
			for i := cell.column; i < min(cell.column+cell.span, maxColumns) && name != ""; i++ {
				if !slices.Contains(parts[i], name) {
					parts[i] = append(parts[i], name)
				}
			}
			if cell.column >= maxColumns && name != "" {
				n.names = append(n.names, name)
			}
		}
	}
	beyond := n.names
	n.names = nil
	for _, p := range parts {
		n.names = append(n.names, strings.Join(p, " – "))
	}
	n.names = append(n.names, beyond...)
	n.said = make([]bool, len(n.names))
	return n
}

// all is a line with its blocks set apart by spaces, to be read as text.
func (l line) all() string {
	return strings.ReplaceAll(l.text+" "+l.blocks, "><", "> <")
}

func (n *columnNames) any() bool {
	return slices.ContainsFunc(n.names, func(name string) bool { return name != "" })
}

// label is how a cell begins. When too much has been repeated already, cells
// stand without one.
func (n *columnNames) label(c *cutter, cell gridCell) string {
	if cell.column >= maxColumns || cell.span > 1 || n.names[cell.column] == "" {
		return "" // what spans columns is of none
	}
	label := escape(n.names[cell.column]) + c.words.colon
	if c.repeats < len(label) {
		return ""
	}
	c.repeats -= len(label)
	return label
}

// say notes that the name of a cell's column has been said.
func (n *columnNames) say(cell gridCell, label string) {
	if label != "" {
		n.said[cell.column] = true
	}
}

// unsaid are the names that stand before no cell, as a paragraph.
func (n *columnNames) unsaid() string {
	var names []string
	for i, name := range n.names {
		if name != "" && !n.said[i] && !slices.Contains(names, escape(name)) {
			names = append(names, escape(name))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return "<p><strong>" + strings.Join(names, "; ") + "</strong></p>"
}

package microhtml

import (
	"math"
	"slices"
	"strconv"

	"golang.org/x/net/html"
)

// maxColumns bounds the columns that have a name; cells beyond have none.
const maxColumns = 64

// grid is a table: its cells by row, each with its first column.
type grid struct {
	caption *html.Node
	header  []gridRow // rows that name columns
	rows    []gridRow
}

type gridRow struct {
	of    *html.Node
	cells []gridCell
}

type gridCell struct {
	of     *html.Node
	column int
	span   int
	// carried cells began in a row above.
	carried bool
}

// narrow reports whether the table has a single column.
func (g grid) narrow() bool {
	for _, row := range slices.Concat(g.header, g.rows) {
		if len(row.cells) > 1 {
			return false
		}
	}
	return true
}

func readGrid(table *html.Node) grid {
	var g grid
	inHead := map[*html.Node]bool{}
	var rows []*html.Node
	for n := table.FirstChild; n != nil; n = n.NextSibling {
		switch n.Data {
		case "caption":
			g.caption = n
		case "tr":
			rows = append(rows, n)
		case "thead", "tbody":
			for r := n.FirstChild; r != nil; r = r.NextSibling {
				if r.Data == "tr" {
					inheritLanguage(r, n)
					rows = append(rows, r)
					inHead[r] = n.Data == "thead"
				}
			}
		}
	}
	open := true // headings come before everything else
	for _, row := range place(rows) {
		open = open && (inHead[row.of] || onlyHeadings(row) && len(row.cells) > 1)
		if open {
			g.header = append(g.header, row)
		} else {
			g.rows = append(g.rows, row)
		}
	}
	if len(g.rows) == 0 {
		g.header, g.rows = nil, g.header
	}
	return g
}

// inheritLanguage gives a row the language of its group, which is not kept.
func inheritLanguage(row, group *html.Node) {
	_, own := attribute(row, "lang")
	if lang, ok := attribute(group, "lang"); ok && !own {
		row.Attr = append(row.Attr, html.Attribute{Key: "lang", Val: lang})
	}
}

func onlyHeadings(row gridRow) bool {
	return !slices.ContainsFunc(row.cells, func(cell gridCell) bool { return cell.of.Data != "th" })
}

// place finds the column of every cell, with those that span several rows
// (HTML §4.9.12).
func place(rows []*html.Node) []gridRow {
	var placed []gridRow
	var above []carry
	for _, r := range rows {
		p := placing{row: gridRow{of: r}, above: above}
		for n := r.FirstChild; n != nil; n = n.NextSibling {
			if n.Data == "td" || n.Data == "th" {
				p.take()
				p.set(n)
			}
		}
		p.column = math.MaxInt
		p.take()
		slices.SortStableFunc(p.below, func(a, b carry) int { return a.cell.column - b.cell.column })
		placed, above = append(placed, p.row), p.below
	}
	return placed
}

// carry is a cell that extends into the next rows, and into how many.
type carry struct {
	cell gridCell
	left int
}

// placing is a row whose cells are being placed.
type placing struct {
	row          gridRow
	column       int     // of the next cell
	above, below []carry // from the previous row and for the next, by column
}

// take places the cells from above that come before the next one.
func (p *placing) take() {
	for len(p.above) > 0 && p.above[0].cell.column <= p.column {
		from := p.above[0]
		p.above = p.above[1:]
		p.row.cells = append(p.row.cells, from.cell)
		p.column = max(p.column, from.cell.column+from.cell.span)
		if from.left > 1 {
			p.below = append(p.below, carry{from.cell, from.left - 1})
		}
	}
}

// set places a cell of the row itself.
func (p *placing) set(n *html.Node) {
	cell := gridCell{of: n, column: p.column, span: spanOf(n, "colspan")}
	p.row.cells = append(p.row.cells, cell)
	p.column += cell.span
	if rows := spanOf(n, "rowspan"); rows > 1 && len(p.below) < maxColumns {
		cell.carried = true
		p.below = append(p.below, carry{cell, rows - 1})
	}
}

// spanOf is how many rows or columns a cell covers.
func spanOf(n *html.Node, key string) int {
	value, _ := attribute(n, key)
	span, err := strconv.Atoi(value)
	if err != nil || span < 1 {
		return 1
	}
	return span
}

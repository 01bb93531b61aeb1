package microhtml

import (
	"slices"
	"strconv"

	"golang.org/x/net/html"
)

// maxColumns bounds the columns that have a name; cells beyond it stand
// without one.
const maxColumns = 64

// grid is a table as it is read: its cells by row, each with its first column.
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

// narrow tells whether the table has one column.
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
	type carry struct {
		cell gridCell
		left int
	}
	var carries []carry // by column
	for _, r := range rows {
		row := gridRow{of: r}
		var next []carry
		column := 0
		take := func() {
			for len(carries) > 0 && carries[0].cell.column <= column {
				cell := carries[0].cell
				row.cells = append(row.cells, cell)
				if carries[0].left > 1 {
					next = append(next, carry{cell, carries[0].left - 1})
				}
				column = max(column, cell.column+cell.span)
				carries = carries[1:]
			}
		}
		for n := r.FirstChild; n != nil; n = n.NextSibling {
			if n.Data != "td" && n.Data != "th" {
				continue
			}
			take()
			cell := gridCell{of: n, column: column, span: spanOf(n, "colspan")}
			row.cells = append(row.cells, cell)
			column += cell.span
			if down := spanOf(n, "rowspan"); down > 1 && len(next) < maxColumns {
				cell.carried = true
				next = append(next, carry{cell, down - 1})
			}
		}
		column = 1 << 30
		take()
		slices.SortStableFunc(next, func(a, b carry) int { return a.cell.column - b.cell.column })
		carries = next
		placed = append(placed, row)
	}
	return placed
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

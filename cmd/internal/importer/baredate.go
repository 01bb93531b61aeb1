package importer

import (
	"golang.org/x/net/html"
)

// bareLine stands in a profile for a date that has no element of its own: it is a line between
// title and text, or among the first of the text, as pages have it whose text is one cell.
const bareLine = "@line"

// bareDate is the first such line: its words and its pieces.
func (d *document) bareDate(title, body *html.Node, o order) (text string, pieces []*html.Node) {
	const most, opening = 8, 3 // lines that are looked at, and those of the text
	l := d.ledger
	from, to := l.spans[body][0], l.spans[body][1]
	if at, ok := l.spans[title]; ok && at[1] < to {
		from = at[1]
	}
	seen, begun := 0, 0
	for i := from; i < to && seen < most && begun < opening; {
		end := i
		var row []int
		leads := false
		for ; end < to && l.rows[end] == l.rows[i]; end++ {
			if n := l.pieces[end]; n.Type == html.TextNode {
				row = append(row, end)
			} else {
				leads = leads || n.Data == "a"
			}
		}
		text := d.textOfPieces(row)
		if saying(text) {
			seen++
			if within(l.pieces[row[0]], body) {
				begun++
			}
			if rest, dated := besideDate(text, d.language, o); dated && rest == "" && !leads {
				for _, at := range row {
					pieces = append(pieces, l.pieces[at])
				}
				return text, pieces
			}
		}
		i = end
	}
	return "", nil
}

// bareDates are the dates of a template that stand in no element of their own, if most pages
// have one.
func (t *pageTemplate) bareDates(p *Profile) *dateFound {
	s, err := ParseSelector(bareLine)
	if err != nil {
		return nil
	}
	found := &dateFound{&rated{Selector: s}, map[int]string{}}
	days := map[string]bool{}
	t.each(func(i int, d *document) {
		root := d.tree.Nodes[0]
		body := p.body.all(root)
		if len(body) == 0 {
			return
		}
		_, title := p.titleIn(root)
		if text, _ := d.bareDate(title, body[0], dayFirst); text != "" {
			found.readings[i], days[text] = text, true
			found.found(i, text, 1)
		}
	})
	if len(found.on)*5 < len(t.members)*3 || len(days)*5 < len(found.on) {
		return nil
	}
	return found
}

// takeBareDate takes the line of the date out of the page, if the profile says that it has one.
func (p *profiled) takeBareDate() string {
	if !p.profile.date.bare || len(p.body) == 0 {
		return ""
	}
	text, pieces := p.d.bareDate(p.title.node, p.body[0], p.profile.order())
	for _, n := range pieces {
		p.d.ledger.keep(n, inDate)
		p.d.forget(n)
		removeApart(n)
	}
	return text
}

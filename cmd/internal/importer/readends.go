package importer

import (
	"slices"

	"golang.org/x/net/html"
)

// takeEnds takes the lines that most pages have out of the ends of the text, also where they are
// no paragraphs of their own.
func (p *profiled) takeEnds() {
	l := p.d.ledger
	for _, b := range p.body {
		span := l.spans[b]
		for i := span[0]; i < span[1]; {
			row := l.rowFrom(i, span[1])
			if i += len(row); !p.takeEnd(b, row) {
				break
			}
		}
		for i := span[1]; i > span[0]; {
			row := l.rowBefore(i, span[0])
			if i -= len(row); !p.takeEnd(b, row) {
				break
			}
		}
	}
}

// takeEnd takes a line out of an end of the text, and reports whether the next one is at the end.
func (p *profiled) takeEnd(body *html.Node, row []*html.Node) bool {
	row = slices.DeleteFunc(slices.Clone(row), func(n *html.Node) bool { return !within(n, body) })
	text := textOfNodes(row)
	switch {
	case !saying(text):
		return !slices.ContainsFunc(row, func(n *html.Node) bool { return n.Data == "img" })
	case !p.profile.repeated(text) || inPart(row[0], body):
		return false
	}
	for _, n := range row {
		if n.Type == html.TextNode || leads(n) && firstIn(n, pictureElements) == nil {
			p.d.remove(n, standsOnMost(n))
		}
	}
	return true
}

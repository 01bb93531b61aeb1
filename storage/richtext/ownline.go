package richtext

import (
	"slices"
	"strings"
)

// ownLines are the displays of CSS that set an element apart from the text around it.
var ownLines = strings.Fields(`block flow-root flex grid table table-row table-cell table-row-group table-header-group table-footer-group
	table-caption list-item -webkit-box -webkit-flex -ms-flexbox -ms-grid`)

// ownLine tells whether a style gives a line of its own to what stands in a line by its
// nature. A reading stays with its characters.
func ownLine(n *node, style map[string]string) bool {
	return n.kind == inline && !n.apart && n.media == "" && !strings.HasPrefix(n.name, "r") && slices.Contains(ownLines, style["display"])
}

// standApart puts what has a line of its own by its style into a block, so that its words
// don't run into those around it.
func standApart(n *node) {
	for i, c := range n.children {
		standApart(c)
		if c.ownLine {
			n.children[i] = &node{kind: transparent, at: c.at, children: []*node{c}}
		}
		n.blocks = n.blocks || n.kind == inline && (c.ownLine || c.blocks)
	}
}

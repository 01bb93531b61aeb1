package richtext

import (
	"slices"
	"strings"
)

// ownLines are the displays of CSS that set an element apart from the text around it, and
// boxed those that make boxes of what stands in one.
var (
	ownLines = strings.Fields(`block flow-root flex grid table table-row table-cell table-row-group table-header-group table-footer-group
	table-caption list-item -webkit-box -webkit-flex -ms-flexbox -ms-grid`)
	boxed = strings.Fields("flex inline-flex grid inline-grid -webkit-box -webkit-flex -ms-flexbox -ms-grid")
)

// ownLine tells whether a style gives a line of its own to what stands in a line by its
// nature. A reading stays with its characters.
func ownLine(n *node, style map[string]string) bool {
	return n.kind == inline && !n.apart && n.media == "" && !strings.HasPrefix(n.name, "r") && slices.Contains(ownLines, style["display"])
}

// widest is how much room, in about pixels, a style may leave between the letters of a
// word, or the thousands of a number.
const widest = 6

// room tells whether a style leaves room before an element in a line, and behind it. The
// first letter of a text may float beside the others.
func room(n *node, style map[string]string) (before, behind bool) {
	float := style["float"] != "" && style["float"] != "none"
	switch {
	case n.kind != inline || n.placed != "" || float:
		return false, false
	case style["position"] == "absolute" || style["position"] == "fixed":
		return true, true
	}
	wide := func(v string) bool {
		n, ok := length(v)
		return ok && n >= widest
	}
	sides := func(property string) (left, right bool) {
		all := strings.Fields(style[property])
		switch len(all) {
		case 0:
		case 1:
			left, right = wide(all[0]), wide(all[0])
		case 2, 3:
			left, right = wide(all[1]), wide(all[1])
		default:
			left, right = wide(all[3]), wide(all[1])
		}
		return left || wide(style[property+"-left"]) || wide(style[property+"-inline-start"]),
			right || wide(style[property+"-right"]) || wide(style[property+"-inline-end"])
	}
	marginLeft, marginRight := sides("margin")
	paddingLeft, paddingRight := sides("padding")
	fixed := style["display"] == "inline-block" && wide(style["width"])
	return marginLeft || paddingLeft, marginRight || paddingRight || fixed
}

// standApart puts what has a line of its own by its style into a block, so that its words
// don't run into those around it, and keeps words apart between which a style leaves room.
func standApart(n *node) {
	children := n.children
	spaced := slices.ContainsFunc(children, func(c *node) bool { return n.boxes || c.before || c.behind })
	if spaced {
		n.children = make([]*node, 0, 2*len(children))
	}
	for i, c := range children {
		standApart(c)
		out := c
		if c.ownLine {
			out = &node{kind: transparent, at: c.at, children: []*node{c}}
		}
		n.blocks = n.blocks || n.kind == inline && (c.ownLine || c.blocks)
		if !spaced {
			n.children[i] = out
			continue
		}
		if c.before {
			n.children = append(n.children, gap(c.at))
		}
		if n.children = append(n.children, out); c.behind || n.boxes {
			n.children = append(n.children, gap(c.at))
		}
	}
}

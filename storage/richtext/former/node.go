package former

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// node is an element or a text. Elements that are not kept have no name.
type node struct {
	kind     kind
	name     string // in the output
	source   string // in the input
	attrs    []html.Attribute
	text     string
	children []*node
	// blocks is set if a block stands somewhere inside; an inline element of
	// which that is true cannot be kept around it.
	blocks bool
	// implied paragraphs were made here around loose text.
	implied bool
}

func textNode(s string) *node { return &node{kind: characters, text: s} }

// has tells whether there is an attribute.
func (n *node) has(name string) bool {
	return slices.ContainsFunc(n.attrs, func(a html.Attribute) bool { return a.Key == name })
}

// kept reports whether the element itself goes into the output.
func (n *node) kept() bool {
	if n.name == "" {
		return false
	}
	required := needs[n.name]
	return len(required) == 0 || slices.ContainsFunc(required, n.has)
}

var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
var valueEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;")

// render writes nodes in the one form that is well-formed as HTML and as XML.
func render(b *strings.Builder, nodes []*node) {
	for _, n := range nodes {
		if n.kind == characters {
			_, _ = textEscaper.WriteString(b, n.text)
			continue
		}
		b.WriteString("<" + n.name)
		for _, a := range n.attrs {
			b.WriteString(" " + a.Key + `="`)
			_, _ = valueEscaper.WriteString(b, a.Val)
			b.WriteByte('"')
		}
		if childless[n.name] {
			b.WriteString("/>")
			continue
		}
		b.WriteByte('>')
		render(b, n.children)
		b.WriteString("</" + n.name + ">")
	}
}

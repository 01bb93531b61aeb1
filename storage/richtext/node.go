package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// node is an element or a text. Elements that are not kept have no name.
type node struct {
	kind     kind
	name     string // in the output
	source   string // in the input
	attrs    []html.Attribute
	ids      []string // by which links may lead here, as the author wrote them
	text     string
	children []*node
	at       int  // offset in the input
	from     int  // of its start tag; what is carried on has that of the first
	ends     int  // of its end tag, if it is carried on
	resumed  bool // its text goes on in a block, in a copy of it

	// blocks is set if a block stands somewhere inside; an inline element of
	// which that is true cannot be kept around it.
	blocks bool
	// implied paragraphs were made here around loose text.
	implied bool

	// What the source says of it until the tree is settled.
	concealed bool  // hidden from readers by attribute or style
	veiled    bool  // hidden, but for what in it is shown again
	shown     bool  // again, inside of what is veiled
	reveals   bool  // something in it is shown again
	tint      *tint // what it says of colours, if anything, and how its text looks
	look      *look
	gap       bool     // the place of what was taken away
	lined     bool     // its style strikes what is in it
	placed    string   // "sup" or "sub", by its style
	apart     bool     // a box in its line
	ownLine   bool     // by its style
	before    bool     // its style leaves room before it
	behind    bool     // likewise behind it
	boxes     bool     // its style makes boxes of its children
	closed    bool     // by its own end tag
	classes   []string // for a style sheet, as is named, its id
	named     string
	what      string // it goes, and the editor is told so
	said      string // its text, in place of what is in it
	media     string // what it shows from elsewhere, at address
	address   string
	title     string
	alt       string // what stands for it in words
	page      string // what it shows that is not elsewhere
}

func textNode(s string) *node { return &node{kind: characters, text: s} }

// attr returns the value of an attribute and whether it is there.
func (n *node) attr(name string) (string, bool) {
	for _, a := range n.attrs {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

func (n *node) setAttr(name, v string) {
	for i := range n.attrs {
		if n.attrs[i].Key == name {
			n.attrs[i].Val = v
			return
		}
	}
}

func (n *node) dropAttr(name string) {
	var kept []html.Attribute
	for _, a := range n.attrs {
		if a.Key != name {
			kept = append(kept, a)
		}
	}
	n.attrs = kept
}

// kept reports whether the element itself goes into the output.
func (n *node) kept() bool {
	if n.name == "" {
		return false
	}
	required := needs[n.name]
	for _, a := range required {
		if _, ok := n.attr(a); ok {
			return true
		}
	}
	return len(required) == 0
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

package former

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxDepth bounds the nesting of the output. Elements below it are unwrapped.
const maxDepth = 40

// sink collects blocks; inline content between them becomes paragraphs.
type sink struct {
	blocks []*node
	run    []*node
	// inherited are lang and dir of a block that is not kept itself.
	inherited []html.Attribute
	// in is the kind of the element whose content this is.
	in kind
}

// flush closes the paragraph that loose text made.
func (s *sink) flush() {
	run := s.run
	s.run = nil
	for _, part := range splitParagraphs(run) {
		if part = trim(part); len(part) > 0 {
			s.blocks = append(s.blocks, &node{kind: paragraph, name: "p", attrs: s.inherited, children: part, implied: len(s.inherited) == 0})
		}
	}
}

func (s *sink) add(n *node) {
	n.attrs = inherit(n.attrs, s.inherited)
	s.blocks = append(s.blocks, n)
}

// inherit adds the attributes that are not there.
func inherit(own, from []html.Attribute) []html.Attribute {
	merged := own
	for _, a := range slices.Backward(from) {
		if !(&node{attrs: own}).has(a.Key) {
			merged = append([]html.Attribute{a}, merged...)
		}
	}
	return merged
}

// globals returns lang and dir of an element.
func globals(n *node) []html.Attribute {
	var kept []html.Attribute
	for _, a := range n.attrs {
		if a.Key == "lang" || a.Key == "dir" {
			kept = append(kept, a)
		}
	}
	return kept
}

// flow puts any content in order: into s go blocks only, at a depth of the
// output.
func flow(in []*node, s *sink, depth int) {
	for _, n := range in {
		switch {
		case n.kind == hidden:
		case !n.kind.block() && !n.blocks:
			s.run = appendInline(s.run, n, depth+1)
		case depth >= maxDepth || misplaced(n, s.in):
			unwrap(n, s, depth)
		default:
			s.flush()
			s.block(n, depth)
		}
	}
}

// misplaced reports whether a block has no meaning where it stands.
func misplaced(n *node, in kind) bool {
	switch n.kind {
	case inline, transparent, item, definition, tableTitle, rows, row, cell:
		return true
	case caption:
		return in != figure
	case figure:
		return in == figure || in == caption
	}
	return false
}

// unwrap takes the content of a block without the block.
func unwrap(n *node, s *sink, depth int) {
	own := globals(n)
	boundary := n.kind != inline || len(own) > 0
	if boundary {
		s.flush()
	}
	outer := s.inherited
	s.inherited = inherit(own, outer)
	flow(n.children, s, depth)
	if boundary {
		s.flush()
	}
	s.inherited = outer
}

func (s *sink) block(n *node, depth int) {
	out := &node{kind: n.kind, name: n.name, attrs: n.attrs}
	switch n.kind {
	case rule:
		s.add(out)
		return
	case paragraph:
		for _, part := range splitParagraphs(inlines(n.children, depth+1)) {
			if part = trim(part); len(part) > 0 {
				s.add(&node{kind: paragraph, name: "p", attrs: n.attrs, children: part})
			}
		}
		return
	case heading:
		out.children = trim(inlines(n.children, depth+1))
	case verbatim:
		out.children = trimVerbatim(inlines(n.children, depth+1))
	case quote:
		out.children = content(n, depth+1).blocks
	case figure, caption:
		out.children = bare(content(n, depth+1))
	case list:
		out.children = items(n, depth+1)
	case definitions:
		out.children = terms(n, depth+1)
	case table:
		var stray []*node
		out.children, stray = tableParts(n, depth+1)
		flow(stray, s, depth)
		s.flush()
	}
	if !empty(out.children) {
		s.add(out)
	}
}

// empty reports whether there is neither text nor picture nor rule in nodes,
// as in tables that only made room.
func empty(nodes []*node) bool {
	for _, n := range nodes {
		if n.kind == characters || n.kind == void || n.kind == rule || !empty(n.children) {
			return false
		}
	}
	return true
}

func content(n *node, depth int) *sink {
	s := &sink{in: n.kind}
	flow(n.children, s, depth)
	s.flush()
	return s
}

// bare undoes the paragraph around the text of an element that may hold plain
// text, if there is just one such; and around lone images in a figure.
func bare(s *sink) []*node {
	paragraphs := 0
	for _, b := range s.blocks {
		if b.kind == paragraph && !(s.in == figure && onlyImages(b.children)) {
			paragraphs++
		}
	}
	var out []*node
	for _, b := range s.blocks {
		pictures := s.in == figure && onlyImages(b.children)
		if b.implied && (pictures || s.in != figure && paragraphs == 1) {
			out = append(out, b.children...)
			continue
		}
		out = append(out, b)
	}
	return out
}

func onlyImages(nodes []*node) bool {
	for _, n := range nodes {
		switch {
		case n.kind == characters && strings.TrimSpace(n.text) == "", n.name == "img", n.name == "br":
		case n.name == "a" && onlyImages(n.children):
		default:
			return false
		}
	}
	return len(nodes) > 0
}

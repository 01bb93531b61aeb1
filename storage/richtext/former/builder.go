package former

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// maxOpen bounds the elements that are open at once; a start tag beyond it is
// skipped and its text stays. It bounds every search below as well.
const maxOpen = 200

// builder makes a tree of the tokens. It closes what authors leave open (a
// paragraph before a block, an item before the next) and is otherwise loose:
// putting the tree in order is the walker's work.
type builder struct {
	open []*node // open[0] is the root
	base *url.URL
}

func parse(raw string, base *url.URL) *node {
	root := &node{kind: transparent}
	b := &builder{open: []*node{root}, base: base}
	z := html.NewTokenizer(strings.NewReader(raw))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return root
		case html.TextToken:
			b.append(textNode(permitted(string(z.Text()))))
		case html.StartTagToken:
			b.start(z.Token(), false)
		case html.SelfClosingTagToken:
			b.start(z.Token(), true)
		case html.EndTagToken:
			name, _ := z.TagName()
			b.end(string(name))
		}
	}
}

func (b *builder) append(n *node) {
	top := b.open[len(b.open)-1]
	top.children = append(top.children, n)
	if !n.kind.block() {
		return
	}
	for i := len(b.open) - 1; i >= 0 && b.open[i].kind == inline; i-- {
		b.open[i].blocks = true
	}
}

func (b *builder) start(t html.Token, selfClosing bool) {
	e := elements[t.Data]
	if b.hidden() {
		e = element{kind: e.kind} // its attributes are nobody's concern
	}
	if childless[t.Data] && e.as == "" {
		return
	}
	b.makeRoom(t.Data, e.kind)
	n := &node{kind: e.kind, name: e.as, source: t.Data}
	if e.kind != hidden {
		n.attrs = b.attributes(e, t)
	}
	if n.name == "img" && !n.kept() {
		return
	}
	if len(b.open) >= maxOpen && !childless[t.Data] {
		return
	}
	b.append(n)
	foreign := t.Data == "svg" || t.Data == "math"
	if !childless[t.Data] && !(selfClosing && foreign) {
		b.open = append(b.open, n)
	}
}

func (b *builder) hidden() bool {
	for _, n := range b.open {
		if n.kind == hidden {
			return true
		}
	}
	return false
}

// makeRoom closes what a start tag ends by being there.
func (b *builder) makeRoom(name string, k kind) {
	if k.block() {
		b.closeWithin(func(n *node) bool { return n.kind == paragraph }, notInline)
	}
	switch k {
	case heading:
		b.closeWithin(func(n *node) bool { return n.kind == heading }, notInline)
	case item:
		b.closeWithin(func(n *node) bool { return n.kind == item }, holdsBlocks)
	case definition:
		b.closeWithin(func(n *node) bool { return n.kind == definition }, holdsBlocks)
	case tableTitle, rows:
		b.closeDownTo(func(n *node) bool { return n.kind == table })
	case row:
		b.closeDownTo(func(n *node) bool { return n.kind == table || n.kind == rows })
	case cell:
		b.closeDownTo(func(n *node) bool { return n.kind == table || n.kind == rows || n.kind == row })
	}
	switch name {
	case "a":
		b.closeWithin(func(n *node) bool { return n.source == "a" }, notInline)
	case "rt", "rp":
		b.closeWithin(func(n *node) bool { return n.source == "rt" || n.source == "rp" }, func(n *node) bool { return n.source == "ruby" || notInline(n) })
	}
}

func notInline(n *node) bool { return n.kind != inline }

// holdsBlocks names the elements whose content an inner tag cannot close from
// outside.
func holdsBlocks(n *node) bool {
	switch n.kind {
	case list, definitions, table, cell, quote, figure, hidden:
		return true
	}
	return false
}

// closeWithin closes the innermost open element that is the target, unless a
// barrier stands before it.
func (b *builder) closeWithin(target, barrier func(*node) bool) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch {
		case target(b.open[i]):
			b.open = b.open[:i]
			return
		case barrier(b.open[i]):
			return
		}
	}
}

// closeDownTo closes everything inside the innermost open element that is the
// target; without one, or from inside a hidden element, nothing.
func (b *builder) closeDownTo(target func(*node) bool) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch {
		case target(b.open[i]):
			b.open = b.open[:i+1]
			return
		case b.open[i].kind == hidden:
			return
		}
	}
}

// end closes the innermost element of that name that its end tag can reach.
func (b *builder) end(name string) {
	e := elements[name]
	same := func(n *node) bool { return n.source == name }
	switch e.kind {
	case inline:
		b.closeWithin(same, notInline)
	case heading:
		b.closeWithin(func(n *node) bool { return n.kind == heading }, holdsBlocks)
	case item, definition:
		b.closeWithin(same, holdsBlocks)
	case list, definitions, quote, figure:
		b.closeWithin(same, func(n *node) bool { return n.kind == cell || n.kind == hidden })
	case table, tableTitle, rows, row, cell:
		b.closeWithin(same, func(n *node) bool { return n.kind == hidden || e.kind != table && n.kind == table })
	case hidden:
		b.closeWithin(same, func(*node) bool { return false })
	default:
		b.closeWithin(same, func(n *node) bool { return n.kind == cell || n.kind == hidden })
	}
}

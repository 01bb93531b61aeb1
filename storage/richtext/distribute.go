package richtext

import "slices"

// carriage is what the elements around a text say of it.
type carriage struct {
	wrap []*node // to be put around it, from the outside
	in   []*node // already around it
}

func (c carriage) has(name string) bool {
	named := func(n *node) bool { return n.name == name }
	return slices.ContainsFunc(c.wrap, named) || slices.ContainsFunc(c.in, named)
}

// with adds an element, unless one of that name says the same.
func (c carriage) with(n *node) carriage {
	if c.has(n.name) {
		return c
	}
	return carriage{append(slices.Clip(c.wrap), n), c.in}
}

// distribute gives what an element says of its text to the text of each block in it:
// an inline element cannot stand around a block, and deleted paragraphs must not come
// back to life. What a style says of text is said by an element.
func distribute(n *node, c carriage) {
	switch {
	case n.kind == inline && n.blocks && n.name != "span" && carriers[n.name] && n.kept():
		c = c.with(&node{kind: inline, name: n.name, source: n.source, attrs: n.attrs})
		n.name = ""
	case n.kind == inline && n.kept():
		c.in = append(slices.Clip(c.in), n)
	}
	if n.lined {
		c = c.with(&node{kind: inline, name: "s", source: "s"})
	}
	if n.placed != "" && !c.has("sup") && !c.has("sub") {
		c = c.with(&node{kind: inline, name: n.placed, source: n.placed})
	}
	inside := carriage{in: slices.Concat(c.in, c.wrap)}
	var out, run []*node
	flush := func() {
		if len(run) > 0 && !blank(run) {
			run = wrapped(run, c.wrap)
		}
		out, run = append(out, run...), nil
	}
	for _, child := range n.children {
		switch {
		case child.kind.block() || child.blocks:
			flush()
			distribute(child, c)
			out = append(out, child)
		case child.name == "br": // two of them make paragraphs
			flush()
			out = append(out, child)
		default:
			distribute(child, inside)
			run = append(run, child)
		}
	}
	flush()
	n.children = out
}

// wrapped puts copies of elements around a run. A link goes around what has none, and
// so it is the innermost.
func wrapped(run, wrap []*node) []*node {
	for _, w := range wrap {
		if w.name == "a" {
			run = linked(run, w)
		}
	}
	for _, w := range slices.Backward(wrap) {
		if w.name != "a" {
			run = []*node{w.around(run)}
		}
	}
	return run
}

// around is a copy of an element with other content.
func (n *node) around(children []*node) *node {
	return &node{kind: inline, name: n.name, source: n.source, attrs: n.attrs, children: children}
}

// linked puts a link around what holds none.
func linked(run []*node, link *node) []*node {
	var out, free []*node
	flush := func() {
		if len(free) > 0 && !blank(free) {
			free = []*node{link.around(free)}
		}
		out, free = append(out, free...), nil
	}
	for _, n := range run {
		if holdsLink(n) { // it keeps its own
			flush()
			out = append(out, n)
			continue
		}
		free = append(free, n)
	}
	flush()
	return out
}

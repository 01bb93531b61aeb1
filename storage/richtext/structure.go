package richtext

import "slices"

// items returns the items of a list; other content becomes items, too.
func items(n *node, depth int) []*node {
	var out []*node
	var p pending
	add := func(source *node, children []*node, ids []string) {
		p.add(&out, &node{kind: item, name: "li", attrs: source.attrs, children: children}, source.ids, ids)
	}
	each(n.children, item, func(c *node) {
		children, ids := bare(content(c, depth+1))
		add(c, children, ids)
	}, func(stray []*node) {
		children, ids := bare(content(&node{kind: item, children: stray}, depth+1))
		add(&node{}, children, ids)
	})
	return out
}

// pending are ids of members that turned out empty; the next one takes them.
type pending []string

func (p *pending) add(to *[]*node, n *node, ids ...[]string) {
	for _, some := range ids {
		*p = append(*p, some...)
	}
	if len(n.children) > 0 {
		n.ids, *p = *p, nil
		*to = append(*to, n)
	}
}

// terms returns the terms and definitions of a list.
func terms(n *node, depth int) []*node {
	var out []*node
	var p pending
	add := func(name string, source *node, children []*node, ids []string) {
		p.add(&out, &node{kind: definition, name: name, attrs: source.attrs, children: children}, source.ids, ids)
	}
	each(n.children, definition, func(c *node) {
		children, ids := trim(inlines(c.children, depth+1))
		if c.name != "dt" {
			children, ids = bare(content(c, depth+1))
		}
		add(c.name, c, children, ids)
	}, func(stray []*node) {
		children, ids := bare(content(&node{kind: definition, children: stray}, depth+1))
		add("dd", &node{}, children, ids)
	})
	return out
}

// each calls member for the children of a kind, also inside elements that are not
// kept, and other for each run of other nodes.
func each(children []*node, k kind, member func(*node), other func([]*node)) {
	var stray []*node
	flush := func() {
		if len(stray) > 0 {
			other(stray)
		}
		stray = nil
	}
	var walk func([]*node)
	walk = func(nodes []*node) {
		for _, c := range nodes {
			switch {
			case c.kind == k:
				flush()
				member(c)
			case c.kind == transparent, c.kind == inline && c.blocks:
				flush()
				walk(c.children)
				flush()
			default:
				stray = append(stray, c)
			}
		}
	}
	walk(children)
	flush()
}

// tableParts returns caption, row groups and rows of a table, and stray content that
// was outside of any cell.
func tableParts(n *node, depth int) (parts, stray []*node) {
	var title *node
	var loose *node // the row for cells without one
	var out strays
	for _, c := range footLast(n.children) {
		switch c.kind {
		case tableTitle:
			text, ids := trim(inlines(c.children, depth+1))
			switch {
			case len(text) == 0:
			case title == nil:
				title = &node{kind: tableTitle, name: "caption", attrs: c.attrs, ids: append(c.ids, ids...), children: text}
			default: // a second one is text like any other
				out.add([]*node{{kind: paragraph, name: "p", attrs: c.attrs, ids: append(c.ids, ids...), children: text}})
			}
		case rows:
			loose = nil
			group, outside := tableRows(c, depth+1)
			out.add(outside)
			if len(group.children) > 0 {
				parts = append(parts, group)
			}
		case row:
			loose = nil
			r, outside := tableRow(c, depth+1)
			out.add(outside)
			if len(r.children) > 0 {
				parts = append(parts, r)
			}
		case cell:
			if loose == nil {
				loose = &node{kind: row, name: "tr"}
				parts = append(parts, loose)
			}
			loose.children = append(loose.children, tableCell(c, depth+2))
		default:
			out.run = append(out.run, c)
			continue
		}
		out.end()
	}
	out.end()
	if title != nil && len(parts) > 0 {
		parts = append([]*node{title}, parts...)
	} else if title != nil {
		out.add([]*node{{kind: paragraph, name: "p", ids: title.ids, children: title.children}})
	}
	return parts, out.all
}

// footLast are the parts of a table with its foot below the rows, wherever it is written
// (HTML §4.9.1).
func footLast(parts []*node) []*node {
	at := slices.IndexFunc(parts, func(c *node) bool { return c.source == "tfoot" })
	if at < 0 {
		return parts
	}
	return append(slices.Concat(parts[:at], parts[at+1:]), parts[at])
}

// strays are what stands in a table outside of any cell. Parts of the table between two
// keep them apart.
type strays struct {
	all []*node
	run []*node
}

// end ends what stood in one place.
func (s *strays) end() {
	run := s.run
	s.run = nil
	s.add(run)
}

// add takes what stood outside of the cells of a part of the table, behind what stood
// before it.
func (s *strays) add(nodes []*node) {
	if len(s.run) > 0 {
		s.end()
	}
	if len(nodes) > 0 {
		s.all = append(s.all, &node{kind: transparent, children: nodes})
	}
}

func tableRows(n *node, depth int) (group *node, stray []*node) {
	group = &node{kind: rows, name: n.name, attrs: n.attrs, ids: n.ids}
	var loose *node
	var out strays
	for _, c := range n.children {
		switch c.kind {
		case row:
			loose = nil
			r, outside := tableRow(c, depth+1)
			out.add(outside)
			if len(r.children) > 0 {
				group.children = append(group.children, r)
			}
		case cell:
			if loose == nil {
				loose = &node{kind: row, name: "tr"}
				group.children = append(group.children, loose)
			}
			loose.children = append(loose.children, tableCell(c, depth+2))
		default:
			out.run = append(out.run, c)
			continue
		}
		out.end()
	}
	out.end()
	return group, out.all
}

func tableRow(n *node, depth int) (r *node, stray []*node) {
	r = &node{kind: row, name: "tr", attrs: n.attrs, ids: n.ids}
	var out strays
	for _, c := range n.children {
		if c.kind != cell {
			out.run = append(out.run, c)
			continue
		}
		out.end()
		r.children = append(r.children, tableCell(c, depth+1))
	}
	out.end()
	return r, out.all
}

func tableCell(n *node, depth int) *node {
	children, ids := bare(content(n, depth))
	return &node{kind: cell, name: n.name, attrs: n.attrs, ids: append(n.ids, ids...), children: children}
}

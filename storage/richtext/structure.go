package richtext

import "slices"

// items returns the items of a list; other content becomes items, too. An empty item keeps
// the numbers of those behind it, and the number that it was given.
func items(n *node, depth int) []*node {
	var m members
	each(n.children, item, func(c *node) {
		children, ids := bare(content(c, depth+1))
		m.add(&node{kind: item, name: "li", attrs: c.attrs, children: children}, true, c.ids, ids)
	}, func(stray []*node) {
		children, ids := bare(content(&node{kind: item, children: stray}, depth+1))
		m.add(&node{kind: item, name: "li", children: children}, false, ids)
	})
	if n.name != "ol" {
		return m.kept(func(int) bool { return false })
	}
	last := len(m.all) - 1
	if _, backwards := n.attr("reversed"); !backwards { // or the first number is how many there are
		for last >= 0 && len(m.all[last].children) == 0 {
			last--
		}
	}
	return m.kept(func(i int) bool {
		_, given := m.all[i].attr("value")
		return m.written[i] && (i <= last || given)
	})
}

// members are those of a list as they were written, empty ones among them.
type members struct {
	all     []*node
	written []bool // not made here around other content
}

func (m *members) add(n *node, written bool, ids ...[]string) {
	for _, some := range ids {
		n.ids = append(n.ids, some...)
	}
	m.all, m.written = append(m.all, n), append(m.written, written)
}

// kept are the members with something in them, and those that hold a place. The next one
// takes the ids of one that is not kept.
func (m *members) kept(holds func(int) bool) []*node {
	if empty(m.all) {
		return nil
	}
	var out []*node
	var pending []string
	for i, n := range m.all {
		if len(n.children) == 0 && !holds(i) {
			pending = append(pending, n.ids...)
			continue
		}
		n.ids, pending = append(pending, n.ids...), nil
		out = append(out, n)
	}
	return out
}

// terms returns the terms and definitions of a list. An empty one stays where what is
// behind or before it would be read with another.
func terms(n *node, depth int) []*node {
	var m members
	each(n.children, definition, func(c *node) {
		children, ids := trim(inlines(c.children, depth+1))
		if c.name != "dt" {
			children, ids = bare(content(c, depth+1))
		}
		m.add(&node{kind: definition, name: c.name, attrs: c.attrs, children: children}, true, c.ids, ids)
	}, func(stray []*node) {
		children, ids := bare(content(&node{kind: definition, children: stray}, depth+1))
		m.add(&node{kind: definition, name: "dd", children: children}, false, ids)
	})
	return m.kept(m.alone)
}

// alone tells whether an empty member is the first of the terms, or of the definitions, of a
// group of which no other says anything, and something stands before it.
func (m *members) alone(i int) bool {
	n := m.all[i]
	if !m.written[i] {
		return false
	}
	before := i - 1
	for ; before >= 0 && m.all[before].name == n.name; before-- {
		if m.written[before] || len(m.all[before].children) > 0 {
			return false
		}
	}
	behind := i + 1
	for ; behind < len(m.all) && m.all[behind].name == n.name; behind++ {
		if len(m.all[behind].children) > 0 {
			return false
		}
	}
	if n.name == "dd" {
		return before >= 0
	}
	return before >= 0 && behind < len(m.all)
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

package former

// items returns the items of a list; other content becomes items of its own.
func items(n *node, depth int) []*node {
	var out []*node
	add := func(source *node, children []*node) {
		if len(children) > 0 {
			out = append(out, &node{kind: item, name: "li", attrs: source.attrs, children: children})
		}
	}
	each(n.children, item, func(c *node) { add(c, bare(content(c, depth+1))) }, func(stray []*node) {
		add(&node{}, bare(content(&node{kind: item, children: stray}, depth+1)))
	})
	return out
}

// terms returns the terms and definitions of a list.
func terms(n *node, depth int) []*node {
	var out []*node
	add := func(name string, source *node, children []*node) {
		if len(children) > 0 {
			out = append(out, &node{kind: definition, name: name, attrs: source.attrs, children: children})
		}
	}
	each(n.children, definition, func(c *node) {
		if c.name == "dt" {
			add("dt", c, trim(inlines(c.children, depth+1)))
			return
		}
		add("dd", c, bare(content(c, depth+1)))
	}, func(stray []*node) {
		add("dd", &node{}, bare(content(&node{kind: definition, children: stray}, depth+1)))
	})
	return out
}

// each calls member for the children of a kind, also inside elements that are
// not kept, and other for each run of anything else.
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

// tableParts returns title, row groups and rows of a table, and what stood in
// it outside of any cell.
func tableParts(n *node, depth int) (parts, stray []*node) {
	var title *node
	var loose *node // the row that cells without one are put into
	cellsOnly := func(c *node) {
		if loose == nil {
			loose = &node{kind: row, name: "tr"}
			parts = append(parts, loose)
		}
		loose.children = append(loose.children, tableCell(c, depth+2))
	}
	for _, c := range n.children {
		switch c.kind {
		case tableTitle:
			if text := trim(inlines(c.children, depth+1)); title == nil && len(text) > 0 {
				title = &node{kind: tableTitle, name: "caption", attrs: c.attrs, children: text}
			}
		case rows:
			loose = nil
			group, outside := tableRows(c, depth+1)
			stray = append(stray, outside...)
			if len(group.children) > 0 {
				parts = append(parts, group)
			}
		case row:
			loose = nil
			r, outside := tableRow(c, depth+1)
			stray = append(stray, outside...)
			if len(r.children) > 0 {
				parts = append(parts, r)
			}
		case cell:
			cellsOnly(c)
		default:
			stray = append(stray, c)
		}
	}
	if title != nil && len(parts) > 0 {
		parts = append([]*node{title}, parts...)
	} else if title != nil {
		stray = append(stray, &node{kind: paragraph, name: "p", children: title.children})
	}
	return parts, stray
}

func tableRows(n *node, depth int) (group *node, stray []*node) {
	group = &node{kind: rows, name: n.name, attrs: n.attrs}
	var loose *node
	for _, c := range n.children {
		switch c.kind {
		case row:
			loose = nil
			r, outside := tableRow(c, depth+1)
			stray = append(stray, outside...)
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
			stray = append(stray, c)
		}
	}
	return group, stray
}

func tableRow(n *node, depth int) (r *node, stray []*node) {
	r = &node{kind: row, name: "tr", attrs: n.attrs}
	for _, c := range n.children {
		if c.kind == cell {
			r.children = append(r.children, tableCell(c, depth+1))
			continue
		}
		stray = append(stray, c)
	}
	return r, stray
}

func tableCell(n *node, depth int) *node {
	return &node{kind: cell, name: n.name, attrs: n.attrs, children: bare(content(n, depth))}
}

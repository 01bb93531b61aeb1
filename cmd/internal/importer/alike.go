package importer

import (
	"slices"

	"golang.org/x/net/html"
)

// alike is the profile that all pages of a template fit, or -1: by it they would be read,
// whatever is learned of them.
func (ps *Profiles) alike(t *pageTemplate) int {
	at := -2
	t.each(func(_ int, d *document) {
		i := slices.IndexFunc(ps.Profiles, func(p *Profile) bool { return p.fits(d) == "" })
		if at == -2 {
			at = i
		}
		if i != at {
			at = -1
		}
	})
	return max(at, -1)
}

// with are the pages of two templates as one.
func (t *pageTemplate) with(other *pageTemplate) *pageTemplate {
	members := slices.Concat(t.members, other.members)
	slices.Sort(members)
	return &pageTemplate{sample: t.sample, members: members, numbered: t.numbered}
}

// wider is the profile of pages whose text is, on some, in one box of what has it on the
// others: what all have is their text, or words beside the box were lost. It is nil if
// the text of the others is not around the box, or they are few.
func (t *pageTemplate) wider(body Selector, box *pageTemplate, narrow Selector) *Profile {
	if (len(t.members)-len(box.members))*2 < len(box.members) {
		return nil
	}
	around := true
	t.each(func(_ int, d *document) {
		root := d.tree.Nodes[0]
		outer := body.all(root)
		around = around && !slices.ContainsFunc(narrow.all(root), func(n *html.Node) bool {
			return !slices.ContainsFunc(outer, func(b *html.Node) bool { return within(n, b) })
		})
	})
	if !around {
		return nil
	}
	return t.frameAround(body)
}

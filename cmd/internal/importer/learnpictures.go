package importer

import (
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// ownPictures reports whether an element beside the text is pictures of this page, with what is
// said of them: it leads to no other page, and no other page has them.
func (t *pageTemplate) ownPictures(_ *document, n *html.Node) bool {
	const caption = 300 // letters
	pictures := allIn(n, pictureElements)
	if len(ownNames(n)) == 0 || len(pictures) == 0 || lineOf(n).length() > caption*len(pictures) || templateElements[n.Data] {
		return false
	}
	for _, a := range linksIn(n) {
		if href := attr(a, "href"); !pictureFile.MatchString(href) && !strings.HasPrefix(href, "#") {
			return false
		}
	}
	for _, img := range pictures {
		src := realSource(img)
		if src == "" || tiny(img, maxIcon) || t.several(t.pictures[src]) {
			return false
		}
	}
	return true
}

// countPictures counts on how many pages of the template a picture stands, and where these lead.
func (t *pageTemplate) countPictures() {
	t.pictures, t.targets = votes{}, votes{}
	t.each(func(_ int, d *document) {
		to := map[string]bool{}
		for _, a := range linksIn(d.tree.Nodes[0]) {
			to[attr(a, "href")] = true
		}
		for href := range to {
			t.targets.add(href)
		}
		on := map[string]bool{}
		for _, img := range allIn(d.tree.Nodes[0], pictureElements) {
			on[realSource(img)] = true
		}
		for src := range on {
			t.pictures.add(src)
		}
	})
}

var plainAddress = lazyregexp.New(`^[\w./:%~+-]+$`)

// samePictures has the profile remove the pictures between title and end of the text that most
// pages have, and those of several that are the signs of files.
func (t *pageTemplate) samePictures(p *Profile) {
	found := map[string]*rated{}
	t.each(func(i int, d *document) {
		root := d.tree.Nodes[0]
		_, title := p.titleIn(root)
		body := p.body.all(root)
		if len(body) == 0 {
			return
		}
		from, to, _ := d.aroundTexts(body, heading{node: title})
		for _, n := range d.ledger.pieces[from:min(to, len(d.ledger.pieces))] {
			src := realSource(n)
			if n.Data != "img" || !t.most(t.pictures[src]) && !(t.several(t.pictures[src]) && ancestor(n, func(a *html.Node) bool { return leads(a) && leadsToFile(a) }) != nil) || !plainAddress.MatchString(src) {
				continue
			}
			end := strings.TrimLeft(src, "./")
			r := found[end]
			if r == nil {
				s, err := ParseSelector(`img[src$="` + end + `"]`)
				if err != nil {
					continue
				}
				r = &rated{Selector: s}
				found[end] = r
			}
			if len(r.on) == 0 || r.on[len(r.on)-1] != i {
				r.found(i, src, 1)
			}
		}
	})
	for _, end := range slices.Sorted(maps.Keys(found)) {
		r := found[end]
		p.Remove, p.remove = append(p.Remove, r.text), append(p.remove, r.Selector)
		p.learned.remove = append(p.learned.remove, r)
	}
}

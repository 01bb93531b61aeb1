package importer

import (
	"slices"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// plainTrails are elements above the title that say where the page stands in short steps from the
// front page on, of which none leads anywhere.
func (d *document) plainTrails(title heading) (found []*html.Node) {
	if title.line < 0 {
		return nil
	}
	const longest = 200
	for _, l := range d.lines[:title.line] {
		if l.node == nil || l.links > 0 || l.length() > longest || ancestor(l.node, inMenu) != nil {
			continue
		}
		for up, n := 0, l.node; up < 3 && n != nil && n.Type == html.ElementNode && !within(title.node, n); up, n = up+1, n.Parent {
			if of := lineOf(n); of.links > 0 || of.length() > longest {
				break
			}
			if steps := d.crumbsOf(n); len(steps) > 1 && isRoot(crumbName(steps[0].name)) && firstIn(n, linkElements) == nil {
				if !slices.Contains(found, n) {
					found = append(found, n)
				}
				break
			}
		}
	}
	return found
}

// inMenu recognises the elements around what operates a site.
func inMenu(n *html.Node) bool { return n.Data == "nav" && !isBreadcrumb(n) || n.Data == "form" }

// labelAbove is the element of the words right above the title that may say of what kind a text
// is: they are short, lead nowhere, and stand in what the title begins.
func (d *document) labelAbove(title heading) *html.Node {
	if title.node == nil || title.line < 1 {
		return nil
	}
	l := d.lineAbove(title)
	first, _ := utf8.DecodeRuneInString(l.text)
	switch {
	case l.node == nil || l.links > 0 || ancestor(l.node, operable) != nil || l.length() > longestSection || !wordy(first) || !filesPages(l):
		return nil
	case noSection(l.text) || isRoot(l.text) || leaves()[key(fold(l.text))] || key(l.text) == key(title.text) || len(findDates(l.text, d.language, dayFirst)) > 0:
		return nil
	case inNavigation(l.node) || ancestor(l.node, isTeaser) != nil || !d.beginsWith(title.node, l.node):
		return nil
	}
	return l.node
}

// beginsWith reports whether a line stands in what the title begins, and nothing that leads
// anywhere between what that begins with and the title.
func (d *document) beginsWith(title, label *html.Node) bool {
	const highest = 3
	n := title.Parent
	for up := 0; up < highest && n != nil && n.Data != "td" && textOf(n) == textOf(title); up++ {
		n = n.Parent
	}
	return n != nil && n.Data != "body" && n.Data != "tr" && within(label, n)
}

// lastStepAbove is the last link of a line above the title that leads there in steps from the front
// page on, and has no element of its own.
func (d *document) lastStepAbove(title heading) *html.Node {
	const most = 3 // lines above the title
	l := d.ledger
	span, known := l.spans[title.node]
	for rows := 0; known && span[0] > 0 && rows < most; rows++ {
		row := l.rowBefore(span[0], 0)
		links := slices.DeleteFunc(slices.Clone(row), func(n *html.Node) bool { return !leads(n) })
		if len(links) > 1 && d.siteRoot(attr(links[0], "href")) && crumbSign.MatchString(textOfNodes(row)) && utf8.RuneCountInString(textOf(links[len(links)-1])) <= longestSection {
			return links[len(links)-1]
		}
		span[0] -= len(row)
	}
	return nil
}

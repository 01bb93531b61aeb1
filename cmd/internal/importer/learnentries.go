package importer

import (
	"strings"

	"golang.org/x/net/html"
)

// entries are the parts of an offer, by which it is known where its own name stands for other
// things, too.
func (s *survey) entries(d *document, n *html.Node, of seenElement) (all []seenElement) {
	for c := range n.Descendants() {
		if c.Type != html.ElementNode || !d.entry(c) || !alikeBeside(c) {
			continue
		}
		e := seenElement{page: of.page, kind: offers, inBody: of.inBody, names: names(c), text: lineOf(c).text}
		s.total.add(e.names...)
		s.vote(e)
		all = append(all, e)
	}
	return all
}

// labelsOne reports whether an element is a label that most pages have, and one link.
func (t *pageTemplate) labelsOne(d *document, n *html.Node, l line) bool {
	links := linksIn(n)
	if !boxElements[n.Data] || len(links) != 1 || fileName.MatchString(attr(links[0], "href")) || noPage.MatchString(attr(links[0], "href")) {
		return false
	}
	link := lineOf(links[0])
	return labelsLink(l, link) && t.onMost(d.language, strings.TrimSuffix(l.text, link.text), false)
}

package importer

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// soleOffers looks at the boxes in a text that have nothing but a label and one link to
// another page. By what they are made of they are offers; whether one is none, only its
// readers know. It goes if its label or its mark says the same, and is named in any case.
func (p *pruner) soleOffers(body *html.Node) {
	const most = 200 // links that are examined: whoever makes more wants to cost time
	seen := map[*html.Node]bool{}
	for i, a := range linksIn(body) {
		if i == most {
			return
		}
		box := p.soleOffer(a, body)
		if box == nil || seen[box] {
			continue
		}
		seen[box] = true
		blocks := flatten(box)
		if l := blocks[0]; marked(offerMarks, marks(box)) || prompt.MatchString(l.text) || promptHead.MatchString(l.text) || related()[key(fold(l.text))] {
			p.d.remove(box, menu)
			continue
		}
		p.page.note(p.d.lineOf(box), "it may be an offer of another page, and was kept: "+richtext.Shorten(lineOf(box).text, 80))
	}
}

// soleOffer is the box around a link that has a label before it, and nothing else; nil if
// there is none.
func (p *pruner) soleOffer(a, body *html.Node) *html.Node {
	href := strings.TrimSpace(attr(a, "href"))
	link := lineOf(a)
	if link.length() < 4 || fileName.MatchString(href) || noPage.MatchString(href) || quotes(a) || p.inTable(a) {
		return nil
	}
	box := a.Parent
	for box != nil && box != body && lineOf(box).length() <= link.length() {
		box = box.Parent
	}
	if box == nil || box == body || !within(box, body) || !boxElements[box.Data] || inFrame(box) || introduced(box) || !labelsLink(lineOf(box), link) {
		return nil
	}
	for up := box.Parent; up != nil && up != body && boxElements[up.Data] && lineOf(up).length() == lineOf(box).length(); up = up.Parent {
		box = up
	}
	return box
}

// labelsLink reports whether a box is a link and, before it, a label that is shorter and no
// sentence.
func labelsLink(box, link line) bool {
	const longest = 40
	label, last := strings.CutSuffix(box.text, link.text)
	label = strings.TrimSpace(label)
	n := utf8.RuneCountInString(label)
	ends := endsSentence(label) && !strings.HasSuffix(label, ":") && !strings.HasSuffix(label, "：")
	return last && box.links < box.length() && n > 2 && n <= longest && n < link.length() && !ends
}

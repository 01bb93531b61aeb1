package importer

import (
	"slices"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// tails removes the lines behind a text that are about its page, once what stood behind
// them is gone: what it is filed under, who may use it, what operates it.
func (p *pruner) tails(body *html.Node) {
	blocks := leafBlocks(body)
	last := p.lastProse(body)
	for i, b := range slices.Backward(blocks) {
		if b == last || last == nil && i < len(blocks)-7 {
			return
		}
		switch l := p.d.lineAt(b); {
		case l.text == "" || framed(b, last) || isHeading(b) || quotes(b) || p.inTable(b) || l.length() >= 300:
		case l.length() < 40 && counter.MatchString(l.text), onlyControls(l.text) && p.operates(b, l):
			p.d.remove(b, control)
		case tailLines.MatchString(l.text), i > len(blocks)-5 && l.length() < 160 && ofPage(b):
			p.d.remove(b, menu)
		}
	}
}

// framed is inFrame for a line behind the last prose of a text: what contains that is the
// frame of no picture, whatever its class.
func framed(b, last *html.Node) bool {
	if ancestor(b, func(n *html.Node) bool { return n.Data == "figure" }) != nil {
		return true
	}
	for up := 0; b.Parent != nil && up < 3; up++ {
		b = b.Parent
		if marked(frameMark, marks(b)) && (last == nil || !within(last, b)) {
			return true
		}
	}
	return false
}

// ofPage reports whether the links of a line say of themselves that they are about its
// page: its licence, or where other sites tell that they link to it.
func ofPage(b *html.Node) bool {
	return goquery.NewDocumentFromNode(b).Find(`a[rel~=license], a[rel~=trackback], a[rel~=pingback], a[href*="//creativecommons.org/licenses/"]`).Length() > 0
}

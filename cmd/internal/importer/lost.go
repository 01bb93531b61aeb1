package importer

import (
	"strings"
	"unicode"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// lostText is text that was taken away, and the element that it stood in.
type lostText struct {
	node, place *html.Node
	at          int // position in the page
	what, text  string
}

// embedded is a frame or a player that was removed.
type embedded struct {
	line    int
	address string
}

// maxLost bounds what is told of one page.
const maxLost = 1000

// lose notes the text of an element that is about to be taken away: what is
// hidden, and controls of forms. Whether that was in the article is known later.
func (p *pruner) lose(n *html.Node) {
	what := ""
	switch n.Data {
	case "textarea", "select", "label", "dialog", "button", "canvas":
		what = "a control of a form was removed"
	default:
		switch {
		case hiddenElement(n):
			what = "hidden text was dropped"
		case attr(n, "aria-hidden") == "true":
			what = "text that is not read aloud (aria-hidden) was dropped"
		}
	}
	if what == "" || n.Parent == nil || len(p.lost) >= maxLost {
		return
	}
	text := richtext.Shorten(goquery.NewDocumentFromNode(n).Text(), 80)
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
		p.lost = append(p.lost, lostText{n, n.Parent, position(n), what, text})
	}
}

// around remembers the element that the page says is the article.
func (p *pruner) around(body *html.Node) {
	p.article = ancestor(body, func(n *html.Node) bool { return n.Data == "article" })
}

// tell notes what was lost of the article itself: in its text, between that and the
// title, or in the element that is the article.
func (p *pruner) tell(page *Page, holder *html.Node) {
	from, to := position(p.title), end(holder)
	root := p.d.tree.Nodes[0]
	for _, l := range p.lost {
		between := p.title != nil && l.at > from && l.at < to && within(l.place, root)
		if within(l.place, holder) || between || p.article != nil && within(l.place, p.article) {
			page.note(p.d.ends.at(max(l.at, 0)), l.what+": "+l.text)
		}
	}
	for _, e := range p.embedded {
		page.note(e.line, "an embedded frame was removed: "+e.address)
	}
}

package importer

import (
	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// lostText is text that was taken away, and the element that it stood in.
type lostText struct {
	place      *html.Node
	what, text string
}

// lose notes the text of an element that is about to be taken away: what is
// hidden, and controls of forms. Whether that was in the article is known later.
func (p *pruner) lose(n *html.Node) {
	what := ""
	switch n.Data {
	case "textarea", "select", "label", "dialog", "button", "canvas":
		what = "a control of a form was removed"
	default:
		if hiddenElement(n) {
			what = "hidden text was dropped"
		}
	}
	if what == "" || n.Parent == nil {
		return
	}
	if text := richtext.Shorten(goquery.NewDocumentFromNode(n).Text(), 80); text != "" {
		p.lost = append(p.lost, lostText{n.Parent, what, text})
	}
}

// tell notes what was lost of the article itself.
func (p *pruner) tell(page *Page, holder *html.Node) {
	for _, l := range p.lost {
		if within(l.place, holder) {
			page.problem(l.what + ": " + l.text)
		}
	}
}

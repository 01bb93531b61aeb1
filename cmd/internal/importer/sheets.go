package importer

import (
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

const (
	// maxRules bounds the rules that are tried on a page, and maxStyled the elements to
	// which they are applied.
	maxRules  = 100
	maxStyled = 10_000
)

// applySheets writes into the style of elements what the style sheets in the page say of
// them, as far as they hide, strike or raise their text. A sheet that hides much of the
// page is waiting for a script that shows it.
func (d *document) applySheets() {
	var css string
	d.tree.Find("style").Each(func(_ int, s *goquery.Selection) {
		if media := s.AttrOr("media", "all"); media == "all" || media == "screen" {
			css += s.Text() + "\n"
		}
	})
	rules := richtext.Rules(css)
	if len(rules) == 0 {
		return
	}
	sizes := map[*html.Node]int{}
	whole := measureText(d.tree.Nodes[0], sizes)
	added := map[*html.Node]string{}
	for _, r := range rules[:min(len(rules), maxRules)] {
		for _, n := range d.tree.Find(r.Selector).Nodes {
			if len(added) < maxStyled && sizes[n]*3 < whole {
				added[n] += r.Style
			}
		}
	}
	for n, style := range added {
		setAttr(n, "style", style+attr(n, "style"))
	}
}

// measureText counts the characters of text in each element.
func measureText(n *html.Node, sizes map[*html.Node]int) int {
	if n.Type == html.TextNode {
		return utf8.RuneCountInString(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		sizes[n] += measureText(c, sizes)
	}
	return sizes[n]
}

func setAttr(n *html.Node, key, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
}

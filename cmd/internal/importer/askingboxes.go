package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// maxAsking is how much text a box that asks for something has at most, without what is to
// be written in it.
const maxAsking = 800

// asking reports whether an element says by what it is made of that it asks for something
// or tells of the author, whatever a template calls it; behind is whether it follows the
// last prose of the text.
func (p *pruner) asking(n *html.Node, all extent, whole int, behind bool) bool {
	switch {
	case all.text == 0 || all.text > maxAsking || !boxElements[n.Data] || quotes(n) || p.inTable(n):
		return false
	case all.text*2 <= whole && behind && introducesAuthor(n):
		return true
	case all.text*3 > whole:
		return false
	}
	return invitesToLetter(n) || p.headsForm(n, all)
}

// introducesAuthor reports whether an element is a box about who wrote a page: it has a
// picture, and a link that says of itself that it leads to the author (rel=author); or it
// says so (schema.org) and has a picture.
func introducesAuthor(n *html.Node) bool {
	s := goquery.NewDocumentFromNode(n)
	if s.Find("img").Length() != 1 || utf8.RuneCountInString(textOf(n)) > maxAsking {
		return false
	}
	const prose = 60
	told := 0
	for _, b := range leafBlocks(n) {
		if lineOf(b).length() >= prose {
			told++
		}
	}
	if told > 1 {
		return false // with more than who that is, it has the text
	}
	return attr(n, "itemprop") == "author" || s.Find("a[rel~=author]").Length() > 0
}

// authorBoxes are the elements around the links to the author of a page that are boxes
// about them.
func authorBoxes(body *html.Node) map[*html.Node]bool {
	boxes := map[*html.Node]bool{}
	const most, up = 10, 4
	for i, a := range goquery.NewDocumentFromNode(body).Find("a[rel~=author]").Nodes {
		n := a.Parent
		for k := 0; i < most && k < up && n != nil && n != body; k++ {
			if boxElements[n.Data] && introducesAuthor(n) {
				boxes[n] = true
				break
			}
			n = n.Parent
		}
	}
	return boxes
}

// invitesToLetter reports whether the heading of a box invites to a newsletter, and a link
// in the box leads there.
func invitesToLetter(n *html.Node) bool {
	blocks := leafBlocks(n)
	if len(blocks) < 2 || !isHeading(blocks[0]) || len(linksIn(n)) == 0 {
		return false
	}
	before, after, found := strings.Cut(strings.ToLower(lineOf(blocks[0]).text), "newsletter")
	return found && inviting.MatchString(before+after) // the word alone may be what the text is about
}

// headsForm reports whether an element is the heading of a form to write in, with a line
// that explains it: the form was taken out.
func (p *pruner) headsForm(n *html.Node, all extent) bool {
	blocks := leafBlocks(n)
	if all.text > 200 || len(blocks) != 2 || !isHeading(blocks[0]) || lineOf(blocks[0]).text == "" || lineOf(blocks[0]).length() > 60 || goquery.NewDocumentFromNode(n).Find("img, table, blockquote").Length() > 0 {
		return false
	}
	return p.hadForm(n)
}

// hadForm reports whether a form to write in was taken out of an element.
func (p *pruner) hadForm(n *html.Node) bool {
	box, known := p.d.ledger.spans[n]
	return known && slices.ContainsFunc(p.out, func(t taken) bool {
		form, known := p.d.ledger.spans[t.node]
		return known && t.node.Data == "form" && t.reason == control && t.node.Parent == nil && box[0] <= form[0] && form[1] <= box[1]
	})
}

// asksInFrame reports whether what stands where a figure would be is no figure: nothing to
// look at, but a form that invites.
func (p *pruner) asksInFrame(n *html.Node, all extent) bool {
	return all.text > 0 && all.text <= maxAsking && goquery.NewDocumentFromNode(n).Find("img, figcaption, table, blockquote, pre, math, "+mediaTags).Length() == 0 && (p.hadForm(n) || p.asks(n)) && p.invites(n)
}

// aroundPage removes the lists of a site's pages that this page is one of: each entry
// is short and begins with a link, and one of these leads to where the page is.
func (p *pruner) aroundPage(body *html.Node, sizes extents, whole int) {
	here := strings.TrimSuffix(p.page.SourceURL, "/")
	if here == "" {
		return
	}
	for _, n := range goquery.NewDocumentFromNode(body).Find("ul, ol").Nodes {
		if n == body || !within(n, body) || sizes[n].text*3 > whole || p.inTable(n) || quotes(n) {
			continue
		}
		items, led, self := 0, 0, false
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode {
				continue
			}
			items++
			if all := flatten(c); len(all) > 0 && sizes[c].text < 160 {
				if a := ancestor(all[0].node, leads); a != nil && within(a, c) {
					led++
					self = self || !strings.Contains(attr(a, "href"), "#") && strings.TrimSuffix(richtext.LinkAddress(attr(a, "href"), p.d.base), "/") == here
				}
			}
		}
		if self && items > 2 && led == items {
			p.d.remove(n, menu)
		}
	}
}

// shares reports whether a short element has what shares its page on a network: it leads to
// the address of the network at which that is done.
func shares(n *html.Node, l line) bool {
	if l.length() > 100 {
		return false
	}
	for c := range n.Descendants() {
		if sharing.MatchString(attr(c, "href")) || sharing.MatchString(attr(c, "data-href")) {
			return true
		}
	}
	return false
}

var sharing = linesLike(`(https?:)?//(www\.)?(facebook\.com/(sharer|share\.php|dialog/share)|(twitter|x)\.com/(intent|share)|linkedin\.com/shareArticle|pinterest\.\w+/pin/create|(api\.)?whatsapp\.com/send|t\.me/share)`)

package importer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// entry reports whether an element is the entry of a list of pages: one link, the date of what
// it leads to, and a label or title at most.
func (d *document) entry(n *html.Node) bool {
	const most, longest, titles = 5, 200, 2 // lines, the letters of one, those without link and date
	if !teaserElements[n.Data] {
		return false
	}
	lines := flatten(n)
	if len(lines) == 0 || len(lines) > most || offersFiles(n) {
		return false
	}
	led, dated, named := 0, 0, 0
	for _, l := range lines {
		switch {
		case l.links >= l.length()-2:
			led++
		case d.datedLink(l):
			led, dated = led+1, dated+1
		case l.links > 0:
			return false
		case d.onlyDated(l.text):
			dated++
		case l.length() <= longest && !endsSentence(l.text):
			named++
		default:
			return false
		}
	}
	return led == 1 && dated == 1 && named <= titles
}

// datedLink reports whether a line is a link and a date.
func (d *document) datedLink(l line) bool {
	const signs = 5
	found := findDates(l.text, d.language, dayFirst)
	return l.links > 0 && len(found) == 1 && l.length()-l.links-utf8.RuneCountInString(dateText(l.text, candidate{reading: found[0]})) <= signs
}

func (d *document) onlyDated(text string) bool {
	found := findDates(text, d.language, dayFirst)
	return len(found) == 1 && saysLittle(text, found[0])
}

// partDates gives a date in front of a text a line of its own, if its element says that it is
// one: style sheets set it apart, and it begins no sentence.
func (d *document) partDates() {
	const running = 40 // letters of a text
	var dates []*html.Node
	for n := range d.tree.Nodes[0].Descendants() {
		next := n.NextSibling
		if n.Type != html.ElementNode || n.Parent == nil || blockTags[n.Data] || next == nil || next.Type != html.TextNode || !marked(dateMarks, marks(n)) || len(next.Data) < running {
			continue
		}
		text := strings.TrimSpace(next.Data)
		first, _ := utf8.DecodeRuneInString(text)
		if utf8.RuneCountInString(text) >= running && (unicode.IsLetter(first) || unicode.IsDigit(first)) && begins(n) && d.onlyDated(lineOf(n).text) {
			dates = append(dates, n)
		}
	}
	for _, n := range dates {
		apart := &html.Node{Type: html.ElementNode, Data: "div"}
		n.Parent.InsertBefore(apart, n)
		n.Parent.RemoveChild(n)
		apart.AppendChild(n)
	}
	if len(dates) > 0 {
		d.lines = flatten(d.tree.Nodes[0])
	}
}

// begins reports whether nothing stands before an element in its parent, which is a block.
func begins(n *html.Node) bool {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.ElementNode || s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" {
			return false
		}
	}
	return blockTags[n.Parent.Data]
}

// alikeBeside reports whether an element has another of its kind beside it.
func alikeBeside(n *html.Node) bool {
	for _, s := range []*html.Node{previousElement(n), nextElement(n)} {
		if s != nil && s.Data == n.Data && attr(s, "class") == attr(n, "class") {
			return true
		}
	}
	return false
}

// gridCards knows of elements whether they are cards: entries of a grid or list that offers
// other pages, each with a line that leads there, and its beginning or picture perhaps.
type gridCards struct {
	d *document
	// is says which are cards, one which of them alone lead to one page, begun which say what
	// that begins with.
	is, one, begun map[*html.Node]bool
	// within is whether the link may be the beginning of a line, as where no style sheet says
	// that it is not.
	within bool
}

func newGridCards(d *document) gridCards {
	return gridCards{d: d, is: map[*html.Node]bool{}, one: map[*html.Node]bool{}, begun: map[*html.Node]bool{}}
}

// around is the innermost card around a text, or nil.
func (g gridCards) around(n *html.Node) *html.Node {
	return ancestor(n, func(n *html.Node) bool {
		is, known := g.is[n]
		if !known {
			is = teaserElements[n.Data] && g.isCard(n)
			g.is[n] = is
		}
		return is
	})
}

func (g gridCards) isCard(n *html.Node) bool {
	const fewest, most = 3, 400
	if n.Parent == nil || !alikeBeside(n) || !g.offersOne(n) {
		return false
	}
	alike, seen := 0, 0
	for s := n.Parent.FirstChild; s != nil && alike < fewest && seen < most; s = s.NextSibling {
		seen++
		if s.Type == html.ElementNode && s.Data == n.Data && attr(s, "class") == attr(n, "class") && g.offersOne(s) {
			alike++
		}
	}
	return alike == fewest
}

// offersOne reports whether an element leads to one other page, by a line of its own, and has
// no more text than what offers that.
func (g gridCards) offersOne(n *html.Node) bool {
	offers, known := g.one[n]
	if !known {
		offers = g.leadsToOne(n)
		g.one[n] = offers
	}
	return offers
}

func (g gridCards) leadsToOne(n *html.Node) bool {
	const longest, most = 900, 40 // letters, and pieces
	span := g.d.ledger.spans[n]
	if pieces := span[1] - span[0]; pieces == 0 || pieces > most {
		return false
	}
	href := ""
	if n.Data == "a" {
		href = strings.TrimSpace(attr(n, "href"))
	}
	for _, a := range linksIn(n) {
		to := strings.TrimSpace(attr(a, "href"))
		if href != "" && to != href {
			return false
		}
		href = to
	}
	if href == "" || lineOf(n).length() > longest || fileName.MatchString(href) || noPage.MatchString(href) {
		return false
	}
	if n.Data == "a" || slices.ContainsFunc(flatten(n), line.linked) {
		return true
	}
	const title = 20 // letters
	text := textOf(linksIn(n)[0])
	return g.within && utf8.RuneCountInString(text) >= title && strings.HasPrefix(lineOf(n).text, text)
}

// listsPages reports whether an element has nothing but links to other pages, entries,
// beginnings of pages and labels: several links, and fewer labels. What has links on names of
// persons alone may be a delegation, of which the text speaks.
func (d *document) listsPages(n *html.Node) bool {
	const label = 60
	led, labels, persons := 0, 0, 0
	var of func(n *html.Node) bool
	of = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && (d.entry(c) || cutOff(c)) && alikeBeside(c) {
				led++
				continue
			}
			if c.Type == html.ElementNode && firstIn(c, blockTags) != nil {
				if !of(c) {
					return false
				}
				continue
			}
			if c.Type == html.CommentNode || silentTags[c.Data] {
				continue
			}
			for _, l := range flatten(c) {
				switch {
				case l.linked():
					led++
					if personal(l.text) && !onlyControls(l.text) {
						persons++
					}
				case d.onlyDated(l.text):
				case l.length() <= label && !endsSentence(l.text):
					labels++
				default:
					return false
				}
			}
		}
		return true
	}
	return of(n) && led > 1 && persons < led && labels <= led && !offersFiles(n)
}

// listsEntries reports whether the entries in an element may lead away: nothing introduces
// them, and a list of them is none of the text.
func (p *pruner) listsEntries(n, body *html.Node) bool {
	return !introduced(n) && (n.Data != "ul" && n.Data != "ol" || p.offersPages(n, body, leafBlocks(body)))
}

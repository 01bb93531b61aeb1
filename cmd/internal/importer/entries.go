package importer

import (
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

// alikeBeside reports whether an element has another of its kind beside it.
func alikeBeside(n *html.Node) bool {
	for _, s := range []*html.Node{previousElement(n), nextElement(n)} {
		if s != nil && s.Data == n.Data && attr(s, "class") == attr(n, "class") {
			return true
		}
	}
	return false
}

// listsPages reports whether an element has nothing but links to other pages, entries and
// labels: several links, and fewer labels.
func (d *document) listsPages(n *html.Node) bool {
	const label = 60
	led, labels := 0, 0
	var of func(n *html.Node) bool
	of = func(n *html.Node) bool {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.ElementNode && d.entry(c) && alikeBeside(c) {
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
	return of(n) && led > 1 && labels <= led && !offersFiles(n)
}

// listsEntries reports whether the entries in an element may lead away: nothing introduces
// them, and a list of them is none of the text.
func (p *pruner) listsEntries(n, body *html.Node) bool {
	return !introduced(n) && (n.Data != "ul" && n.Data != "ol" || p.offersPages(n, body, leafBlocks(body)))
}

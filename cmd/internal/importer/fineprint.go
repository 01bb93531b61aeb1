package importer

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// finePrint removes what is called a disclosure or a licence and says so: who pays for the
// links of a page, and what may be reprinted. What says something else is of the text.
func (p *pruner) finePrint(body *html.Node) {
	for _, n := range goquery.NewDocumentFromNode(body).Find("p, div, section, aside, small").Nodes {
		if n == body || !within(n, body) || inFrame(n) || p.inTable(n) || quotes(n) {
			continue
		}
		m := marks(n)
		paid, rights := marked(paidMarks, m), marked(rightsMarks, m)
		if !paid && !rights {
			continue
		}
		switch l := lineOf(n); {
		case l.text == "" || l.length() > 800:
		case paid && paying.MatchString(l.text):
			p.d.remove(n, advert)
		case rights && l.length() < 300 && reserving.MatchString(l.text):
			p.d.remove(n, menu)
		}
	}
	for _, b := range leafBlocks(body) {
		if l := p.d.lineAt(b); l.length() < 100 && paidLine.MatchString(l.text) && !isHeading(b) && !p.inTable(b) && !quotes(b) {
			p.d.remove(b, advert)
		}
	}
}

var (
	paidMarks   = namesLike(`((ad|affiliate|editorial|product|comments?)?-?disclos\w*|disclaimers?|affiliate\w*)($|[\s_-])`)
	rightsMarks = namesLike(`(copyright\w*|licen[cs]e\w*|rights)($|[\s_-])`)
	paying      = textsLike(`advert|affiliat|(receive|earn).{0,30}(compensation|commission)|provision|werbe(partner|links?)|partnerlinks?|sponsor`)
	reserving   = textsLike(`copyright|©|all rights|reprint|alle rechte|nachdruck|tous droits|todos los derechos|todos os direitos|tutti i diritti|praw(em|a) autorski|все права|版权所有`)
	paidLine    = wordedLike(`(anzeige|werbung|advertorial|sponsored|publicité|publicidad)\b.{0,80}(affiliate|werbung|partner)`)
)

// contents removes the list of contents that a template makes of the headings of a text:
// all its words stand below.
func (p *pruner) contents(body *html.Node) {
	for _, n := range goquery.NewDocumentFromNode(body).Find("div, nav, section, aside, ul, ol").Nodes {
		if n == body || !within(n, body) || !marked(contentsMarks, marks(n)) {
			continue
		}
		links := linksIn(n)
		heads := headingsOutside(n, body)
		inner := 0
		for _, a := range links {
			if strings.HasPrefix(attr(a, "href"), "#") && heads[key(withoutNumber(textOf(a)))] {
				inner++
			}
		}
		if inner > 1 && inner*10 >= len(links)*8 && lineOf(n).links*3 >= lineOf(n).length()*2 {
			p.d.remove(n, repeated)
		}
	}
}

var (
	contentsMarks = namesLike(`([a-z]*toc|table-?of-?contents|inhaltsverzeichnis|anchor-?na\w*|jump-?(links|nav\w*)|sommaire|indice)($|[\s_-])`)
	numbering     = lazyregexp.New(`^[0-9IVX.)\s]+\s`)
)

func withoutNumber(text string) string { return numbering.ReplaceAllString(text, "") }

// headingsOutside are the headings of a text that are not within an element.
func headingsOutside(n, body *html.Node) map[string]bool {
	heads := map[string]bool{}
	for _, h := range allIn(body, headElements) {
		if !within(h, n) {
			heads[key(withoutNumber(textOf(h)))] = true
		}
	}
	return heads
}

package importer

import (
	"slices"

	"golang.org/x/net/html"
)

// furnitureBehind knows which pieces of a page are in what templates put behind texts: cards
// that offer other pages, and boxes about the author. It has to be made before anything is
// taken out of the page.
type furnitureBehind map[*html.Node]bool

func newFurnitureBehind(d *document) furnitureBehind {
	f := furnitureBehind{}
	cards, authors := newGridCards(d), map[*html.Node]bool{}
	isAuthors := func(n *html.Node) bool {
		is, known := authors[n]
		if !known {
			is = boxElements[n.Data] && marked(authorBox, marks(n))
			authors[n] = is
		}
		return is
	}
	for _, n := range d.ledger.pieces {
		if cards.offering(n) || ancestor(n, isAuthors) != nil {
			f[n] = true
		}
	}
	return f
}

// furnishBehind finds behind the last words of the text, and outside of the box that has them,
// what templates put there, with the heading above it. Nobody misses that, and who has to look
// at it on each page looks at nothing in the end.
func (d *document) furnishBehind(segments []Segment, from, to int) {
	last := to - 1
	for last >= from && !(segments[last].Kept && segments[last].Reason == inText) {
		last--
	}
	if last < from || len(d.furniture) == 0 {
		return
	}
	heading := -1 // where the pieces of a heading begin that nothing has followed yet
	for i := d.ledger.endOfBox(last, to); i < to; i++ {
		s, n := &segments[i], d.ledger.pieces[i]
		switch {
		case s.Kept || s.Picture || !saying(s.Text):
		case d.furniture[n]:
			for k := heading; k >= 0 && k < i; k++ {
				segments[k].furnish()
			}
			s.furnish()
			heading = -1
		case s.Link:
		case d.headsOffers(n):
			if heading < 0 || d.block(heading) != d.block(i) {
				heading = i
			}
		default:
			heading = -1
		}
	}
}

// endOfBox is where the innermost box ends that has a piece and lines beside it: what comes then
// is outside of it.
func (l *ledger) endOfBox(piece, most int) int {
	end := most
	for n, span := range l.spans {
		if span[0] <= piece && piece < span[1] && span[1] < end && textBoxes[n.Data] && l.rows[span[0]] != l.rows[span[1]-1] {
			end = span[1]
		}
	}
	return end
}

// textBoxes are elements that have texts in them, and lists and tables perhaps.
var textBoxes = set("div section article main td")

// furnish makes of what was dropped outside of the text what nobody needs to look at.
func (s *Segment) furnish() {
	if !s.Kept && (s.Reason == outside || s.Reason == menu) {
		s.Reason = furnished
	}
}

// offering reports whether a piece is in a card that says by a date or by the beginning of the
// page what it offers: a name with a link may be one of a list of persons.
func (g gridCards) offering(piece *html.Node) bool {
	for card := g.around(piece); card != nil; card = g.around(card.Parent) {
		begun, known := g.begun[card]
		if !known {
			begun = slices.ContainsFunc(flatten(card), g.d.beginsPage)
			g.begun[card] = begun
		}
		if begun {
			return true
		}
	}
	return false
}

// beginsPage reports whether a line of a card is a date or a sentence.
func (d *document) beginsPage(l line) bool {
	const sentence, date = 60, 40
	return !l.linked() && textWeight(l) >= sentence || l.length() <= date && d.onlyDated(l.text)
}

// headsOffers reports whether a piece is a heading that may stand above cards.
func (d *document) headsOffers(n *html.Node) bool {
	const longest = 60
	b := ancestor(n, func(n *html.Node) bool { return blockTags[n.Data] })
	if b == nil || lineOf(b).length() > longest {
		return false
	}
	return isHeading(b) || related()[key(fold(lineOf(b).text))]
}

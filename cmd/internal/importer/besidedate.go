package importer

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
)

// linesIn are the text pieces of an element, line by line, without those of another one.
func (d *document) linesIn(n, without *html.Node) [][]int {
	var all [][]int
	l := d.ledger
	span, but := l.spans[n], l.spans[without]
	for i := span[0]; i < span[1]; i++ {
		switch last := len(all) - 1; {
		case l.pieces[i].Type != html.TextNode || i >= but[0] && i < but[1]:
		case last >= 0 && l.blocks[all[last][0]] == l.blocks[i]:
			all[last] = append(all[last], i)
		default:
			all = append(all, []int{i})
		}
	}
	return all
}

func (d *document) textOfPieces(pieces []int) string {
	var b strings.Builder
	for _, i := range pieces {
		b.WriteString(d.ledger.pieces[i].Data + " ")
	}
	return richtext.CleanText(b.String())
}

// besideDate is what a line says besides its dates and the day of the week, and whether it
// has a date.
func besideDate(text string, language press.Language, o order) (rest string, dated bool) {
	found := findDates(text, language, o)
	if len(found) == 0 {
		return text, false
	}
	if len(found) == 1 && saysLittle(text, found[0]) {
		return "", true
	}
	rest = plainDigits(text)
	for _, r := range slices.Backward(found) {
		if r.start <= len(rest) {
			rest = rest[:r.start] + " " + rest[min(max(r.end, r.start), len(rest)):]
		}
	}
	rest = strings.Trim(richtext.CleanText(rest), "/|>»›-–—·•:：,;()[] ")
	if !saying(rest) {
		return "", true
	}
	return rest, true
}

// takeDate keeps the line of the date. What its element says besides is told, but for what
// the profile knows.
func (p *profiled) takeDate() {
	if p.date == nil || p.date == p.title.node || p.title.node != nil && within(p.date, p.title.node) || containsBody([]*html.Node{p.date}, p.body) || slices.Contains(p.body, p.date) {
		return
	}
	around := p.title.node != nil && within(p.title.node, p.date)
	for _, line := range p.d.linesIn(p.date, p.title.node) {
		rest, dated := besideDate(p.d.textOfPieces(line), p.d.language, dayFirst)
		known := rest == "" || p.profile.beside.have(rest)
		verdict := kept + inDate
		switch {
		case !dated && known:
			verdict = onMost
		case !dated && p.profile.date.attribute == "":
			continue // in doubt, as what stands beside a text is
		case !known:
			p.note(p.d.ledger.lines[line[0]], "words beside the date were left out: "+richtext.Shorten(rest, 80))
		}
		for _, i := range line {
			p.d.ledger.drop(p.d.ledger.pieces[i], verdict)
		}
	}
	if !around {
		p.takeAway(p.date)
	}
}

package importer

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// emptiedHeadings removes the headings of what was left out: behind them was something, and
// now the next of the text is a heading of their level, or nothing.
func (p *pruner) emptiedHeadings(body *html.Node) {
	at := map[*html.Node]int{}
	for i, n := range p.d.ledger.pieces {
		at[n] = i
	}
	var next *html.Node // of the text
	for _, b := range slices.Backward(leafBlocks(body)) {
		if lineOf(b).text == "" && firstIn(b, seenElements) == nil {
			continue
		}
		level := headLevel(b)
		if level == 0 && next == nil && labelsLinks(b, body) {
			level = 7
		}
		if level > 0 && (next == nil || heads(next, level)) {
			if from, ok := at[lastPiece(b)]; ok && p.leftOut(body, from+1, next == nil) {
				p.d.remove(b, menu)
				continue
			}
		}
		next = b
	}
}

// headLevel is the level of a heading, 7 for a line that is set off like one, and 0 for
// whatever else.
func headLevel(b *html.Node) int {
	l := lineOf(b)
	if quotes(b) || l.length() > 100 && endsSentence(l.text) {
		return 0 // text in large type
	}
	if h := ancestor(b, isHeading); h != nil {
		return int(h.Data[1] - '0')
	}
	if l.length() < 3 || l.length() > 80 || endsSentence(l.text) && !strings.HasSuffix(l.text, ":") && !strings.HasSuffix(l.text, "?") || !textElements[b.Data] && b.Data != "div" {
		return 0
	}
	if allStrong(b) {
		return 7
	}
	return 0
}

// allStrong reports whether all words of a block are set off.
func allStrong(b *html.Node) bool {
	if boldStyle.MatchString(attr(b, "style")) {
		return true
	}
	for n := range b.Descendants() {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" && ancestor(n.Parent, func(a *html.Node) bool { return a.Data == "strong" || a.Data == "b" }) == nil {
			return false
		}
	}
	return true
}

var boldStyle = lazyregexp.New(`(?i)(^|;)\s*font-weight\s*:\s*(bold|[6-9]00)`)

// heads reports whether a block is a heading of a level, or of one above.
func heads(b *html.Node, level int) bool {
	next := headLevel(b)
	return next > 0 && next <= level && next < 7
}

// lastPiece is the last text of a block.
func lastPiece(b *html.Node) (last *html.Node) {
	for n := range b.Descendants() {
		if n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" {
			last = n
		}
	}
	return last
}

// leftOut reports whether the next words behind a place of the page were left out as what
// leads away from it or operates it. Behind the end of the text those are links, too, that
// stand outside of it.
func (p *pruner) leftOut(body *html.Node, from int, end bool) bool {
	for _, n := range p.d.ledger.pieces[from:] {
		if n.Type != html.TextNode || !saying(richtext.CleanText(n.Data)) {
			continue
		}
		switch why := p.d.ledger.why[n]; why {
		case menu, control, advert:
			return !within(n, body)
		case "":
			return end && !within(n, body) && ancestor(n, leads) != nil
		}
		return false
	}
	return false
}

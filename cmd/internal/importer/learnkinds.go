package importer

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// parts are elements of which texts are made: alone they are no furniture.
var parts = set("td th tr thead tbody tfoot li dt dd figcaption caption a b strong em i u small sup sub q cite span font br abbr mark")

// kind says what an element is if it is one thing.
func (t *pageTemplate) kind(d *document, n *html.Node, weight map[*html.Node]int, inBody bool, edge [2]int) (seenElement, bool) {
	e := seenElement{names: names(n)}
	l := lineOf(n)
	if own := !inBody && t.ownPictures(d, n); l.text == "" || own {
		e.kind, e.text, e.pictured = wording, l.text, true
		return e, own
	}
	e.text, e.lines, e.leads = l.text, linesToKnow(n, l, inBody), ancestor(n, operable) != nil || leadsOrOperates(n)
	if !t.furnishes(d, n, inBody) {
		e.kind = varies
	}
	loose := standsLoose(n)
	span := d.ledger.spans[n]
	e.labelled = !inBody && t.labelled(d, n, l)
	cell := !inBody && !loose && parts[n.Data] && filesPages(l)
	switch {
	case e.kind == "" && cell && (e.labelled || len(ownNames(n)) > 0):
		e.kind = wording
		return e, len(e.names) > 0
	case e.kind == "":
		e.kind = repeats
		return e, t.repeatsLoosely(d, n, inBody, edge)
	case e.labelled && span[0] > edge[1] && t.leadsToLists(d, n):
		e.kind = offers
		return e, len(e.names) > 0
	case !inBody && e.labelled, inBody && span[1] <= edge[0]+1 && l.links == 0 && len(ownNames(n)) > 0 && filesPages(l):
		e.kind = wording
		return e, len(e.names) > 0
	}
	return t.varying(d, n, e, weight, inBody, edge)
}

// varying says what an element is of which the words are not those of other pages.
func (t *pageTemplate) varying(d *document, n *html.Node, e seenElement, weight map[*html.Node]int, inBody bool, edge [2]int) (seenElement, bool) {
	l, span := lineOf(n), d.ledger.spans[n]
	switch {
	case t.likes(d, n):
		e.kind = likes
		return e, true
	case d.entry(n) && alikeBeside(n), t.labelsOne(d, n, l):
		e.kind = offers
		return e, len(e.names) > 0 && !introduced(n)
	case l.links*2 > l.length() && len(allIn(n, linkElements)) > 1, !inBody && d.listsPages(n):
		e.kind = offers
		named := strongMarks.MatchString(marks(n)) || !inBody || span[1] > edge[1]
		return e, standsLoose(n) && named && namedForLinks(n)
	case inBody:
		return e, false
	case l.linked(), n.Data == "nav", n.Data == "footer" && l.links > 0, d.ofSystem(n, l):
		return e, len(e.names) > 0
	case weight[n] >= 60 && l.links*4 < l.length() && len(ownNames(n)) > 0 && !templateElements[n.Data]:
		e.kind = prose
		return e, true
	}
	e.kind = wording
	return e, len(e.names) > 0 && !templateElements[n.Data] && !t.mixed(d, n)
}

// repeatsLoosely reports whether an element of which the words stand on most pages is furniture:
// between words of this page only, or as a part of a line, they may be the text's.
func (t *pageTemplate) repeatsLoosely(d *document, n *html.Node, inBody bool, edge [2]int) bool {
	span := d.ledger.spans[n]
	switch {
	case !inBody:
		return standsLoose(n)
	case span[0] > edge[0] && span[1] <= edge[1] && len(ownNames(n)) == 0:
		return false
	}
	return standsLoose(n) && !parts[n.Data] || t.setApart(d, n, edge)
}

// setApart reports whether a named part of a line in the text, outside of the words of this page
// only, has nothing beside it in its line but what stands on most pages, and a date.
func (t *pageTemplate) setApart(d *document, n *html.Node, edge [2]int) bool {
	l, span := d.ledger, d.ledger.spans[n]
	if n.Data != "span" || len(ownNames(n)) == 0 || span[0] >= edge[0] && span[1] <= edge[1]+1 {
		return false
	}
	from, to := span[0], span[1]
	for from > 0 && l.rows[from-1] == l.rows[span[0]] {
		from--
	}
	for to < len(l.pieces) && l.rows[to] == l.rows[span[0]] {
		to++
	}
	for _, piece := range l.pieces[from:to] {
		if text := richtext.CleanText(piece.Data); piece.Type == html.TextNode && saying(text) && !t.onMost(d.language, text, false) && !d.onlyDated(text) {
			return false
		}
	}
	return true
}

// namedForLinks reports whether an element of links, which has a name, leads to other pages: it is
// not announced by the text before it, and is of no files.
func namedForLinks(n *html.Node) bool {
	return len(ownNames(n)) > 0 && !introduced(n) && !offersFiles(n)
}

// standsLoose reports whether an element is no part of a line or of a list.
func standsLoose(n *html.Node) bool {
	return !parts[n.Data] || n.Parent != nil && !parts[n.Parent.Data] && n.Parent.Data != "p" && !isHeading(n.Parent)
}

// linesToKnow are the lines by which an element is known that no selector names.
func linesToKnow(n *html.Node, whole line, inBody bool) (lines []string) {
	if inBody {
		return []string{whole.text}
	}
	for _, l := range flatten(n) {
		lines = append(lines, l.text)
	}
	return lines
}

// mixed reports whether only some of the lines of an element stand on other pages, too.
func (t *pageTemplate) mixed(d *document, n *html.Node) bool {
	lines := flatten(n)
	return len(lines) > 1 && slices.ContainsFunc(lines, func(l line) bool { return t.onMost(d.language, l.text, false) })
}

// ofSystem reports whether an element says of itself, or its words do, that a system writes
// it on each page, though in other words: for whom it is filed, when it was changed.
func (d *document) ofSystem(n *html.Node, l line) bool {
	if marked(strongMarks, marks(n)) || marked(shareMarks, marks(n)) || isAuthorBox(n) {
		return true
	}
	if l.links > 0 && (teaserMarks.MatchString(attr(n, "class")) || marked(offerMarks, marks(n))) {
		return true // without a link it is an "event" or a "teaser" of this page
	}
	l.text = bracketed.ReplaceAllString(l.text, "")
	return !namesSource.MatchString(l.text) && (tailLines.MatchString(l.text) || onlyControls(l.text) || counter.MatchString(l.text) || d.datesPage(n, l.text))
}

// isAuthorBox recognises boxes about who wrote a page by their name, or that of a part.
func isAuthorBox(n *html.Node) bool {
	return marked(authorBox, marks(n)) || slices.ContainsFunc(elementsOf(n), func(c *html.Node) bool { return marked(authorBox, marks(c)) })
}

// bracketed is a control in front of a line, such as "【Report an error】".
var bracketed = lazyregexp.New(`^\s*【[^】]{1,12}】\s*`)

// furnishes reports whether all lines of an element stand on most pages: in a text with the
// same numbers, for others say something else.
func (t *pageTemplate) furnishes(d *document, n *html.Node, inBody bool) bool {
	for _, l := range flatten(n) {
		exactly := inBody && !l.linked() && !counter.MatchString(l.text)
		says := strings.ContainsFunc(l.text, isWord) || exactly && saying(l.text)
		if _, words := textKey(d.language, l.text); l.linked() && !words {
			continue // "X" is the name of a network, and counted nowhere
		}
		if says && !t.onMost(d.language, l.text, exactly) {
			return false
		}
	}
	return true
}

// introduced reports whether the text before an element announces it.
func introduced(n *html.Node) bool {
	before := previousElement(n)
	return before != nil && strings.HasSuffix(lineOf(before).text, ":")
}

func isWord(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xbf }

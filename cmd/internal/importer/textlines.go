package importer

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// lines removes furniture from the text by its words: controls, tails, the title and
// the date repeated, lists of links. A word alone proves nothing where it may be an
// answer, a cell or a name: what surrounds it must say that it is a control.
func (p *pruner) lines(body *html.Node, title string) {
	p.d.known = map[*html.Node]line{}
	defer func() { p.d.known = nil }()
	p.sendingOn(body) // while the prompts stand above their links
	p.soleOffers(body)
	blocks := leafBlocks(body)
	said := 0 // lines with words so far
	for i, b := range blocks {
		l := p.d.lineAt(b)
		if l.text == "" {
			continue
		}
		first, last := i < 4, i > len(blocks)-4
		said++
		switch {
		case ornament(l.text) && l.length() < 12 && !p.inTable(b):
			p.d.remove(b, ornamental)
		case (first || last) && l.length() < 40 && counter.MatchString(l.text):
			p.d.remove(b, control)
		case onlyControls(l.text) && p.operates(b, l):
			p.d.ledger.worded[b] = worded(b)
			p.d.remove(b, control)
		case first && key(l.text) == key(title) && key(title) != "":
			p.d.remove(b, repeated)
		case first && looksLikeCrumbs(l.text) && l.length() < 200 && (l.linked() || p.namesSection(l)):
			p.d.remove(b, inCrumbs)
		case (said <= 4 || last) && p.dateLine(l) && !p.inSeries(b, blocks):
			p.removeDate(b, body, said <= 4)
		case (i > len(blocks)-7 || i < 3) && tailLines.MatchString(l.text) && l.length() < 300 && !inFrame(b) && !isHeading(b):
			p.d.remove(b, menu)
		}
	}
	p.relatedBoxes(body)
	p.offers(body)
	p.linkLists(body)
	p.tails(body)
	p.emptiedHeadings(body)
	p.trailingHeadings(body)
}

// counter tells how often a page was read, or how long that takes.
var counter = linesLike(`^(浏览|浏览次数|浏览量|阅读|阅读量|阅读次数|点击|点击数|点击次数|点击率|views?|hits|visits|aufrufe|vues|visitas|просмотров|просмотры)\s*[:：]\s*[0-9.,]+\s*次?$|^[0-9]+ ?-?min(ute)?s?\.? (read|lesezeit|de lecture|de lectura|di lettura)$`)

// inCrumbs is the verdict on a breadcrumb: its words are the section's.
const inCrumbs = kept + inSection

// removeDate takes out the line of the article's date, or of its first lines the list
// of data that it stands in.
func (p *pruner) removeDate(b, body *html.Node, first bool) {
	p.d.ledger.keep(b, inDate)
	if box := dataBox(b, body); first && box != b {
		p.d.remove(box, menu)
		return
	}
	p.d.forget(b)
	remove(b)
}

// namesSection reports whether a line has the names of the page's section.
func (p *pruner) namesSection(l line) bool {
	return len(p.page.Section) > 0 && strings.Contains(key(l.text), key(p.page.Section[len(p.page.Section)-1]))
}

// worded reports whether a line of controls has words which operate nothing, and its marks
// do not say that it is one.
func worded(b *html.Node) bool {
	if ancestor(b, func(n *html.Node) bool { return marked(furniture, marks(n)) }) != nil {
		return false
	}
	for n := range b.Descendants() {
		if n.Type == html.TextNode && saying(n.Data) && ancestor(n.Parent, operable) == nil {
			return true
		}
	}
	return false
}

// inTable reports whether a block is in a cell, where dashes and words like "Medium"
// are answers.
func (p *pruner) inTable(b *html.Node) bool {
	cell := ancestor(b, func(n *html.Node) bool { return n.Data == "td" || n.Data == "th" })
	if cell == nil {
		return false
	}
	if nextElement(cell) != nil || previousElement(cell) != nil {
		return true
	}
	plain, known := p.cells[cell]
	if !known {
		plain = firstIn(cell, operating) == nil
		p.cells[cell] = plain // a page may be one cell, and is asked about in each block
	}
	return plain
}

var operating = set("a button img")

// operates reports whether a block whose words are those of controls is one: it is
// linked, or has other controls beside it; and it is no heading with text below, no
// cell among cells, no part of a definition.
func (p *pruner) operates(b *html.Node, l line) bool {
	if p.inTable(b) || isHeading(b) || b.Data == "dt" || b.Data == "dd" || shows(b) {
		return false
	}
	if l.links > 0 || attr(b, "onclick") != "" || marked(buttonMarks, marks(b)) || goquery.NewDocumentFromNode(b).Find("a, button, [onclick], [role=button]").Length() > 0 {
		return true
	}
	if len(strings.FieldsFunc(l.text, func(r rune) bool { return r <= ' ' })) > 2 || strings.ContainsAny(l.text, "【】［］[]|｜") {
		return true // "Share Tweet Print", "【打印】"
	}
	for _, s := range []*html.Node{nextElement(b), previousElement(b)} {
		if s != nil && s.Data == b.Data {
			if o := lineOf(s); onlyControls(o.text) && o.links > 0 {
				return true
			}
		}
	}
	return false
}

// shows reports whether a block has a picture that is no part of a control, or a link to
// a file: such a one is of the text, whatever its words are.
func shows(b *html.Node) bool {
	for _, n := range goquery.NewDocumentFromNode(b).Find("img, a").Nodes {
		if n.Data == "a" && fileName.MatchString(attr(n, "href")) {
			return true
		}
		if n.Data == "img" && ancestor(n, operable) == nil && !onlyControls(attr(n, "alt")) {
			return true
		}
	}
	return false
}

func nextElement(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil && n.Type != html.ElementNode; n = n.NextSibling {
	}
	return n
}

func previousElement(n *html.Node) *html.Node {
	for n = n.PrevSibling; n != nil && n.Type != html.ElementNode; n = n.PrevSibling {
	}
	return n
}

func elementsOf(n *html.Node) []*html.Node {
	return slices.DeleteFunc(childrenOf(n), func(c *html.Node) bool { return c.Type != html.ElementNode })
}

func isHeading(n *html.Node) bool {
	return len(n.Data) == 2 && n.Data[0] == 'h' && n.Data[1] >= '1' && n.Data[1] <= '6'
}

// relatedBoxes removes the boxes that offer other pages: the element that their heading
// begins, or else the heading and all its following siblings. Prose below such a heading
// is a part of the text.
func (p *pruner) relatedBoxes(body *html.Node) {
	blocks := leafBlocks(body)
	const most = 20 // boxes that are examined: whoever makes more wants to cost time
	examined := 0
	for i, b := range blocks {
		if examined == most {
			return
		}
		if i < len(blocks)/3 || !within(b, body) || !related()[key(fold(p.d.lineAt(b).text))] {
			continue
		}
		examined++
		box := b
		for box.Parent != nil && box.Parent != body && opens(box) {
			box = box.Parent
		}
		offered := []*html.Node{box}
		for s := box.NextSibling; box == b && s != nil; s = s.NextSibling {
			offered = append(offered, s)
		}
		links, all := 0, 0
		for _, n := range offered {
			for _, l := range flatten(n) {
				all++
				if l.linked() {
					links++
				}
			}
		}
		if links*4 < all-1 {
			continue
		}
		for _, n := range offered {
			p.d.remove(n, menu)
		}
	}
}

// opens reports whether an element is the first with text in its parent.
func opens(n *html.Node) bool {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" || s.Type == html.ElementNode && textOf(s) != "" {
			return false
		}
	}
	return true
}

// dataBox is the short list above a text that contains its date and other data, or
// else the block itself.
func dataBox(b, body *html.Node) *html.Node {
	box := ancestor(b, func(n *html.Node) bool { return n.Data == "dl" || n.Data == "ul" || n.Data == "table" })
	if box != nil && box != body && within(box, body) && lineOf(box).length() < 250 {
		return box
	}
	return b
}

// dateLine reports whether a short line is the date of the article: it says so with a
// label, or says nothing but the date that the article has.
func (p *pruner) dateLine(l line) bool {
	if l.length() > 90 || strings.HasSuffix(l.text, ".") || strings.HasSuffix(l.text, "。") {
		return false
	}
	for _, r := range findDates(l.text, p.d.language, dayFirst) {
		c := candidate{reading: r}
		if !aloneness(line{text: l.text}, c) {
			continue
		}
		if publishedLabel.MatchString(l.text) || updatedLabel.MatchString(l.text) {
			return true
		}
		if l.node != nil && markedAsDate(l.node) && (p.page.onDay(r) || saysLittle(l.text, r)) {
			return true // a day and a name are somebody's who signs
		}
		if p.page.onDay(r) && saysLittle(l.text, r) {
			return true
		}
	}
	return false
}

// inSeries reports whether a line that is a date heads one day of several, as in a programme
// or a chronicle.
func (p *pruner) inSeries(b *html.Node, blocks []*html.Node) bool {
	day := func(n *html.Node) (reading, bool) {
		text := p.d.lineAt(n).text
		found := findDates(text, p.d.language, dayFirst)
		if len(found) != 1 || !saysLittle(text, found[0]) || publishedLabel.MatchString(text) || updatedLabel.MatchString(text) {
			return reading{}, false
		}
		return found[0], true
	}
	own, ok := day(b)
	return ok && slices.ContainsFunc(blocks, func(other *html.Node) bool {
		if other.Data != b.Data || attr(other, "class") != attr(b, "class") || other.Parent == nil {
			return false
		}
		r, dated := day(other)
		return dated && !r.sameDay(own)
	})
}

// saysLittle reports whether a line has, besides a date, at most the day of the week.
func saysLittle(text string, r reading) bool {
	text = plainDigits(text)
	rest := text[:r.start] + " " + text[min(r.end, len(text)):]
	words := strings.FieldsFunc(rest, func(c rune) bool { return !unicode.IsLetter(c) })
	return len(words) == 0 || len(words) == 1 && utf8.RuneCountInString(words[0]) <= 10 && r.start > 0 && !strings.Contains(rest, ".")
}

// onDay reports whether a date is the page's, or could be if that is not known.
func (p *Page) onDay(r reading) bool {
	return p.Published.IsZero() || p.Published.Year() == r.year && int(p.Published.Month()) == r.month && p.Published.Day() == r.day
}

// offersPages reports whether a list of links is an offer of other pages, and not part
// of what the text says: nothing introduces it and nothing follows.
func (p *pruner) offersPages(n, body *html.Node, blocks []*html.Node) bool {
	if nearest := ancestor(n, func(a *html.Node) bool {
		return marked(furniture, marks(a)) || marked(teaserMarks, attr(a, "class"))
	}); nearest != nil && within(nearest, body) && nearest != body {
		return true
	}
	if offersFiles(n) || (n.Data == "ul" || n.Data == "ol") && listsPersons(n, elementsOf(n)) {
		return false
	}
	at := slices.IndexFunc(blocks, func(b *html.Node) bool { return within(b, n) })
	before := ""
	for i := at - 1; i >= 0 && before == ""; i-- {
		before = p.d.lineAt(blocks[i]).text
		if before != "" && isHeading(blocks[i]) {
			return related()[key(fold(before))]
		}
	}
	if strings.HasSuffix(before, ":") || strings.HasSuffix(before, "：") {
		return false
	}
	for _, b := range slices.Backward(blocks) {
		if within(b, n) {
			break
		}
		if l := p.d.lineAt(b); l.length() > 40 && !l.linked() && at >= 0 {
			return false
		}
	}
	return true
}

// linkLists removes lists and tables that consist of links, unless the text speaks of
// them: an introduction with a colon, a heading of its own, text that goes on below. Such a
// list may be all that a page says: the members of a delegation.
func (p *pruner) linkLists(body *html.Node) {
	blocks := leafBlocks(body)
	goquery.NewDocumentFromNode(body).Find("ul, ol, table, dl").Each(func(i int, s *goquery.Selection) {
		n := s.Nodes[0]
		if n == body || n.Parent == nil || within(body, n) {
			return
		}
		l := lineOf(n)
		if links := s.Find("a").Length(); links > 1 && l.links*10 > l.length()*8 && l.length() < links*160 && i < maxMedia && p.offersPages(n, body, blocks) && l.text != lineOf(body).text {
			p.d.remove(n, menu)
		}
	})
}

// trailingHeadings removes headings that nothing follows.
func (p *pruner) trailingHeadings(body *html.Node) {
	blocks := leafBlocks(body)
	for _, last := range slices.Backward(blocks) {
		if p.d.lineAt(last).text == "" && firstIn(last, seenElements) == nil {
			p.d.remove(last, ornamental)
			continue
		}
		h := ancestor(last, func(n *html.Node) bool { return n == body || len(n.Data) == 2 && n.Data[0] == 'h' && n.Data != "hr" })
		if h == nil || h == body || quotes(h) || followed(h, body) {
			return
		}
		p.d.remove(h, menu)
	}
}

// followed reports whether text or a picture follows an element.
func followed(n, root *html.Node) bool {
	for ; n != nil && n != root; n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" {
				return true
			}
			if s.Type == html.ElementNode && (textOf(s) != "" || s.Data == "img" || isMedium(s) || goquery.NewDocumentFromNode(s).Find("img, math, "+mediaTags).Length() > 0) {
				return true
			}
		}
	}
	return false
}

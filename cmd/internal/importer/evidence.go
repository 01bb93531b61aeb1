package importer

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// taken is an element that was taken out as furniture, and what holds its place.
type taken struct {
	node, place *html.Node
	reason      string
}

// takeOut takes an element out of the page, for now.
func (p *pruner) takeOut(n *html.Node, reason string) {
	if n.Parent == nil {
		return
	}
	place := &html.Node{Type: html.CommentNode}
	n.Parent.InsertBefore(place, n)
	p.d.ledger.drop(n, reason)
	p.d.ledger.setAside(n)
	remove(n)
	p.out = append(p.out, taken{n, place, reason})
}

// putBack returns into the part of the page that has the text what was taken out of
// there against the evidence: marks are names that somebody gave to a template, and
// their words occur in those of texts, too. It reports whether there was any.
func (p *pruner) putBack(scope *html.Node) (some bool) {
	opened := p.opened()
	for _, t := range p.out {
		if t.place.Parent == nil || !within(t.place, scope) || !p.isText(t, opened) {
			continue
		}
		t.place.Parent.InsertBefore(t.node, t.place)
		remove(t.place)
		some = true
		p.d.ledger.take(t.node)
		p.lost = slices.DeleteFunc(p.lost, func(l lostText) bool { return within(l.node, t.node) })
	}
	for _, t := range p.out {
		removeApart(t.place)
	}
	return some
}

// strongMarks say what an element is so surely that short texts don't contradict them.
var strongMarks = namesLike(`(shar(e|ing)|addthis\w*|cookies?|consent|gdpr|newsletter|subscribe|subscription|comment-?(form|list|respond)|comments-area|disqus\w*|respond|breadcrumbs?|crumbs?|navbar|navigation|submenu|pagination|pager|login|search-?(form|box|block)|popup|modal|lightbox-overlay|adsense|advert\w*|guanggao|qr-?code|ewm|erweima|related|verwandte|similar|recommend\w*|tuijian|xgxw|more-?(news|articles|links)|see-?also|sidebar|ratings|likes-\w+|back-?to-?top|skip-?\w*|langs?-?switch\w*|language-switch\w*|tagcloud|tags-links|post-tags|site-?footer|page-?footer)($|[\s_-])`)

var (
	adverts = namesLike(`(ads?|advert\w*|adsense|guanggao|promo)($|[\s_-])`)
	// consenting are the words of boxes that ask before a frame is loaded, or stand in for it.
	consenting = textsLike(`cookie|consent|iframe|youtube|vimeo|google|browser|datenschutz|javascript|\bplayer\b`)
	unfolded   = namesLike(`(collaps\w*|accordion\w*|akkordeon\w*|tab-?pane\w*|tab-?panel\w*|panel\w*|toggle-?(content|body)|faq\w*|details|expand\w*)($|[\s_-])`)
)

// aboutMedia reports whether the text around a frame speaks of nothing but the frame.
func aboutMedia(n *html.Node) bool {
	for _, b := range leafBlocks(n) {
		if text := lineOf(b).text; text != "" && !consenting.MatchString(text) && !onlyControls(text) {
			return false
		}
	}
	text := textOf(n)
	return text == "" || len(leafBlocks(n)) > 0 || consenting.MatchString(text)
}

// isText reports whether what was taken out belongs to the text.
func (p *pruner) isText(t taken, opened map[string]bool) bool {
	switch t.reason {
	case hidden:
		return unfolds(t.node, opened, p.strict)
	case caption:
		return captionsOnly(t.node)
	case control:
		return p.isHead(t.node)
	}
	n := t.node
	l := lineOf(n)
	s := goquery.NewDocumentFromNode(n)
	if l.text == "" || l.links*2 > l.length() || onlyControls(l.text) && s.Find("a, button").Length() > 0 || s.Find("form, input, textarea").Length() > 0 {
		return quotes(n)
	}
	if !quotes(n) && shares(n, l) {
		return false
	}
	if n.Data == "nav" || attr(n, "role") == "navigation" || attr(n, "role") == "banner" {
		return false
	}
	if !quotes(n) && l.length() < 300 && tailLines.MatchString(l.text) && !isHeading(n) {
		return false
	}
	if quotes(n) || textElements[n.Data] {
		return !onlyControls(l.text) || s.Find("a, button").Length() == 0
	}
	return p.isTextBox(t, l)
}

// isTextBox is isText for an element that texts are not made of.
func (p *pruner) isTextBox(t taken, l line) bool {
	n := t.node
	if blocks := leafBlocks(n); len(blocks) > 0 && related()[key(fold(lineOf(blocks[0]).text))] || tailLines.MatchString(l.text) {
		return false
	}
	prose := l.length() >= 60 && l.links*4 < l.length() && endsSentence(l.text)
	if marked(strongMarks, marks(n)) || t.reason == advert {
		return prose && l.length() >= 120 && !marked(unwelcome, marks(n))
	}
	if n.Data == "footer" || attr(n, "role") == "contentinfo" {
		// One that is no section's is the site's.
		return !tailLines.MatchString(l.text) && ancestor(t.place, func(a *html.Node) bool { return sections[a.Data] || isArticle(a) }) != nil
	}
	if n.Data == "aside" && marked(widgets, marks(n)) {
		return false
	}
	return !p.dateLine(l) && !(l.length() < 60 && publishedLabel.MatchString(l.text))
}

// sections have a footer of their own.
var sections = set("article section main blockquote figure")

// widgets are what systems call the boxes beside every page.
var widgets = namesLike(`(widget|sidebar)`)

// captionsOnly reports whether a gallery has no text but the captions of its pictures, which
// says something of each: then it is figures one after the other.
func captionsOnly(n *html.Node) bool {
	found := false
	for _, l := range flatten(n) {
		figure := ancestor(l.node, func(a *html.Node) bool { return a.Data == "figure" })
		if figure == nil || !within(figure, n) || ancestor(l.node, func(a *html.Node) bool { return a.Data == "figcaption" }) == nil || len(allIn(figure, pictureElements)) != 1 {
			return false
		}
		found = true
	}
	return found
}

// unfolds reports whether what is hidden is a folded part of the text, and unfolds it. By a
// profile the name of its class says nothing.
func unfolds(n *html.Node, opened map[string]bool, strict bool) bool {
	role := attr(n, "role")
	if !opened[attr(n, "id")] && (strict || !marked(unfolded, marks(n))) && role != "tabpanel" && role != "region" {
		return false
	}
	unhide(n)
	return textOf(n) != "" && goquery.NewDocumentFromNode(n).Find("input, textarea").Length() == 0
}

// unwelcome are marks of boxes that are never an article's, whatever they say.
var unwelcome = textsLike(`cookie|consent|gdpr|newsletter|subscri|comment|respond|login|popup|modal|related|recommend|sidebar|advert|adsense`)

// textElements are those that texts are made of: no template calls its furniture so
// without a link or a control in it.
var textElements = set("h1 h2 h3 h4 h5 h6 p td th tr tbody thead tfoot dt dd dl blockquote q cite em strong b i u sup sub mark figcaption pre")

// quotes reports whether an element is a part of a quotation or a table.
func quotes(n *html.Node) bool {
	return n.Parent != nil && ancestor(n.Parent, func(a *html.Node) bool { return a.Data == "blockquote" || a.Data == "q" }) != nil
}

// isHead turns the button or label that heads a folded part of the text into a line.
func (p *pruner) isHead(n *html.Node) bool {
	folds := attr(n, "aria-controls") != "" || attr(n, "aria-expanded") != "" || strings.Contains(attr(n, "data-toggle")+attr(n, "data-bs-toggle"), "collapse") || !p.strict && marked(unfolded, marks(n))
	loose := n.Data == "label" && ancestor(n, func(a *html.Node) bool { return a.Data == "form" }) == nil && goquery.NewDocumentFromNode(n).Find("input, select").Length() == 0
	text := richtext.CleanText(goquery.NewDocumentFromNode(n).Text())
	if !folds && !loose || text == "" || !p.strict && onlyControls(text) {
		return false
	}
	switch n.Data {
	case "button":
		n.Data = "p"
	case "label":
		n.Data = "span"
	}
	return true
}

// opened are the ids of what controls of the page unfold.
func (p *pruner) opened() map[string]bool {
	ids := map[string]bool{}
	add := func(n *html.Node) {
		for _, a := range []string{"aria-controls", "data-target", "data-bs-target", "href"} {
			if id := strings.TrimPrefix(attr(n, a), "#"); id != "" && (a != "href" || strings.HasPrefix(attr(n, a), "#")) {
				ids[id] = true
			}
		}
	}
	const controls = "[aria-controls], [data-target], [data-bs-target]"
	p.d.tree.Find(controls + ", a[href^='#']").Each(func(_ int, s *goquery.Selection) { add(s.Nodes[0]) })
	for _, t := range p.out {
		goquery.NewDocumentFromNode(t.node).Find(controls).AddNodes(t.node).Each(func(_ int, s *goquery.Selection) { add(s.Nodes[0]) })
	}
	delete(ids, "")
	return ids
}

// unhide takes from an element what hides it.
func unhide(n *html.Node) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == "hidden" || a.Key == hiddenMark || a.Key == "aria-hidden" || a.Key == "style" || a.Key == "class" && screenOnly.MatchString(a.Val)
	})
}

// scope is the part of the page in which the text is: what the page says is the
// article, or what contains title and text.
func (d *document) scope(body *html.Node, title heading) *html.Node {
	whole := func(n *html.Node) bool { return n.Data == "body" || n.Data == "html" || n.Parent == nil }
	if a := ancestor(body, isArticle); a != nil && (title.node == nil || within(title.node, a)) {
		return a
	}
	at := body
	for title.node != nil && !within(title.node, at) && at.Parent != nil {
		at = at.Parent
	}
	if whole(at) {
		return body
	}
	for !blockTags[at.Data] && !whole(at.Parent) {
		at = at.Parent // what stands in a line is a part of its block
	}
	return at
}

func isArticle(n *html.Node) bool {
	return n.Data == "article" || strings.Contains(attr(n, "itemtype"), "Article")
}

// stretch is where the text is among the pieces of the page: what is dropped in there
// is in doubt.
func (d *document) stretch(scope, body *html.Node, title heading) (from, to int) {
	from, to = d.ledger.spans[body][0], d.ledger.spans[body][1]
	if isArticle(scope) || scope.Data == "main" || !blockTags[body.Data] {
		to = d.ledger.spans[scope][1]
	} else if a := ancestor(body, isArticle); a != nil {
		to = d.ledger.spans[a][1]
	}
	if at, ok := d.ledger.spans[title.node]; ok && at[0] < to {
		from = at[0]
	}
	return from, to
}

// aroundTexts is [document.stretch] for texts that a profile names, up to the end of what
// contains title and texts. Beyond are the elements there that lead away or are filled in.
func (d *document) aroundTexts(body []*html.Node, title heading) (from, to int, beyond []*html.Node) {
	from, to = d.stretch(d.scope(body[0], title), body[0], title)
	for _, b := range body {
		to = max(to, d.ledger.spans[b][1])
	}
	for at := body[len(body)-1]; at.Parent != nil && at.Parent.Data != "body"; at = at.Parent {
		for s := at.NextSibling; s != nil; s = s.NextSibling {
			switch l := lineOf(s); {
			case s.Type != html.ElementNode || unseen[s.Data] || l.text == "" && firstIn(s, pictureElements) == nil:
			case l.linked(), s.Data == "nav", s.Data == "form", s.Data == "footer" && l.links > 0:
				beyond = append(beyond, s)
			default:
				to = max(to, d.ledger.spans[s][1])
			}
		}
		if title.node == nil || within(title.node, at.Parent) {
			break
		}
	}
	return from, to, beyond
}

// belongs reports whether a block beside the text is a part of it: it stands between
// title and text or behind the text, and neither its marks nor its words say that it is
// something else.
func (d *document) belongs(n *html.Node, weight map[*html.Node]int) bool {
	if running(n, weight) {
		return true
	}
	l := lineOf(n)
	s := goquery.NewDocumentFromNode(n)
	if l.text != "" && pictureWithCaption(n) || s.Find("area[href][alt]").Length() > 0 {
		return true
	}
	if l.text == "" || onlyControls(l.text) || looksLikeCrumbs(l.text) || tailLines.MatchString(l.text) || ornament(l.text) || related()[key(fold(l.text))] {
		return false
	}
	if l.linked() {
		before := previousElement(n)
		return offersFiles(n) || writesTo(n) || before != nil && (n.Data == "ul" || n.Data == "ol") && strings.HasSuffix(lineOf(before).text, ":")
	}
	if markedOff(n) {
		return false
	}
	if s.Find("form, input, button, nav").Length() > 0 || s.Find("img").Length() > 0 && n.Data != "p" {
		return false
	}
	return !d.datesPage(n, l.text)
}

// pictureWithCaption reports whether an element is one picture and what is said of it.
func pictureWithCaption(n *html.Node) bool {
	s := goquery.NewDocumentFromNode(n)
	if s.Find("img").Length() != 1 {
		return false
	}
	switch n.Data {
	case "figure":
		return true
	case "a":
		return s.Find("figure > figcaption").Length() == 1 && pictureFile.MatchString(attr(n, "href"))
	case "div", "p":
		c := s.Find("img").Nodes[0]
		for c.Parent != n {
			c = c.Parent
		}
		next := nextElement(c)
		return marked(frameMark, marks(n)) && next != nil && nextElement(next) == nil && marked(captionMark, marks(next)) && !lineOf(next).linked()
	}
	return false
}

// writesTo reports whether all links of an element are addresses to write to.
func writesTo(n *html.Node) bool {
	s := goquery.NewDocumentFromNode(n)
	return s.Find("a[href]").Length() > 0 && s.Find("a[href]").Length() == s.Find("a[href^='mailto:']").Length()
}

// unnamed reports whether a template has not named an element: it names what is its own.
func unnamed(n *html.Node) bool {
	return marks(n) == "" && attr(n, "role") == "" && !templateElements[n.Data]
}

var templateElements = set("nav footer header aside form script style noscript template iframe link")

// behind divides what follows a text in the block of its title, as far as no template
// has named it: what belongs to the text, and what perhaps does.
func (d *document) behind(at *html.Node, weight map[*html.Node]int) (text, unsure []*html.Node) {
	for s := at.NextSibling; s != nil; s = s.NextSibling {
		if s.Type != html.ElementNode || unseen[s.Data] {
			continue
		}
		if !unnamed(s) || related()[key(fold(lineOf(s).text))] {
			break
		}
		if d.belongs(s, weight) {
			text = append(text, s)
		} else if !d.listsPages(s) {
			unsure = append(unsure, s)
		}
	}
	return text, unsure
}

// markedOff reports whether the marks of a block say that it is not of the text.
func markedOff(n *html.Node) bool {
	if marked(strongMarks, marks(n)) || marked(kickerMarks, marks(n)) {
		return true
	}
	class := attr(n, "class")
	return !textElements[n.Data] && (notContent.MatchString(class) || teaserMarks.MatchString(class) ||
		marked(frameMark, marks(n)) || marked(captionMark, marks(n)))
}

// datesPage reports whether a block says when the page was made, and little else.
func (d *document) datesPage(n *html.Node, text string) bool {
	for _, r := range findDates(text, d.language, dayFirst) {
		if saysLittle(text, r) || publishedLabel.MatchString(text) || updatedLabel.MatchString(text) || data.MatchString(text) || markedAsDate(n) {
			return true
		}
	}
	return false
}

var fileName = textsLike(`\.(pdf|doc[xm]?|hwpx?|odt|ods|odp|xls[xm]?|ppt[xm]?|csv|ics|txt|rtf|zip)([?#]|$)`)

// NamesFile reports whether an address is that of a file, not of a page, by its name.
func NamesFile(address string) bool { return fileName.MatchString(address) }

// offersFiles reports whether the links of an element lead to files.
func offersFiles(n *html.Node) bool {
	files, links := 0, linksIn(n)
	for _, a := range links {
		if fileName.MatchString(attr(a, "href")) {
			files++
		}
	}
	return files > 0 && files*2 > len(links)
}

// paragraphsOf makes paragraphs of the words that stand bare between the blocks of an
// element.
func paragraphsOf(parent *html.Node) {
	for c := parent.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.TextNode || len(strings.TrimSpace(c.Data)) < 3 {
			continue
		}
		p := &html.Node{Type: html.ElementNode, Data: "p"}
		parent.InsertBefore(p, c)
		parent.RemoveChild(c)
		p.AppendChild(c)
		c = p
	}
}

// alike reports whether two elements are of one kind in the template.
func alike(a, b *html.Node) bool {
	return a.Data == b.Data && attr(a, "class") != "" && numbers.ReplaceAllString(attr(a, "class"), "") == numbers.ReplaceAllString(attr(b, "class"), "")
}

// numbers count the parts of a text in what their classes are called.
var numbers = lazyregexp.New(`[0-9]+`)

// account settles what became of each piece, and names what is in doubt. What is dropped
// and unheard of by readers on most pages of the set is no doubt.
func (p *Page) account(d *document, from, to int, known func(all []Segment)) {
	for _, n := range d.unsure {
		to = max(to, d.ledger.spans[n][1])
	}
	for i, n := range d.ledger.pieces {
		if d.ledger.why[n] == kept+inText {
			to = max(to, i)
			from = min(from, i)
		}
	}
	p.Account = d.settle(p, from, to)
	if known != nil {
		known(p.Account)
	}
	p.written = d.ledger.asWritten(p.Account)
	p.Doubts = doubts(p.Account, from, galleryBehind(p.Account, to))
	for _, doubt := range p.Doubts {
		if doubt.Reason != hidden && !p.told(doubt.Text) {
			p.note(doubt.Line, "left out ("+doubt.Reason+"): "+doubt.Text)
		}
	}
	p.doubtTags()
}

// galleryBehind is the end of the gallery right behind a text, if that leads to no other
// pages: its pictures are the article's, and what is said of them is missed.
func galleryBehind(all []Segment, to int) int {
	end := to
	for ; end < len(all) && (all[end].Kept || all[end].Reason == caption); end++ {
		if s := all[end]; s.Link && !s.Kept && !pictureFile.MatchString(s.Text) && !strings.HasPrefix(s.Text, "#") {
			return to
		}
	}
	return end
}

// doubtTags doubts the words of the text that were read as tags: they are no pieces of the
// page, and a sentence without them may say something else.
func (p *Page) doubtTags() {
	for _, n := range p.Notes {
		if tag, ok := strings.CutPrefix(n.What, richtext.ReadAsTag+": "); ok {
			p.Doubts = append(p.Doubts, Doubt{Line: n.Line, Reason: tagged, Text: tag})
		}
	}
	slices.SortStableFunc(p.Doubts, func(a, b Doubt) int { return a.Line - b.Line })
}

package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// heading is the title and its place.
type heading struct {
	text  string     // as it is compared with other lines
	shown string     // as readers are to see it
	node  *html.Node // nil if only the head of the page has it
	line  int        // index of its line; -1 if it is not visible
}

var (
	titleMarks   = textsLike(`(^|[\s_-])(h-|news[_-]?|article[_-]?|entry-|post-|page-|detail[_-]?|doc[_-]?|main-?)?(title|headline|heading|titel|titre|titulo|biaoti|body_title)($|[\s_-]|text)|bt$`)
	kickerMarks  = textsLike(`kicker|super-?title|overline|roofline|topline|dachzeile|spitzmarke|eyebrow|categor|rubri|label|date|time|datum|preheader|pretitle|surtitre|antetitulo|occhiello|flag`)
	siteSplit    = lazyregexp.New(`\s+[|·•»«›‹—–:-]+\s+|\s*[|｜]\s*|--+|_+`)
	notContent   = namesLike(`(nav|navi|navigation|menu|breadcrumbs?|crumbs?|logo|footer|sidebar|related|teasers?|cookie.*|modal|popup|banner|search)($|[\s_-])`)
	siteMarks    = namesLike(`(site|blog)-?(title|name)($|[\s_-])`)
	ellipsisTail = lazyregexp.New(`\s*(…|\.\.\.)$`)
)

// findTitle chooses among the visible headings of the page the one that its head
// names as the title.
func (d *document) findTitle() heading {
	sure, named := d.namedTitles()
	best, bestScore := heading{line: -1}, 0
	names := make([]string, 0, len(named))
	for _, n := range named {
		names = append(names, key(n))
	}
	headings, site := newHeadings(), d.siteInTitle()
	for i, l := range d.lines[:min(len(d.lines), maxTitleLine)] {
		if l.node == nil || l.length() > 400 {
			continue
		}
		element := headings.around(l.node)
		text := l.text
		if element != nil {
			text, _ = headingText(element, sure, false)
		}
		score := 0
		if text != "" && !headings.inNavigation(l.node) {
			score = titleScore(element, l, text, names)
		}
		if k := key(text); k != "" && (k == key(d.first("og:site_name")) || k == site) {
			score = 0 // the site's name is no title, however large it is
		}
		if score > 1 && kindOfText()[key(fold(text))] {
			score = 1 // a label, if there is a title
		}
		if score > bestScore {
			best, bestScore = heading{text: text, shown: l.text, node: l.node, line: i}, score
			if element != nil {
				best.node = element
			}
		}
	}
	if best.line >= 0 && bestScore < leastSure && belowProse(best.node) && d.headTitle() != "" {
		best = heading{line: -1} // a heading of the text, on a page that has none for its title
	}
	if best.line < 0 {
		best.text = d.headTitle()
		best.shown = best.text
	}
	if headings.is[best.node] {
		_, best.shown = headingText(best.node, sure, true)
	}
	best.text = richtext.CleanText(best.text)
	best.shown = richtext.Line(best.shown)
	return best
}

// kindOfText are labels that say what a text is, or where it stands.
var kindOfText = foldedSet(`news|press|press release|press releases|statement|statements|speech|speeches|aktuelles|meldung|meldungen|nachrichten|presse|pressemitteilung|pressemitteilungen|actualités|actualité|communiqué|communiqués|communiqué de presse|communiqués de presse|noticias|comunicado|comunicados|nota de prensa|notas de prensa|notícias|nota à imprensa|comunicato|comunicati|comunicato stampa|notizie|nieuws|nyheter|pressmeddelande|pressemelding|pressemeddelelse|nyheder|aktualności|komunikat|aktuality|tisková zpráva|tiskové zprávy|новости|заявление|заявления|пресс-релиз|пресс-релизы|новини|新闻|要闻|新闻发布|ニュース|報道発表|뉴스|보도자료|أخبار|الأخبار|بيان|بيانات|اخبار|haberler|basın açıklaması|basın açıklamaları|ข่าว|ข่าวประชาสัมพันธ์`)

// siteInTitle is what the title of the page names behind the title of the article, or before
// it, if headings of the page are both: the site has a heading of its own, too. It is the
// shorter one.
func (d *document) siteInTitle() string {
	parts := siteSplit.Split(richtext.CleanText(d.tree.Find("title").First().Text()), -1)
	if len(parts) != 2 {
		return ""
	}
	article, site := key(parts[0]), key(parts[1])
	if utf8.RuneCountInString(article) < utf8.RuneCountInString(site) {
		article, site = site, article
	}
	named := false
	for _, h := range d.tree.Find("h1, h2, h3").Nodes {
		named = named || key(textOf(h)) == article
	}
	if !named || utf8.RuneCountInString(site)*2 > utf8.RuneCountInString(article) {
		return ""
	}
	return site
}

// leastSure is what a heading scores that the head of the page or its element names.
const leastSure = 20

// belowProse reports whether right above a heading stands a paragraph.
func belowProse(n *html.Node) bool {
	const paragraph = 80
	before := previousElement(n)
	if before == nil {
		return false
	}
	l := lineOf(before)
	return textElements[before.Data] && l.length() >= paragraph && !l.linked() && endsSentence(l.text)
}

// titleScore rates how likely a line is the title; 0 means not at all.
func titleScore(element *html.Node, l line, text string, names []string) int {
	if element != nil && siteMarks.MatchString(marks(element)) {
		return 0
	}
	score := 0
	k := key(text)
	for i, nk := range names {
		switch {
		case nk == k:
			score = max(score, 60-min(i, 9))
		case nk != "" && utf8.RuneCountInString(k) > 12 && (strings.HasPrefix(nk, k) || strings.HasSuffix(nk, k)):
			score = max(score, 40-min(i, 9))
		case utf8.RuneCountInString(nk) > 30 && strings.HasPrefix(k, nk): // cut short, with or without dots
			score = max(score, 45)
		}
	}
	if element == nil {
		if l.linked() {
			return 0
		}
		return score // a line without markup must be named in the head
	}
	switch element.Data {
	case "h1":
		score += 30
	case "h2":
		score += 12
	default:
		score += 8
	}
	if titleMarks.MatchString(marks(element)) || attr(element, "itemprop") == "headline" {
		score += 12
	}
	if l.linked() {
		score -= 25
	}
	return score
}

// inNavigation reports whether a text is in a menu, a footer or the like. An element
// with the main part of the page is none of these, whatever it is called.
func inNavigation(n *html.Node) bool {
	for ; n != nil && !topOfText(n); n = n.Parent {
		if offersPages(n) {
			return true
		}
	}
	return false
}

func topOfText(n *html.Node) bool { return n.Data == "main" || n.Data == "article" || n.Data == "body" }

// offersPages reports whether an element says of itself that it is a menu or the like.
func offersPages(n *html.Node) bool {
	if topOfText(n) {
		return false
	}
	role := attr(n, "role")
	return n.Data == "nav" || n.Data == "footer" || role == "navigation" || role == "presentation" || marked(notContent, attr(n, "class"))
}

// headings knows of the elements around many texts whether they are headings, and
// whether they are in navigation.
type headings struct{ is, offers map[*html.Node]bool }

func newHeadings() headings { return headings{map[*html.Node]bool{}, map[*html.Node]bool{}} }

// around returns the heading around a text.
func (h headings) around(n *html.Node) *html.Node {
	return ancestor(n, func(n *html.Node) bool {
		is, known := h.is[n]
		if !known {
			is = headingElement(n)
			h.is[n] = is
		}
		return is
	})
}

// inNavigation is [inNavigation].
func (h headings) inNavigation(n *html.Node) bool {
	if n == nil {
		return false
	}
	in, known := h.offers[n]
	if !known {
		in = offersPages(n) || !topOfText(n) && h.inNavigation(n.Parent)
		h.offers[n] = in
	}
	return in
}

func headingElement(n *html.Node) bool {
	switch n.Data {
	case "h1", "h2", "h3":
		return true
	}
	return attr(n, "itemprop") == "headline" || blockTags[n.Data] && marked(titleMarks, marks(n)) && short(n)
}

// short reports whether an element has no more text than a heading.
func short(n *html.Node) bool {
	const most = 600 // bytes
	size := 0
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			size += len(strings.TrimSpace(n.Data))
		}
		for c := n.FirstChild; c != nil && size <= most; c = c.NextSibling {
			walk(c)
		}
	}
	walk(n)
	return size <= most
}

// maxTitleLine bounds the search for the title.
const maxTitleLine = 3000

// headingText is a heading, as it is compared and as it is shown, without date
// and kicker: elements that are marked as such, or whatever stands before the
// words that the head calls the title. What is shown costs more, and is left out unless
// it is asked for.
func headingText(h *html.Node, named []string, show bool) (text, shown string) {
	full := richtext.CleanText(textOf(h))
	var b, tagged strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
			tagged.WriteString(html.EscapeString(n.Data))
			return
		}
		if n != h && n.Type == html.ElementNode && (n.Data == "br" || (n.Data == "time" || n.Data == "small") && onlyDate(n) || marked(kickerMarks, marks(n)) || silentTags[n.Data] || hiddenElement(n)) {
			b.WriteByte(' ')
			tagged.WriteByte(' ')
			return
		}
		// Raised, lowered and deleted text says something else than plain text.
		opening, closing := placing(n)
		tagged.WriteString(opening)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
		tagged.WriteString(closing)
	}
	walk(h)
	text = richtext.CleanText(b.String())
	if show {
		cleaned, _ := richtext.Clean(tagged.String(), nil)
		shown = richtext.Line(richtext.Text(cleaned))
	}
	if text == "" || show && shown == "" {
		text, shown = full, full
	}
	if named := behindKicker(h, key(text), named); named != "" {
		return named, named
	}
	return text, shown
}

// behindKicker is the name that a heading has besides the words of one of its elements,
// or empty.
func behindKicker(h *html.Node, k string, named []string) string {
	var kickers []string
	for c := h.FirstChild; c != nil; c = c.NextSibling {
		if c.Type != html.ElementNode {
			continue
		}
		if text := key(textOf(c)); text != "" && text != k && strings.HasPrefix(k, text) {
			kickers = append(kickers, text)
		}
	}
	for _, n := range named {
		nk := key(n)
		if nk != k && slices.ContainsFunc(kickers, func(kicker string) bool { return k == kicker+nk }) {
			return n
		}
	}
	return ""
}

// onlyDate reports whether a part of a heading is a date, and the heading has a sense
// without it.
func onlyDate(n *html.Node) bool {
	text := textOf(n)
	dates := findDates(text, "", dayFirst)
	before := ""
	if n.PrevSibling != nil && n.PrevSibling.Type == html.TextNode {
		before = strings.TrimSpace(n.PrevSibling.Data)
	}
	return len(dates) > 0 && saysLittle(text, dates[0]) && !leadsOn.MatchString(before)
}

// leadsOn ends words that go on with a date.
var leadsOn = lazyregexp.New(`(?i)(^|\s)(of|on|from|to|until|and|vom|am|bis|zum|du|le|au|de|del|dal|il|em|от|до|на|,)$`)

// namedTitles are the titles in the head of the page, the surest first. They include
// the parts of the title element, in which site name and sections may be joined to
// the title by any separator.
func (d *document) namedTitles() (sure, all []string) {
	add := func(s string) {
		s = richtext.CleanText(s)
		if s != "" && key(s) != key(d.first("og:site_name")) {
			sure = append(sure, s)
		}
	}
	page := richtext.CleanText(d.tree.Find("title").First().Text())
	add(d.linked.headline)
	add(d.first("articletitle"))
	add(d.tree.Find(`[itemprop="headline"]`).First().Text())
	add(d.first("og:title"))
	add(d.first("twitter:title", "dc.title", "dcterms.title", "title", "citation_title"))
	for _, s := range []string{d.first("og:title"), page} {
		if parts := siteSplit.Split(s, -1); len(s) < 600 && len(parts) > 1 {
			for _, part := range parts {
				if utf8.RuneCountInString(part) >= 6 {
					add(part)
				}
			}
		}
	}
	add(page)
	all = sure
	for _, s := range []string{d.first("og:title"), page} {
		all = append(all, titleParts(s)...)
	}
	return sure, all
}

// titleParts are the longer stretches of a title between separators.
func titleParts(s string) []string {
	const most = 600 // bytes; a longer one is not a title, and the number of parts grows quickly
	if len(s) > most {
		return nil
	}
	cuts := siteSplit.FindAllStringIndex(s, -1)
	for i, r := range s {
		if r == '-' || r == '_' {
			cuts = append(cuts, []int{i, i + 1})
		}
	}
	var parts []string
	add := func(p string) {
		if utf8.RuneCountInString(p) >= 6 {
			parts = append(parts, strings.TrimSpace(p))
		}
	}
	for i, c := range cuts[:min(len(cuts), 20)] {
		add(s[:c[0]])
		add(s[c[1]:])
		if i > 0 && cuts[i-1][1] < c[0] {
			add(s[cuts[i-1][1]:c[0]])
		}
	}
	return parts
}

// headTitle is the title of a page without a visible one: that of its head, without
// the name of the site.
func (d *document) headTitle() string {
	for _, s := range []string{d.linked.headline, d.first("articletitle"), d.first("og:title"), d.tree.Find("title").First().Text()} {
		s = richtext.CleanText(s)
		if s == "" || len(s) > 600 {
			continue
		}
		best := ""
		for _, part := range siteSplit.Split(s, -1) {
			if key(part) != key(d.first("og:site_name")) && len(part) > len(best) {
				best = part
			}
		}
		return strings.TrimSpace(best)
	}
	return ""
}

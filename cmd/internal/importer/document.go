package importer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// document is a parsed page: the tree, what its head says, and its visible
// text line by line.
type document struct {
	tree *goquery.Document
	// base resolves relative addresses; canonical is what the page calls
	// itself. Either may be nil.
	base, canonical *url.URL
	meta            map[string][]string
	linked          linkedData
	ownData         bool // linked is about its article
	lines           []line
	language        press.Language // as declared, with its region
	places          map[*html.Node]int
	ends            fileLines
	ledger          *ledger
	unsure          []*html.Node // below the text, and perhaps part of it
	known           map[*html.Node]line
	furniture       furnitureBehind // nil where a profile says what is furniture
}

// parseDocument builds the document. The tree is parsed as a browser without
// scripts sees it, so that the pictures in noscript elements are there.
func parseDocument(text string, o Options) (*document, error) {
	root, err := html.ParseWithOptions(strings.NewReader(markPositions(text)), html.ParseOptionEnableScripting(false))
	if err != nil {
		return nil, fmt.Errorf("the page is nested so deeply that it cannot be read: %w", err)
	}
	if elements(root) > maxElements {
		return nil, errElements
	}
	unmarkTexts(root)
	spanClosed(root, text)
	leadBeside(root, o.Beside)
	d := &document{tree: goquery.NewDocumentFromNode(root), meta: map[string][]string{}, ends: linesIn(text)}
	d.applySheets(o.linkedSheets())
	settler{}.settle(root)
	d.ledger = newLedger(d)
	d.readMeta()
	d.readLinkedData()
	d.ownData = d.aboutItself() // while its headings are there
	d.readAddresses(o.SourceURL)
	d.language = d.declaredLanguage()
	d.lines = flatten(root)
	return d, nil
}

func elements(root *html.Node) int {
	n := 0
	for c := range root.Descendants() {
		if c.Type == html.ElementNode {
			n++
		}
	}
	return n
}

// hiddenMark is on elements that a style or a class hides, and says which of the two.
const hiddenMark = "data-communique-hidden"

// settler makes of elements what they are to a reader: a picture of AMP is a picture,
// line ends that are shown are line ends, and what is hidden is marked once. It knows
// which styles and classes hide, for templates repeat the same few.
type settler map[html.Attribute]bool

// hides says what hides an element besides its attribute for that, or nothing.
func (s settler) hides(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Val == "" || a.Key != "style" && a.Key != "class" {
			continue
		}
		hides, known := s[a]
		if !known {
			hides = a.Key == "style" && richtext.Hides(a.Val) || a.Key == "class" && screenOnly.MatchString(a.Val)
			s[a] = hides
		}
		if hides && !(a.Key == "style" && reveals(n)) {
			return a.Key
		}
	}
	return ""
}

func (s settler) settle(n *html.Node) {
	shown := false
	if n.Type == html.ElementNode {
		shown = marked(shownLineEnds, attr(n, "style"))
		if by := s.hides(n); by != "" {
			n.Attr = append(n.Attr, html.Attribute{Key: hiddenMark, Val: by})
		}
	}
	if n.Data == "table" {
		// The foot stands below the rows, wherever it is written (HTML §4.9.1).
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Data == "tfoot" && nextElement(c) != nil && nextElement(c).Data != "tfoot" {
				n.RemoveChild(c)
				n.AppendChild(c)
				break
			}
		}
	}
	if n.Data == "amp-img" || n.Data == "amp-anim" {
		n.Data = "img"
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if !shown || c.Type != html.TextNode {
			s.settle(c)
			continue
		}
		before, after, found := strings.Cut(strings.TrimRight(c.Data, " \n"), "\n")
		if found && strings.TrimSpace(before) != "" {
			c.Data = before
			rest := &html.Node{Type: html.TextNode, Data: after}
			n.InsertBefore(rest, c.NextSibling)
			n.InsertBefore(&html.Node{Type: html.ElementNode, Data: "br"}, rest)
		}
	}
}

var shownLineEnds = lazyregexp.New(`(?i)white-space\s*:\s*pre-(line|wrap)`)

// lineOf is the line of the file on which an element begins.
func (d *document) lineOf(n *html.Node) int { return d.ends.at(max(position(n), 0)) }

func (d *document) readMeta() {
	d.tree.Find("meta").Each(func(_ int, m *goquery.Selection) {
		content := richtext.CleanText(m.AttrOr("content", ""))
		if content == "" {
			return
		}
		for _, attr := range []string{"name", "property", "itemprop", "http-equiv"} {
			if name := strings.ToLower(strings.TrimSpace(m.AttrOr(attr, ""))); name != "" {
				d.meta[name] = append(d.meta[name], content)
			}
		}
	})
}

// first returns the first value of the first name that has one.
func (d *document) first(names ...string) string {
	for _, n := range names {
		if v := d.meta[n]; len(v) > 0 {
			return v[0]
		}
	}
	return ""
}

func (d *document) readAddresses(source *url.URL) {
	href := func(selector, attr string) string { return d.tree.Find(selector).First().AttrOr(attr, "") }
	canonical := href(`link[rel="canonical"]`, "href")
	declared := address(canonical, d.first("og:url"), d.linked.url)
	d.base = source
	if d.base == nil {
		d.base = declared
	}
	if b := href("base[href]", "href"); b != "" {
		if u, err := url.Parse(b); err == nil && d.base != nil {
			d.base = d.base.ResolveReference(u)
		} else if u := address(b); u != nil {
			d.base = u
		}
	}
	d.canonical = declared
	if d.canonical == nil && canonical != "" && d.base != nil {
		if u, err := url.Parse(canonical); err == nil {
			d.canonical = d.base.ResolveReference(u)
		}
	}
}

// resolve makes an address of the page absolute; it is nil if that is not possible.
func (d *document) resolve(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil || text == "" || d.base == nil {
		return nil
	}
	return d.base.ResolveReference(u)
}

// linkedData is what the JSON-LD of a page says about its article
// (schema.org).
type linkedData struct {
	headline, published, language, section, body, description, url string
	line                                                           int // of the file, where the body is
	images, crumbs                                                 []string
}

var articleType = lazyregexp.New(`(?i)article|posting|pressrelease|report|announcement|statement|speech`)

func (d *document) readLinkedData() {
	d.tree.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		before := d.linked.body
		d.linked.walk(readData(s.Text()), 0)
		if before != d.linked.body {
			d.linked.line = d.lineOf(s.Nodes[0])
		}
	})
}

func (l *linkedData) walk(v any, depth int) {
	if depth > 8 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			l.walk(e, depth+1)
		}
	case map[string]any:
		kind := strings.Join(stringsOf(v["@type"]), " ")
		switch {
		case kind == "BreadcrumbList":
			l.readCrumbs(v["itemListElement"])
			return
		case articleType.MatchString(kind) && l.headline == "":
			l.readArticle(v)
		}
		for _, name := range []string{"@graph", "mainEntity", "breadcrumb", "mainEntityOfPage"} {
			l.walk(v[name], depth+1)
		}
	}
}

func (l *linkedData) readArticle(v map[string]any) {
	one := func(name string) string {
		if s := stringsOf(v[name]); len(s) > 0 {
			return s[0]
		}
		return ""
	}
	l.headline = richtext.CleanText(one("headline"))
	if l.headline == "" {
		l.headline = richtext.CleanText(one("name"))
	}
	l.published, l.language, l.section = one("datePublished"), one("inLanguage"), richtext.CleanText(one("articleSection"))
	l.body, l.description, l.url = one("articleBody"), richtext.CleanText(one("description")), one("url")
	l.images = stringsOf(v["image"])
	if len(stringsOf(v["articleSection"])) > 1 {
		l.section = "" // keywords, not a place
	}
}

func (l *linkedData) readCrumbs(v any) {
	items, _ := v.([]any)
	type crumb struct {
		position float64
		name     string
	}
	var crumbs []crumb
	for _, e := range items {
		m, _ := e.(map[string]any)
		position, _ := m["position"].(float64)
		name := strings.Join(stringsOf(m["name"]), "")
		if item, ok := m["item"].(map[string]any); ok && name == "" {
			name = strings.Join(stringsOf(item["name"]), "")
		}
		crumbs = append(crumbs, crumb{position, richtext.CleanText(name)})
	}
	slices.SortStableFunc(crumbs, func(a, b crumb) int { return int(a.position - b.position) })
	l.crumbs = nil
	for _, c := range crumbs {
		l.crumbs = append(l.crumbs, c.name)
	}
}

// stringsOf returns the texts in a value that may be one, a list, or an object
// with an address or a value.
func stringsOf(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, e := range v {
			all = append(all, stringsOf(e)...)
		}
		return all
	case map[string]any:
		for _, name := range []string{"url", "@value", "name", "@id"} {
			if s, ok := v[name].(string); ok {
				return []string{s}
			}
		}
	}
	return nil
}

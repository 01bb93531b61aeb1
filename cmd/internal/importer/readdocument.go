package importer

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

// readDocument fills the page from a parsed document.
func readDocument(p *Page, d *document, o Options) {
	p.readAddress(d, o)
	d.partDates()
	d.furniture = newFurnitureBehind(d)
	title := d.findTitle()
	p.Title = title.text
	p.Section = append(p.Section, d.findSection(title)...)
	pictures := loadPictures(d.tree.Nodes[0], d.base, true)
	weight := measure(d.tree.Nodes[0])
	cutter := &pruner{called: map[string]string{}, cells: map[*html.Node]bool{}, d: d, page: p, weight: weight, total: weight[d.tree.Nodes[0]], title: title.node, pictures: pictures}
	cutter.structure()
	pruned := measure(d.tree.Nodes[0])
	body := d.findBody(d.tree.Nodes[0], pruned)
	if body == nil {
		p.readHead(d, title, o)
		return
	}
	if title.line < 0 {
		title = d.boldTitle(body, title)
		p.Title = title.text
	}
	around := d.scope(body, title)
	if cutter.putBack(around) {
		pruned = measure(d.tree.Nodes[0])
	}
	at := d.region(title, []*html.Node{body})
	from, to := d.stretch(around, body, title)
	p.tellWords(d, title.node)
	cutter.leads = childrenOf(title.node)
	d.dropTitle(body, title, pruned)
	a := d.cut(body, title, pruned)
	p.tellWords(d, a.leads...)
	var text strings.Builder
	for _, n := range a.nodes {
		text.WriteString(textOf(n) + "\n")
	}
	p.Language = p.pickLanguage(d.language, p.Title+"\n"+text.String(), o)
	p.date(d, at, o)
	found := d.list(at, a.nodes)
	if reason := found.refusal(p.Title, text.String(), d.tree.Find("title").First().Text()); reason != "" {
		p.refuse(reason)
		p.quote(found.lines)
		p.Account = d.settle(p, 0, 0)
		p.finish()
		return
	}
	cutter.around(body)
	p.collectImages(d, d.between(title, body))
	p.takeBody(d, cutter, a)
	p.show(title)
	if title.node != nil {
		d.ledger.keep(title.node, inTitle)
	}
	for _, n := range a.nodes {
		to = max(to, d.ledger.spans[n][1]) // its last lines may have been left out
	}
	p.account(d, from, to, nil)
	p.finish()
}

// readAddress takes what the page calls itself, and where it is from.
func (p *Page) readAddress(d *document, o Options) {
	if d.canonical != nil {
		p.Canonical = d.canonical.String()
		p.SourceURL = p.Canonical
	}
	if o.SourceURL != nil {
		p.SourceURL = o.SourceURL.String()
	}
}

// boldTitle finds the title of a page of the days before headings: large or
// bold type right above the text, or as its first line.
func (d *document) boldTitle(body *html.Node, named heading) heading {
	at := d.region(named, []*html.Node{body})
	best, size := named, 0
	for i := max(at.body-6, 0); i < min(at.body+6, at.tail, len(d.lines)); i++ {
		l := d.lines[i]
		if l.length() < 8 || l.length() > 200 || l.linked() || looksLikeCrumbs(l.text) || onlyControls(l.text) || inNavigation(l.node) || strings.HasSuffix(l.text, ".") || strings.HasSuffix(l.text, "。") || strings.HasSuffix(l.text, ":") {
			continue
		}
		for n := l.node; n != nil && !blockTags[n.Data]; n = n.Parent {
			// What stands in the block of the text is its title rather than the site's.
			of := fontSize(n)
			if i >= at.body {
				of += 10
			}
			if of > size && largeType(n) && key(textOf(n)) == key(l.text) {
				best, size = heading{text: l.text, shown: l.text, node: n, line: i}, of
			}
		}
	}
	return best
}

// fontSize is how large the type of an element is, as old pages count it from 1 to 7.
func fontSize(n *html.Node) int {
	size := 3
	for ; n != nil && !blockTags[n.Data]; n = n.Parent {
		said, err := strconv.Atoi(strings.TrimPrefix(attr(n, "size"), "+"))
		switch {
		case n.Data != "font" || err != nil:
			continue
		case strings.HasPrefix(attr(n, "size"), "+"):
			return min(3+said, 7)
		}
		return said
	}
	return size
}

func largeType(n *html.Node) bool {
	size := strings.TrimPrefix(attr(n, "size"), "+")
	return n.Data == "b" || n.Data == "strong" || n.Data == "big" || n.Data == "font" && (size >= "4" && size <= "7" || strings.HasPrefix(attr(n, "size"), "+"))
}

// dropTitle takes the title out of the text, with what stands above it, unless
// that is much of the text.
func (d *document) dropTitle(body *html.Node, title heading, weight map[*html.Node]int) {
	if title.node == nil || title.node == body || !within(title.node, body) {
		return
	}
	above := 0
	for n := title.node; n != body; n = n.Parent {
		for s := n.PrevSibling; s != nil; s = s.PrevSibling {
			above += weight[s]
		}
	}
	if above*4 < weight[body] {
		for n := title.node; n != body; n = n.Parent {
			// What is taken out of a line leaves a blank there: that is not taken again.
			for s := n.PrevSibling; s != nil; {
				before := s.PrevSibling
				d.remove(s, outside)
				s = before
			}
		}
	}
	for title.node.FirstChild != nil {
		// The emptied element stays: it marks the place of the title.
		d.ledger.keep(title.node.FirstChild, inTitle)
		remove(title.node.FirstChild)
	}
}

// childrenOf are what stands right in an element.
func childrenOf(n *html.Node) []*html.Node {
	if n == nil {
		return nil
	}
	return slices.Collect(n.ChildNodes())
}

// takeBody cleans the text and lists its pictures.
func (p *Page) takeBody(d *document, cutter *pruner, a article) {
	for _, n := range a.leads {
		p.collectImages(d, []*html.Node{n})
		d.ledger.keep(n, inLead)
		remove(n)
	}
	p.Lead, p.former.lead, cutter.leads = a.shown, a.lead, append(cutter.leads, a.leads...)
	holder := &html.Node{Type: html.ElementNode, Data: "div"}
	for _, n := range a.nodes {
		remove(n)
		holder.AppendChild(n)
	}
	cutter.returnMedia(holder)
	looseParagraphs(holder)
	cutter.lines(holder, p.Title)
	d.ledger.keep(holder, inText)
	frameImages(holder)
	layoutTables(holder)
	p.collectImages(d, []*html.Node{holder})
	for _, g := range cutter.galleries {
		if within(g.place, holder) {
			p.collectImages(d, g.images)
		}
	}
	cutter.tell(p, holder)
	text := renderNodes([]*html.Node{holder})
	p.clean(text, d.base, originOf(text, d.ends).lineOf)
	if p.Body == "" && d.linked.body != "" || loading.MatchString(strings.TrimSpace(richtext.Text(p.Body))) && len(d.linked.body) > 200 {
		p.takeLinkedBody(d)
	}
}

// loading is the text of a page that is filled in by a script.
var loading = lazyregexp.New(`(?i)^(loading|please wait|wird geladen|laden|chargement|cargando|carregando|caricamento|загрузка|加载中|載入中|読み込み中)\W*$`)

// readHead takes what the metadata has of a page whose text is made by scripts.
func (p *Page) readHead(d *document, title heading, o Options) {
	if d.linked.body == "" {
		p.Language = p.pickLanguage(d.language, "", o)
		p.refuse("the page has no text: it may be made by scripts; save it from a browser")
		return
	}
	p.takeLinkedBody(d)
	for _, src := range d.linked.images {
		if u := address(src); u != nil {
			p.Images = append(p.Images, press.Image{Src: u.String()})
			p.problem("an image has no alternative text: " + u.String())
		}
	}
	p.Language = p.pickLanguage(d.language, richtext.Text(p.Body), o)
	p.date(d, region{title: title.line, name: plainDigits(title.text), body: len(d.lines), tail: len(d.lines)}, o)
	p.show(title)
	p.finish()
}

// between returns the pictures that stand between title and text: templates put
// the main picture there.
func (d *document) between(title heading, body *html.Node) []*html.Node {
	if title.node == nil {
		return nil
	}
	region := body
	for region.Parent != nil && !within(title.node, region) {
		region = region.Parent
	}
	var found []*html.Node
	for _, img := range allIn(region, pictureElements) {
		if d.order(img) > d.order(title.node) && d.order(img) < d.order(body) && !within(img, title.node) && ancestor(img, isTeaser) == nil {
			found = append(found, img)
		}
	}
	return found
}

func (p *Page) takeLinkedBody(d *document) {
	p.clean(linkedBody(d.linked.body), d.base, func(int) int { return d.linked.line })
}

// linkedBody makes paragraphs of a plain articleBody.
func linkedBody(text string) string {
	if strings.Contains(text, "<p") || strings.Contains(text, "</") {
		return text
	}
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		b.WriteString("<p>" + html.EscapeString(line) + "</p>")
	}
	return b.String()
}

// region finds the lines of title and text among those of the page.
func (d *document) region(title heading, nodes []*html.Node) region {
	at := region{title: title.line, name: plainDigits(title.text), body: -1, tail: -1}
	for i, l := range d.lines {
		for _, n := range nodes {
			// What stands above the title is not the text, wherever it stands.
			if i > title.line && within(l.node, n) {
				if at.body < 0 {
					at.body = i
				}
				at.tail = i
			}
		}
	}
	if at.body < 0 {
		at.body, at.tail = len(d.lines), len(d.lines)
	}
	return at
}

func (p *Page) date(d *document, at region, o Options) {
	language, own := d.language, p.calendarLanguage(d)
	if language == "" || calendarDoubt(own) {
		language = own
	}
	order := dateOrder(language, o.SourceURL, d.canonical, d.base)
	metadata := append(d.metadataDates(language, order), d.headTimes(at, language)...)
	source := p.SourceURL
	if source == "" && d.base != nil {
		source = d.base.String()
	}
	p.pickDate(d.lines, at, metadata, source, own, order, o.Zone)
}

// endsSentence reports whether a text ends as sentences do, in a quotation or not. In scripts
// that put no sign there one that is long is more than a title.
func endsSentence(text string) bool {
	const title = 60 // letters
	text = strings.TrimRight(text, "\t\n\f\r »”\"'’)）]")
	last, _ := utf8.DecodeLastRuneInString(text)
	return text != "" && strings.ContainsRune(".!?…。！？؟।:۔։።។။", last) || unicode.In(last, unicode.Thai, unicode.Lao) && utf8.RuneCountInString(text) >= title
}

func firstRunes(s string, n int) string {
	r := []rune(s)
	return string(r[:min(n, len(r))])
}

// layoutTables unwraps tables that only arrange: those of one column.
func layoutTables(root *html.Node) {
	for _, t := range goquery.NewDocumentFromNode(root).Find("table").Nodes {
		s := goquery.NewDocumentFromNode(t)
		wide := false
		s.Find("tr").Each(func(_ int, r *goquery.Selection) {
			wide = wide || r.ChildrenFiltered("td, th").Length() > 1
		})
		if wide || t.Parent == nil {
			continue
		}
		s.Find("tr, td, th, tbody, thead, tfoot").Each(func(_ int, c *goquery.Selection) { c.Nodes[0].Data = "div" })
		t.Data = "div"
	}
}

// pageAddress is where a page is from, if anybody knows.
func pageAddress(o Options) string {
	if o.SourceURL == nil {
		return ""
	}
	return o.SourceURL.String()
}

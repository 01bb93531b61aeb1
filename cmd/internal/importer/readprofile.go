package importer

import (
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
)

// profiled is a page that is read by a profile.
type profiled struct {
	*Page
	d       *document
	profile *Profile
	lenient bool
	lost    pruner // what was lost with hidden elements, controls and frames
	title   heading
	date    *html.Node
	body    []*html.Node
	unseen  map[*html.Node]bool // pieces that no browser shows
	// fileList is what stands behind the text: the files that were listed beside it.
	fileList *html.Node
}

// readByProfile reads a page that fits a profile: it says where everything is, so no
// word of the page and no name of a class is weighed.
func readByProfile(page *Page, d *document, profile *Profile, o Options) {
	p := &profiled{Page: page, d: d, profile: profile, lenient: o.Profiles.Lenient, lost: pruner{d: d, page: page, unheard: profile.unheard}, unseen: map[*html.Node]bool{}}
	page.Profile = profile.Name
	if !p.lenient {
		p.showClasses()
	}
	p.readAddresses(o)
	root := d.tree.Nodes[0]
	p.findTitle()
	p.body = profile.body.all(root)
	p.findShownTitle()
	p.tellWords(d, p.title.node)
	p.Section = append(p.Section, p.sections()...)
	text, date := profile.date.value(root)
	p.date = date
	if profile.date.bare {
		text = p.takeBareDate()
	}
	p.leaveFields()
	p.Language = p.pickLanguage(d.language, p.Title+"\n"+textOfAll(p.body), o.speaking())
	at := d.region(p.title, p.body)
	offers := teaserElement
	if p.lenient {
		offers = isTeaser
	}
	metadata := append(d.metadataDatesBut(offers, p.Language, profile.order()), d.headTimes(at, p.Language)...)
	switch {
	case date != nil || text != "":
		p.readDate(profile, text, metadata, p.calendarLanguage(d), o)
	case profile.date.bare && !p.lenient:
		p.problem("no line between title and text is a date")
	case !p.lenient:
		p.problem("the profile does not say where the date is")
	}
	if p.lenient && p.Published.IsZero() {
		p.date = nil
		p.Problems = slices.DeleteFunc(p.Problems, func(s string) bool { return strings.HasPrefix(s, "the date ") })
		page.date(d, at, o)
	}
	from, to, beyond := d.aroundTexts(p.body, p.title)
	for _, n := range beyond {
		d.ledger.drop(n, furnished)
	}
	for _, n := range d.ledger.pieces {
		p.unseen[n] = silentIn(n) != ""
	}
	p.lost.pictures = loadPictures(root, d.base, false)
	p.lost.title = p.title.node
	p.lost.around(p.body[0])
	p.takeFields()
	p.takeFiles()
	p.takeFurniture()
	p.takeText(from, to)
	p.show(p.title)
	p.account(d, from, to, p.known)
	p.finish()
}

// showClasses shows what the name of a class alone would hide: whoever wrote the profile
// says in it what is to be removed.
func (p *profiled) showClasses() {
	p.lost.strict = true
	root := p.d.tree.Nodes[0]
	for _, n := range p.d.tree.Find("[" + hiddenMark + "=class]").Nodes {
		if text := richtext.CleanText(goquery.NewDocumentFromNode(n).Text()); p.profile.unheard(text) {
			p.d.remove(n, onMost)
			continue
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == hiddenMark })
	}
	p.d.lines = flatten(root)
}

func (o Options) speaking() Options {
	if o.Profiles != nil && o.Profiles.Language != "" && !o.LanguageForced {
		o.Language, o.languageSaid = press.Language(o.Profiles.Language), true
	}
	return o
}

// leaveFields leaves out of several elements with the text those of the date and of the lead,
// which templates may name alike.
func (p *profiled) leaveFields() {
	fields := append(p.profile.lead.all(p.d.tree.Nodes[0]), p.date)
	of := func(n *html.Node) bool {
		return slices.ContainsFunc(fields, func(f *html.Node) bool {
			return f != nil && (f == n || within(f, n) && lineOf(f).text == lineOf(n).text)
		})
	}
	if rest := slices.DeleteFunc(slices.Clone(p.body), of); len(rest) > 0 {
		p.body = rest
	}
}

func textOfAll(nodes []*html.Node) string {
	var b strings.Builder
	for _, n := range nodes {
		b.WriteString(textOf(n) + "\n")
	}
	return b.String()
}

// readAddresses takes the page's address from where the profile says.
func (p *profiled) readAddresses(o Options) {
	text, _ := p.profile.address.value(p.d.tree.Nodes[0])
	p.d.canonical = nil
	if u := address(text); u != nil {
		p.d.canonical = u
	} else if u := p.d.resolve(text); u != nil {
		p.d.canonical = u
	}
	p.readAddress(p.d, o)
}

func (p *profiled) findTitle() {
	p.takeKickers()
	root := p.d.tree.Nodes[0]
	text, n := p.profile.title.value(root)
	if w := p.profile.Title.Without; w != "" {
		text = strings.TrimSpace(strings.TrimSuffix(text, richtext.CleanText(w)))
	}
	p.title = heading{text: text, shown: text, line: -1}
	if n != nil && n.Data != "meta" && n.Data != "title" && n.Data != "script" {
		p.title.node, p.title.shown = n, shownText(n)
		p.title.line = slices.IndexFunc(p.d.lines, func(l line) bool { return within(l.node, n) })
	}
	if p.title.shown == "" {
		p.title.shown = text
	}
	p.title.shown = richtext.Line(p.title.shown)
	p.Title = p.title.text
}

// findShownTitle finds above the text the title that the head of the page gives: what
// stands between them belongs to the article.
func (p *profiled) findShownTitle() {
	if p.title.node != nil || p.Title == "" {
		return
	}
	const opening = 5 // lines of the text, among which it may be
	begun := 0
	for i, l := range p.d.lines[:min(len(p.d.lines), maxTitleLine)] {
		if l.node == nil {
			return
		}
		if within(l.node, p.body[0]) {
			if begun++; begun > opening {
				return
			}
		} else if p.d.order(l.node) >= p.d.order(p.body[0]) {
			return
		}
		if isHeading(l.node) && !l.linked() && key(l.text) == key(p.Title) {
			p.title.node, p.title.line = l.node, i
		}
	}
}

// sections are the steps of the breadcrumb that are sections.
func (p *profiled) sections() []string {
	root := p.d.tree.Nodes[0]
	if p.profile.section.text == "" {
		if p.lenient {
			return p.d.findCrumbs(p.Title)
		}
		return nil
	}
	var steps []crumb
	if section := p.profile.section; section.isData() {
		values, _ := section.data.values(root)
		steps = named(values)
	} else if section.attribute != "" {
		text, _ := p.profile.section.value(root)
		steps = []crumb{{name: text}}
	} else if nodes := p.profile.section.all(root); len(nodes) > 0 {
		steps = p.d.stepsOf(nodes[0])
		p.d.ledger.keep(nodes[0], inSection)
	}
	var names []string
	for i, c := range steps {
		if i == 0 {
			c.name = strings.TrimPrefix(richtext.CleanText(c.name), richtext.CleanText(p.profile.Section.Without))
		}
		name := crumbName(c.name)
		if name != "" && !slices.ContainsFunc(p.profile.Section.Skip, func(s string) bool { return key(s) == key(name) }) {
			names = append(names, name)
		}
	}
	for len(names) > 0 && isLeafOf(names[len(names)-1], p.Title) {
		names = names[:len(names)-1]
	}
	return names
}

// takeFields takes out of the page what is kept in fields.
func (p *profiled) takeFields() {
	root := p.d.tree.Nodes[0]
	if lead := p.profile.lead.all(root); len(lead) > 0 && !slices.Contains(p.body, lead[0]) && !containsBody(lead[:1], p.body) {
		p.tellWords(p.d, lead[0])
		p.Lead, p.former.lead = shownText(lead[0]), lineOf(lead[0]).text
		p.collectImages(p.d, lead[:1])
		p.lost.leads = lead[:1]
		p.d.ledger.keep(lead[0], inLead)
		p.takeAway(lead[0])
	}
	p.takeDate()
	p.takeSection()
	if p.title.node != nil {
		p.d.ledger.keep(p.title.node, inTitle)
		p.lost.leads = append(p.lost.leads, childrenOf(p.title.node)...)
		for _, n := range goquery.NewDocumentFromNode(p.title.node).Find("input, select, textarea, button").Nodes {
			p.lost.lose(n)
		}
		p.takeAway(p.title.node)
	}
}

// takeSection takes out of the text the breadcrumb that stands in it.
func (p *profiled) takeSection() {
	nodes := p.profile.section.all(p.d.tree.Nodes[0])
	if len(nodes) == 0 || len(p.Section) == 0 || p.profile.section.attribute != "" || containsBody(nodes[:1], append([]*html.Node{p.title.node}, p.body...)) {
		return
	}
	if n := nodes[0]; n != p.date && n != p.title.node && slices.ContainsFunc(p.body, func(b *html.Node) bool { return b != n && within(n, b) }) {
		p.takeSteps(n)
		p.takeAway(n)
	}
}

// takeSteps takes out of the text what stands in front of the last step to a page in its line, if
// that alone has an element.
func (p *profiled) takeSteps(last *html.Node) {
	l := p.d.ledger
	at := l.spans[last][0]
	for i := at - 1; leads(last) && i >= 0 && l.rows[i] == l.rows[at]; i-- {
		p.d.remove(l.pieces[i], menu)
	}
}

// takeAway removes an element whose pieces have their verdict. An emptied one stays
// where it marks a place.
func (p *profiled) takeAway(n *html.Node) {
	for n.FirstChild != nil {
		remove(n.FirstChild)
	}
}

// takeFurniture takes out what is hidden, what is a control and what the profile says.
func (p *profiled) takeFurniture() {
	root := p.d.tree.Nodes[0]
	guarded := append([]*html.Node{p.title.node}, p.body...)
	holds := func(n *html.Node) bool {
		return slices.ContainsFunc(guarded, func(g *html.Node) bool { return g != nil && within(g, n) })
	}
	for _, s := range p.profile.remove {
		for _, n := range s.all(root) {
			if !holds(n) && p.profile.removes(s, n) {
				p.d.remove(n, p.profile.reason(s, n))
			}
		}
	}
	p.d.tree.Find("script, style, template, head, svg, textarea, select, input, button, dialog, link, meta").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if unseen[n.Data] {
			p.lost.loseUnseen(n)
			return
		}
		if holds(n) {
			return
		}
		if n.Data == "button" && p.lost.isHead(n) {
			return
		}
		p.lost.lose(n)
		p.d.remove(n, control)
	})
	p.takeSecondLinks()
	p.lost.takeMedia(func(n *html.Node) *html.Node { return n })
	opened := p.lost.opened()
	p.d.tree.Find("[hidden], [" + hiddenMark + "]").Each(func(_ int, s *goquery.Selection) {
		n := s.Nodes[0]
		if n.Parent == nil || holds(n) || !hiddenElement(n) || unfolds(n, opened, p.lost.strict) {
			return
		}
		p.lost.lose(n)
		p.d.remove(n, hidden)
	})
}

// takeSecondLinks takes out the links right behind others that have words and lead to the same
// file: they are buttons.
func (p *profiled) takeSecondLinks() {
	for _, a := range linksIn(p.d.tree.Nodes[0]) {
		before := a.PrevSibling
		for before != nil && before.Type == html.TextNode && strings.TrimSpace(before.Data) == "" {
			before = before.PrevSibling
		}
		if before != nil && leadsToFile(a) && before.Data == "a" && attr(before, "href") == attr(a, "href") && saying(textOf(before)) {
			p.d.remove(a, control)
		}
	}
}

// texts are what is left of the body and of what belongs to it between title and end of the
// text, in the order of the page.
func (p *profiled) texts(from, to int) []*html.Node {
	all := slices.Clone(p.body)
	root := p.d.tree.Nodes[0]
	own := append([]*html.Node{p.title.node, p.date}, p.body...)
	for _, s := range p.profile.also {
		for _, n := range s.all(root) {
			span := p.d.ledger.spans[n]
			if span[0] < from || span[1] > to || slices.ContainsFunc(own, func(o *html.Node) bool { return o != nil && (within(n, o) || within(o, n)) }) {
				continue
			}
			if !slices.ContainsFunc(all, func(o *html.Node) bool { return within(n, o) || within(o, n) }) {
				all = append(all, n)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *html.Node) int { return p.d.ledger.spans[a][0] - p.d.ledger.spans[b][0] })
	return all
}

// takeText makes the article's text of what is left of the body.
func (p *profiled) takeText(from, to int) {
	p.collectImages(p.d, p.d.between(p.title, p.body[0]))
	p.takeEnds()
	holder := &html.Node{Type: html.ElementNode, Data: "div"}
	for _, n := range p.texts(from, to) {
		remove(n)
		holder.AppendChild(n)
	}
	if p.fileList != nil {
		holder.AppendChild(p.fileList)
	}
	p.lost.returnMedia(holder)
	looseParagraphs(holder)
	for _, b := range leafBlocks(holder) {
		l := lineOf(b)
		switch {
		case l.text != "" && p.profile.repeated(l.text) && !parts[b.Data]:
			p.d.remove(b, standsOnMost(b))
		case p.lenient && p.date == nil && !p.profile.date.bare && l.text != "" && p.saysDate(l.text) && within(b, holder):
			p.d.ledger.keep(b, inDate)
			remove(b)
		}
	}
	p.d.ledger.keep(holder, inText)
	p.figures(holder)
	layoutTables(holder)
	p.collectImages(p.d, []*html.Node{holder})
	p.lost.tell(p.Page, holder)
	text := renderNodes([]*html.Node{holder})
	p.clean(text, p.d.base, originOf(text, p.d.ends).lineOf)
}

// known finds what was dropped beside the text and stands on most pages: a line, or a piece
// of one.
func (p *profiled) known(all []Segment) {
	words := func(s Segment) bool { return !s.Kept && !s.Picture && !s.Link }
	for from := 0; from < len(all); {
		to := from
		var line strings.Builder
		for ; to < len(all) && all[to].block == all[from].block; to++ {
			if words(all[to]) {
				line.WriteString(all[to].Text + " ")
			}
		}
		whole := p.profile.repeated(line.String())
		for i := from; i < to; i++ {
			s, n := &all[i], p.d.ledger.pieces[i]
			switch {
			case !words(*s):
			case whole || p.profile.repeated(s.Text):
				s.Reason = standsOnMost(n)
			case p.profile.unheard(s.Text) && p.unseen[n]:
				s.Reason = onMost
			}
		}
		from = to
	}
}

// standsOnMost is why words go that stand on most pages of the set: they are repeated, or of
// the template if they lead somewhere or operate the page.
func standsOnMost(n *html.Node) string {
	if ancestor(n, operable) != nil || n.Type == html.ElementNode && leadsOrOperates(n) {
		return onMost
	}
	return repeated
}

package importer

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// What an element beside the text or in it is, by what other pages have there.
const (
	repeats = "the same words"
	offers  = "links"
	varies  = "other words on each page"
	prose   = "running text"
)

// seenElement is an element between title and end of the text on one page.
type seenElement struct {
	page   int
	kind   string
	inBody bool
	names  []string
	text   string
}

// survey is what a template has in and around its texts.
type survey struct {
	found []seenElement
	total votes            // how often a selector occurs there
	kinds map[string]votes // how often with what, by selector
	on    map[string]map[int]bool
	lines map[string]map[int]bool // repeated lines that no selector names

	silent silence
	veiled map[string]map[int]bool // what only the name of a class hides in texts: the pages
	veils  map[string]*rated       // the classes that do
}

// furniture finds what stands between title and end of the text and is none of it.
func (t *pageTemplate) furniture(p *Profile) {
	s := &survey{total: votes{}, kinds: map[string]votes{}, on: map[string]map[int]bool{}, lines: map[string]map[int]bool{}, veiled: map[string]map[int]bool{}, veils: map[string]*rated{}, silent: newSilence()}
	t.each(func(i int, d *document) { t.look(s, p, i, d) })
	taken := map[string]*rated{}
	for _, e := range s.found {
		name := s.choose(t, e)
		switch {
		case name == "" && e.kind == repeats:
			s.addLine(e)
			continue
		case name == "":
			continue
		}
		r := taken[name]
		if r == nil {
			sel, err := ParseSelector(name)
			if err != nil {
				continue
			}
			r = &rated{Selector: sel}
			taken[name] = r
		}
		if len(r.on) == 0 || r.on[len(r.on)-1] != e.page {
			r.found(e.page, e.text, 1)
		}
		if e.kind == prose {
			r.score = -1 // it belongs to the text
		}
	}
	all := make([]*rated, 0, len(taken))
	for _, r := range taken {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *rated) int { return cmp.Or(len(b.on)-len(a.on), strings.Compare(a.text, b.text)) })
	for _, r := range all {
		if r.score >= 0 {
			p.Remove = append(p.Remove, r.text)
			p.remove = append(p.remove, r.Selector)
			p.learned.remove = append(p.learned.remove, r)
			continue
		}
		if both, err := ParseSelector(p.Body + ", " + r.text); err == nil {
			p.body, p.Body = both, both.text
		}
	}
	s.unveil(t, p)
	for text, pages := range s.lines {
		if t.most(len(pages)) {
			p.Lines = append(p.Lines, text)
		}
	}
	for text, pages := range s.veiled {
		if n := len(pages); n >= 3 && n*20 >= len(t.members) && !slices.Contains(p.Lines, text) {
			p.Lines = append(p.Lines, text)
		}
	}
	slices.Sort(p.Lines)
	p.Silent = s.silent.repeated(len(t.members))
	p.index()
	if t.mostlyRepeats(p) {
		// A statement of each week, a form that is filled in: what repeats is the text.
		p.Lines = nil
		p.index()
	}
}

// mostlyRepeats reports whether the texts consist of the lines that repeat more than of
// others.
func (t *pageTemplate) mostlyRepeats(p *Profile) bool {
	repeated, all := 0, 0
	t.each(func(_ int, d *document) {
		body := p.body.all(d.tree.Nodes[0])
		for _, l := range d.lines {
			if !slices.ContainsFunc(body, func(b *html.Node) bool { return within(l.node, b) }) {
				continue
			}
			all += l.length()
			if p.repeated(l.text) {
				repeated += l.length()
			}
		}
	})
	return repeated*2 > all
}

// choose is the selector by which an element is known on other pages as what it is here.
func (s *survey) choose(t *pageTemplate, e seenElement) string {
	for _, name := range e.names {
		of, pages := s.kinds[name], len(s.on[name])
		n := of[e.kind]
		if e.kind == offers || e.kind == varies {
			n += of[repeats] + of[offers] + of[varies]
			n -= of[e.kind]
		}
		if n*10 < s.total[name]*9 || pages < 3 {
			continue
		}
		if e.kind == repeats && e.inBody && n < s.total[name] {
			continue // it would take words of the text along, and nobody would be told
		}
		enough := pages*10 >= len(t.members)
		switch {
		case e.kind == offers && !strongMarks.MatchString(strings.NewReplacer(".", " ", "#", " ").Replace(name)), e.inBody:
			enough = t.most(pages)
		case e.kind == varies:
			enough = pages*10 >= len(t.members)*3
		}
		if enough {
			return name
		}
	}
	return ""
}

func (s *survey) addLine(e seenElement) {
	if s.lines[e.text] == nil {
		s.lines[e.text] = map[int]bool{}
	}
	s.lines[e.text][e.page] = true
}

// look notes what a page has between its title and the end of its text.
func (t *pageTemplate) look(s *survey, p *Profile, i int, d *document) {
	root := d.tree.Nodes[0]
	body := p.body.all(root)
	_, title := p.title.value(root)
	if len(body) == 0 || title == nil {
		return
	}
	fields := []*html.Node{title}
	for _, sel := range []Selector{p.date, p.section, p.lead} {
		if _, n := sel.value(root); n != nil {
			fields = append(fields, n)
		}
	}
	fields = append(fields, p.captions.all(root)...)
	from, to := d.stretch(d.scope(body[0], heading{node: title}), body[0], heading{node: title})
	for _, b := range body {
		to = max(to, d.ledger.spans[b][1])
	}
	s.silent.look(i, d, from, to)
	s.lookBehind(i, d, from, to)
	weight := t.alone(d)
	edge := d.edges(t, body)
	holds := func(n *html.Node, all []*html.Node) bool {
		return slices.ContainsFunc(all, func(f *html.Node) bool { return f == n || within(f, n) })
	}
	var walk func(n *html.Node, inBody bool)
	walk = func(n *html.Node, inBody bool) {
		if n.Type == html.DocumentNode {
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				walk(c, false)
			}
		}
		if n.Type != html.ElementNode || unseen[n.Data] {
			return
		}
		span := d.ledger.spans[n]
		if span[1] <= from || span[0] >= to || span[0] == span[1] || slices.Contains(fields, n) {
			return
		}
		inside := inBody || slices.Contains(body, n)
		if span[0] >= from && span[1] <= to && !holds(n, fields) && (inBody || !holds(n, body)) && n.Data != "body" {
			if len(s.total) < 100_000 {
				s.total.add(names(n)...)
			}
			if e, ok := t.kind(d, n, weight, inBody, edge); ok {
				e.page, e.inBody = i, inBody
				for _, name := range e.names {
					if s.kinds[name] == nil {
						s.kinds[name], s.on[name] = votes{}, map[int]bool{}
					}
					s.kinds[name].add(e.kind)
					s.on[name][i] = true
				}
				s.found = append(s.found, e)
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
	}
	walk(root, false)
}

// lookBehind notes what a page has between two of its pieces that the name of a class hides:
// by a profile that is shown, but for what stands on more pages than this one.
func (s *survey) lookBehind(page int, d *document, from, to int) {
	for _, n := range d.tree.Find("[" + hiddenMark + "=class]").Nodes {
		text := richtext.CleanText(goquery.NewDocumentFromNode(n).Text())
		if span := d.ledger.spans[n]; span[0] < from || span[1] > to || !saying(text) {
			continue
		}
		if s.veiled[text] == nil {
			s.veiled[text] = map[int]bool{}
		}
		s.veiled[text][page] = true
		s.noteVeil(page, n, text)
	}
}

// noteVeil notes the class that hides an element.
func (s *survey) noteVeil(page int, n *html.Node, text string) {
	for class := range strings.FieldsSeq(attr(n, "class")) {
		if !screenOnly.MatchString(class) || !plainName.MatchString(class) {
			continue
		}
		r := s.veils[class]
		if r == nil {
			sel, err := ParseSelector("." + class)
			if err != nil {
				continue
			}
			r = &rated{Selector: sel}
			s.veils[class] = r
		}
		if len(r.on) == 0 || r.on[len(r.on)-1] != page {
			r.found(page, text, 1)
		}
	}
}

// unveil has the profile remove what a class hides on several pages: whoever looks at it
// sees examples.
func (s *survey) unveil(t *pageTemplate, p *Profile) {
	for _, class := range slices.Sorted(maps.Keys(s.veils)) {
		r := s.veils[class]
		if len(r.on) < 3 || len(r.on)*10 < len(t.members) {
			continue
		}
		p.Remove, p.remove = append(p.Remove, r.text), append(p.remove, r.Selector)
		p.learned.remove = append(p.learned.remove, r)
	}
}

// edges are the first and the last piece of the text that stand on this page only: of
// repeated lines without a mark, those between them are the text's.
func (d *document) edges(t *pageTemplate, body []*html.Node) [2]int {
	first, last := -1, -1
	for _, b := range body {
		span := d.ledger.spans[b]
		for i := span[0]; i < span[1]; i++ {
			n := d.ledger.pieces[i]
			if n.Type == html.TextNode && !t.shared(d.language, n.Data) && len(strings.TrimSpace(n.Data)) > 3 {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
	}
	return [2]int{first, last}
}

// parts are elements of which texts are made: alone they are no furniture.
var parts = set("td th tr thead tbody tfoot li dt dd figcaption caption a b strong em i u small sup sub q cite span font br abbr mark")

// kind says what an element is if it is one thing.
func (t *pageTemplate) kind(d *document, n *html.Node, weight map[*html.Node]int, inBody bool, edge [2]int) (seenElement, bool) {
	e := seenElement{names: names(n)}
	l := lineOf(n)
	if l.text == "" {
		return e, false
	}
	e.text = l.text
	if !t.furnishes(d, n) {
		e.kind = varies
	}
	loose := !parts[n.Data] || n.Parent != nil && !parts[n.Parent.Data] && n.Parent.Data != "p" && !isHeading(n.Parent)
	span := d.ledger.spans[n]
	switch {
	case e.kind == "":
		e.kind = repeats
		if inBody && span[0] > edge[0] && span[1] <= edge[1] && len(ownNames(n)) == 0 {
			return e, false // between words of this page only
		}
		return e, loose && (!inBody || !parts[n.Data])
	case l.links*2 > l.length() && goquery.NewDocumentFromNode(n).Find("a").Length() > 1:
		e.kind = offers
		return e, loose && len(ownNames(n)) > 0 && !introduced(n) && !offersFiles(n) && !(inBody && span[1] <= edge[1] && !strongMarks.MatchString(marks(n)))
	case inBody:
		return e, false
	case weight[n] >= 60 && l.links*4 < l.length():
		e.kind = prose
		return e, len(ownNames(n)) > 0 && !teaserMarks.MatchString(attr(n, "class")) && !strongMarks.MatchString(marks(n)) && n.Data != "aside" && n.Data != "nav" && n.Data != "footer"
	}
	return e, len(e.names) > 0
}

// furnishes reports whether all lines of an element stand on other pages, too.
func (t *pageTemplate) furnishes(d *document, n *html.Node) bool {
	for _, l := range flatten(n) {
		if !t.shared(d.language, l.text) && strings.ContainsFunc(l.text, isWord) {
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

package importer

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// What an element beside the text or in it is, by what other pages have there.
const (
	repeats    = "the same words"
	offers     = "links"
	likes      = "links to pages like this one"
	varies     = "other words on each page, as systems have them"
	prose      = "running text"
	wording    = "other words on each page"
	filedWords = "one of a few words on each page, as a system files pages"
)

// seenElement is an element between title and end of the text on one page.
type seenElement struct {
	page   int
	kind   string
	inBody bool
	names  []string
	text   string
	lines  []string // by which it is known if no selector names it
	leads  bool     // somewhere, or it operates the page
	// labelled is whether words that most pages have say what this is.
	labelled bool
	pictured bool // it is pictures of its page
	// entries are the parts of an offer.
	entries []seenElement
}

// survey is what a template has in and around its texts.
type survey struct {
	found  []seenElement
	total  votes            // how often a selector occurs there
	kinds  map[string]votes // how often with what, by selector
	on     map[string]map[int]bool
	lines  heard        // repeated lines that no selector names
	beside heard        // what the elements of dates say besides these
	files  heard        // the words of the lists of files
	filed  map[int]bool // the pages that have some

	silent silence
	veiled map[string]map[int]bool // what only the name of a class hides in texts: the pages
	veils  map[string]*veil        // the classes that do
	values map[string]votes        // what is said behind a label
}

func newSurvey() *survey {
	return &survey{
		total: votes{}, kinds: map[string]votes{}, on: map[string]map[int]bool{}, lines: heard{}, beside: heard{}, files: heard{}, filed: map[int]bool{},
		silent: newSilence(), veiled: map[string]map[int]bool{}, veils: map[string]*veil{}, values: map[string]votes{},
	}
}

// furniture finds what stands between title and end of the text and is none of it.
func (t *pageTemplate) furniture(p *Profile) {
	s := newSurvey()
	t.count()
	t.addresses(p)
	t.each(func(i int, d *document) { t.look(s, p, i, d) })
	all := s.chosen(t)
	for _, c := range all {
		switch c.kind {
		case prose:
			if both, err := ParseSelector(p.Body + ", " + c.text); err == nil {
				p.body, p.Body = both, both.text
			}
		case wording:
			p.Also, p.also = append(p.Also, c.text), append(p.also, c.Selector)
			p.learned.also = append(p.learned.also, c.rated)
		}
	}
	onMost := func(l *phrase) bool { return t.most(len(l.pages)) && s.opensFew(l.text) }
	rare := s.beside.fewBut(onMost)
	p.Date.Beside = s.beside.texts(func(l *phrase) bool { return rare || onMost(l) })
	p.Lines = s.lines.texts(onMost)
	p.Lines = append(p.Lines, s.ofFiles(p.Lines)...)
	s.toRemove(p, all)
	p.index()
	if t.mostlyRepeats(p) {
		// A statement of each week, a form that is filled in: what repeats is the text.
		p.Lines = s.lines.texts(func(l *phrase) bool { return onMost(l) && !l.inText })
		p.Lines = append(p.Lines, s.ofFiles(p.Lines)...)
		s.toRemove(p, slices.DeleteFunc(all, func(c choice) bool { return c.inBody && c.kind == repeats }))
	}
	s.unveil(t, p)
	t.samePictures(p)
	p.Silent = s.silent.repeated(len(t.members))
	for text := range s.veiled {
		if s.repeatsVeiled(t, text) && !slices.Contains(p.Silent, text) {
			p.Silent = append(p.Silent, text)
		}
	}
	slices.Sort(p.Silent)
	p.index()
	p.learned.said = s.repeated(p)
}

// ofFiles are the words in lists of files that most of the pages have which list some: headings,
// buttons, sizes.
func (s *survey) ofFiles(known []string) []string {
	return slices.DeleteFunc(s.files.texts(func(l *phrase) bool {
		return len(l.pages) >= 3 && len(l.pages)*2 >= len(s.filed)
	}), func(text string) bool { return slices.Contains(known, text) })
}

// toRemove has the profile remove what is none of the text.
func (s *survey) toRemove(p *Profile, all []choice) {
	p.Remove, p.remove, p.learned.remove, p.Says = nil, nil, nil, map[string][]string{}
	for _, c := range all {
		if c.kind == prose || c.kind == wording {
			continue
		}
		p.Remove, p.remove = append(p.Remove, c.text), append(p.remove, c.Selector)
		p.learned.remove = append(p.learned.remove, c.rated)
		if c.kind == filedWords && s.labelled(c.text) {
			continue // the label says what else may stand there
		}
		if says := s.says(c.text, c.kind == filedWords); len(says) > 0 {
			p.Says[c.text] = says
		}
	}
}

// choice is a selector with what it selects.
type choice struct {
	*rated
	kind   string
	inBody bool // somewhere
}

// chosen are the selectors by which elements beside the text or in it are known as what they
// are, those that find something on most pages first. Repeated words that no selector names
// become lines.
func (s *survey) chosen(t *pageTemplate) []choice {
	taken := map[string]choice{}
	found := slices.Clone(s.found)
	for len(found) > 0 {
		e := found[0]
		found = found[1:]
		name := s.choose(t, e)
		if name == "" {
			if e.kind == repeats {
				s.addLine(e)
			}
			if len(e.entries) > 0 {
				found = slices.Concat(e.entries, found)
			}
			continue
		}
		c, known := taken[name]
		if !known {
			sel, err := ParseSelector(name)
			if err != nil {
				continue
			}
			c = choice{&rated{Selector: sel}, e.kind, false}
		}
		c.inBody = c.inBody || e.inBody
		if e.kind == prose || e.kind == wording && c.kind != prose {
			c.kind = e.kind // it belongs to the text
		}
		taken[name] = c
		if len(c.on) == 0 || c.on[len(c.on)-1] != e.page {
			c.found(e.page, e.text, 1)
		}
	}
	s.ofFew(t, taken)
	return slices.SortedFunc(maps.Values(taken), func(a, b choice) int {
		return cmp.Or(len(b.on)-len(a.on), strings.Compare(a.text, b.text))
	})
}

// says is what the elements that a selector finds say, if that is little and hardly ever
// something else: whatever else one says is nobody's furniture. Those by which pages are filed
// may say one of more things.
func (s *survey) says(selector string, filed bool) []string {
	const most, longest = 4, 300
	said := heard{}
	for _, e := range s.found {
		if !slices.Contains(e.names, selector) {
			continue
		}
		if e.kind != repeats && !filed || len(e.text) > longest {
			return nil
		}
		if said.add(e.page, e.text, e.inBody); len(said) > most && !filed {
			return nil
		}
	}
	return said.texts(func(*phrase) bool { return true })
}

// mostlyRepeats reports whether the texts consist of what repeats more than of the rest.
func (t *pageTemplate) mostlyRepeats(p *Profile) bool {
	repeated, all := 0, 0
	t.each(func(_ int, d *document) {
		body := p.body.all(d.tree.Nodes[0])
		in := func(n *html.Node, some []*html.Node) bool {
			return slices.ContainsFunc(some, func(b *html.Node) bool { return within(n, b) })
		}
		var gone []*html.Node
		for _, s := range p.remove {
			gone = append(gone, s.all(d.tree.Nodes[0])...)
		}
		for _, l := range d.lines {
			if !in(l.node, body) {
				continue
			}
			all += l.length()
			if p.repeated(l.text) || in(l.node, gone) {
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
		switch e.kind {
		case offers, varies:
			n = of[repeats] + of[offers] + of[varies] + of[likes]
		case wording:
			n = of[repeats] + of[prose] + of[wording]
			if e.labelled {
				n += of[offers] + of[varies]
			}
		}
		if n*10 < s.total[name]*9 || pages < 3 {
			continue
		}
		if e.kind == repeats && n < s.total[name] {
			continue // it would take words of the text along, and nobody would be told
		}
		enough := pages*10 >= len(t.members)
		switch {
		case e.kind == likes:
			enough = true // what they are is proven on each of them
		case e.kind == repeats, e.kind == offers && !strongMarks.MatchString(strings.NewReplacer(".", " ", "#", " ").Replace(name)), e.inBody:
			enough = t.most(pages) // what stands on fewer pages is no furniture
		case e.kind == varies:
			enough = pages*10 >= len(t.members)*3
		case e.kind == wording:
			enough = true // nothing is lost by it
		}
		if enough {
			return name
		}
	}
	return ""
}

func (s *survey) addLine(e seenElement) {
	for _, text := range e.lines {
		s.lines.add(e.page, text, e.inBody)
		s.lines.lead(text, e.leads)
	}
}

// fields are the elements of a page that have a place in the article.
func (s *survey) fields(p *Profile, i int, root, title *html.Node) []*html.Node {
	fields := []*html.Node{title}
	for _, sel := range []Selector{p.date, p.section, p.lead} {
		if _, n := sel.value(root); n != nil {
			fields = append(fields, n)
		}
	}
	for _, sel := range p.files {
		for _, n := range sel.all(root) {
			for _, a := range linksAt(n) {
				s.lines.add(i, lineOf(a).text, false)
				s.lines.lead(lineOf(a).text, true)
			}
			for _, piece := range wordsIn(n) {
				s.files.add(i, richtext.CleanText(piece.Data), false)
			}
			s.filed[i] = true
			fields = append(fields, n)
		}
	}
	return fields
}

// look notes what a page has between its title and the end of its text.
func (t *pageTemplate) look(s *survey, p *Profile, i int, d *document) {
	root := d.tree.Nodes[0]
	body := p.body.all(root)
	name, title := p.titleIn(root)
	if len(body) == 0 || title == nil {
		return
	}
	fields, captions := s.fields(p, i, root, title), p.captions.all(root)
	section := p.sectionOf(d)
	isTitle := func(n *html.Node) bool { return lineOf(n).text != "" && key(lineOf(n).text) == key(name) }
	from, to, _ := d.aroundTexts(body, heading{node: title})
	s.silent.look(i, d, from, to)
	s.lookBehind(i, d, from, to)
	s.lookAtDate(p, i, d, title)
	weight := t.alone(d)
	edge := d.edges(t, body, title)
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
		if span[1] <= from || span[0] >= to || span[0] == span[1] || slices.Contains(fields, n) || slices.Contains(captions, n) {
			return
		}
		inside := inBody || slices.Contains(body, n)
		data := inBody && !within(title, n) && t.writesData(d, n, edge)
		if span[0] >= from && span[1] <= to && (data || t.isOne(d, n, fields, captions)) && (inBody || !holds(n, body)) && n.Data != "body" && !isTitle(n) {
			if len(s.total) < 100_000 {
				s.total.add(names(n)...)
			}
			if e, ok := t.kindOrData(d, n, weight, inBody, edge, data); ok {
				e.page, e.inBody = i, inBody
				if e.kind == wording && section != "" && key(e.text) == section {
					e.kind = varies // it stands in the article's section
				}
				e.entries = s.entriesOf(t, d, n, e)
				s.vote(e)
				s.found = append(s.found, e)
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, inside)
		}
	}
	walk(root, false)
	t.lookAtEnds(s, i, d, body, from, edge)
	s.lookBetween(i, d.ledger.pieces[from:min(to, len(d.ledger.pieces))], slices.Concat(fields, captions, body))
}

// holds reports whether an element has others in it, or is one.
func holds(n *html.Node, some []*html.Node) bool {
	return slices.ContainsFunc(some, func(f *html.Node) bool { return within(f, n) })
}

// isOne reports whether an element may be one thing: it has none of the fields of a page, and no
// captions but as the frame of their pictures.
func (t *pageTemplate) isOne(d *document, n *html.Node, fields, captions []*html.Node) bool {
	return !holds(n, fields) && (t.ownPictures(d, n) || !holds(n, captions))
}

// entriesOf are the entries of an element that may have some.
func (s *survey) entriesOf(t *pageTemplate, d *document, n *html.Node, e seenElement) []seenElement {
	switch {
	case e.kind == offers:
		return s.entries(d, n, e)
	case e.kind == likes, e.kind == wording && firstIn(n, pictureElements) != nil:
		return s.within(t, d, n, e)
	}
	return nil
}

// vote notes what the names of an element stand for.
func (s *survey) vote(e seenElement) {
	for _, name := range e.names {
		if s.kinds[name] == nil {
			s.kinds[name], s.on[name] = votes{}, map[int]bool{}
		}
		s.kinds[name].add(e.kind)
		s.on[name][e.page] = true
	}
}

// lookBetween notes the words that stand bare around text and fields, in no element of their
// own.
func (s *survey) lookBetween(page int, pieces, known []*html.Node) {
	for _, n := range pieces {
		at := n.Parent
		for parts[at.Data] && at.Parent != nil && !slices.ContainsFunc(known, func(f *html.Node) bool { return within(f, at) }) {
			at = at.Parent // what a part of a line or of a table says stands bare, too
		}
		around := slices.ContainsFunc(known, func(f *html.Node) bool { return within(f, at) })
		if n.Type == html.TextNode && saying(n.Data) && around && !slices.ContainsFunc(known, func(f *html.Node) bool { return within(n, f) }) {
			text := richtext.CleanText(n.Data)
			s.lines.add(page, text, false)
			s.lines.lead(text, ancestor(n, operable) != nil)
		}
	}
}

// labelledNumber is a label with nothing but a number.
var labelledNumber = lazyregexp.New(`^[^:：]{2,40}[:：]\s*[0-9][0-9., ]*$`)

// lookAtDate notes what a page says in the element of its date besides that.
func (s *survey) lookAtDate(p *Profile, page int, d *document, title *html.Node) {
	_, n := p.date.value(d.tree.Nodes[0])
	if n == nil || n == title || within(n, title) {
		return
	}
	for _, line := range d.linesIn(n, title) {
		if rest, _ := besideDate(d.textOfPieces(line), d.language, p.order()); rest != "" {
			s.beside.add(page, rest, false)
		}
	}
}

// edges are the first and the last piece of the text that stand on this page only: of
// repeated lines without a mark, those between them are the text's.
func (d *document) edges(t *pageTemplate, body []*html.Node, title *html.Node) [2]int {
	first, last := -1, -1
	for _, b := range body {
		span := d.ledger.spans[b]
		for i := span[0]; i < span[1]; i++ {
			n := d.ledger.pieces[i]
			if n.Type == html.TextNode && !within(n, title) && t.ownWords(d, n) {
				if first < 0 {
					first = i
				}
				last = i
			}
		}
	}
	return [2]int{first, last}
}

// ownWords reports whether a piece says something that this page alone says.
func (t *pageTemplate) ownWords(d *document, n *html.Node) bool {
	text := richtext.CleanText(n.Data)
	switch {
	case len(text) <= 3, t.sharedInText(d.language, text), t.several(t.exact[exactKey(d.language, text)]), t.onMost(d.language, text, false), d.onlyDated(text):
		return false
	}
	return !t.formOnMost(d.language, undated(text)) && !t.formOnMost(d.language, openLabel(text))
}

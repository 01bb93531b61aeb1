package importer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
)

// fewest are the pages that are enough to show what repeats.
const fewest = 5

// Learned is what a set of pages has shown.
type Learned struct {
	Profiles Profiles
	// Pages is how many pages were compared, of so many in the set.
	Pages, Of int
	// Unfit are the pages that fit no template.
	Unfit []Unfit

	sample *sample
}

// Learn compares pages of a set, at most so many of its n: what repeats is furniture,
// what is alone is text. It finds the templates of the set, one profile for each.
func Learn(source Source, n, most int, o Options) (Learned, error) {
	s := newSample(source, n, most, o)
	l := Learned{Pages: len(s.pages), Of: n, Unfit: s.unread, sample: s}
	if len(s.pages) < fewest {
		return l, fmt.Errorf("%d pages cannot teach what repeats on them: give at least %d", len(s.pages), fewest)
	}
	rest := make([]int, len(s.pages))
	for i := range rest {
		rest[i] = i
	}
	const templates = 12
	var found []*pageTemplate // of the profiles
	for len(rest) >= fewest && len(found) < templates {
		t, p := s.largest(rest)
		if p == nil {
			break
		}
		rest = (&pageTemplate{sample: s, members: rest}).without(t.members)
		at := l.Profiles.alike(t)
		switch {
		case at < 0:
			at = len(found)
			found, l.Profiles.Profiles = append(found, t), append(l.Profiles.Profiles, p)
		default:
			both := t.with(found[at])
			if p = both.wider(p.body, found[at], l.Profiles.Profiles[at].body); p == nil {
				continue // a page is read by the first profile that it fits
			}
			t, found[at], l.Profiles.Profiles[at] = both, both, p
		}
		p.Name = fmt.Sprintf("template-%d", at+1)
		whole := t.andFitting(p, rest)
		whole.fields(p)
		whole.furniture(p)
	}
	if len(l.Profiles.Profiles) == 0 {
		return l, fmt.Errorf("the %d pages have no title and no text in the same place: give pages of one site", len(s.pages))
	}
	for _, i := range rest {
		d, err := s.document(i)
		if err != nil {
			continue
		}
		if _, reason := l.Profiles.fit(d); reason != "" {
			l.Unfit = append(l.Unfit, Unfit{s.names[i], reason})
		}
	}
	l.encoding()
	l.language()
	return l, nil
}

// andFitting are the pages of a template with those of the rest that fit its profile, which will
// be read by it though something beside their texts is unlike: notes at the foot, say.
func (t *pageTemplate) andFitting(p *Profile, rest []int) *pageTemplate {
	members := slices.Clone(t.members)
	for _, i := range rest {
		if d, err := t.document(i); err == nil && p.fits(d) == "" {
			members = append(members, i)
		}
	}
	if len(members) == len(t.members) {
		return t
	}
	slices.Sort(members)
	whole := &pageTemplate{sample: t.sample, members: members, numbered: t.numbered}
	p.learned.pages = len(members)
	whole.titleEvidence(p)
	p.learned.add("body", whole.textEvidence(p.body))
	if p.date.text != "" && !p.date.bare {
		date := &dateFound{whole.textEvidence(p.date), map[int]string{}}
		whole.each(func(i int, d *document) {
			if text, n := p.date.value(d.tree.Nodes[0]); n != nil {
				date.readings[i] = text
			}
		})
		p.learned.add("date", date.rated)
		p.Date.Formats, p.learned.formats = whole.formats(date)
	}
	return whole
}

// largest is the template that most of some pages have; the profile is nil if not enough of
// them have one.
func (s *sample) largest(pages []int) (*pageTemplate, *Profile) {
	for _, numbered := range []bool{false, true} {
		t := &pageTemplate{sample: s, members: pages, numbered: numbered}
		if p := t.frame(); p != nil && len(t.members) >= max(fewest, len(s.pages)/50) {
			return t, p
		}
	}
	return nil, nil
}

// frame finds title, text and date of the largest group of pages that have them in the
// same places, and leaves these pages in the template.
func (t *pageTemplate) frame() *Profile {
	body := t.findBody()
	if body == nil {
		return nil
	}
	t.members = body.on
	return t.frameAround(body.Selector)
}

// frameAround is frame for pages of which the text is known.
func (t *pageTemplate) frameAround(body Selector) *Profile {
	title := t.findTitle(body)
	if title == nil || len(title.on) < fewest {
		return nil
	}
	t.members = title.on
	p := &Profile{Title: TitleRule{Select: title.text}, Body: body.text, learned: newEvidence()}
	p.learned.kickers = title.beside
	for _, kicker := range title.beside {
		p.Title.Beside = append(p.Title.Beside, kicker.text)
	}
	p.index()
	p.title, p.body = title.Selector, body
	if date := t.findDate(p); date != nil {
		t.members = date.on
		p.date, p.Date.Select = date.Selector, date.text
		p.learned.add("date", date.rated)
		p.Date.Formats, p.learned.formats = t.formats(date)
	}
	p.learned.pages = len(t.members)
	for _, i := range t.members[:min(3, len(t.members))] {
		p.learned.names = append(p.learned.names, t.names[i])
	}
	t.titleEvidence(p)
	p.learned.add("body", t.textEvidence(body))
	return p
}

// findBody finds the selector of the elements with the text that stands on one page
// only, and little else.
func (t *pageTemplate) findBody() *rated {
	proposed := votes{}
	t.each(func(_ int, d *document) {
		weight := t.prose(d)
		root := d.tree.Nodes[0]
		at, total := root, weight[root]
		if total < 60 {
			return
		}
		for {
			if at.Data != "html" {
				proposed.add(names(at)...)
				proposed.add(placeOf(at)...)
			}
			var best *html.Node
			for c := at.FirstChild; c != nil; c = c.NextSibling {
				if c.Type == html.ElementNode && (best == nil || weight[c] > weight[best]) {
					best = c
				}
			}
			if best == nil || weight[best]*10 < total*4 || !holdsParagraphs[best.Data] {
				return
			}
			at = best
		}
	})
	all := ratedOf(proposed.best(90))
	t.each(func(i int, d *document) {
		weight := t.prose(d)
		root := d.tree.Nodes[0]
		length := t.lengths(d)
		scores, best := make([]float64, len(all)), 0.0
		for j, r := range all {
			nodes := r.all(root)
			if len(nodes) == 0 || len(nodes) > 8 || weight[root] == 0 {
				continue
			}
			inside, size := 0, 0
			for _, n := range nodes {
				inside += weight[n]
				size += length[n]
			}
			recall := float64(inside) / float64(weight[root])
			precision := min(1, float64(inside)/float64(max(size, 1)))
			if recall < 0.4 {
				continue
			}
			scores[j] = 2 * precision * recall / (precision + recall) * r.sureness()
			best = max(best, scores[j])
		}
		for j, r := range all {
			// What is much worse than another here is at home on other pages.
			if scores[j] > 0 && scores[j] > best*0.96 {
				r.found(i, "", scores[j])
			}
		}
	})
	return strongestOf(all)
}

// lengths is how much text each element has.
func (t *pageTemplate) lengths(d *document) map[*html.Node]int {
	length := map[*html.Node]int{}
	for _, l := range d.lines {
		size := max(l.length(), textWeight(l))
		for n := l.node; n != nil; n = n.Parent {
			length[n] += size
		}
	}
	return length
}

// containsBody reports whether elements are around the text.
func containsBody(nodes, body []*html.Node) bool {
	return slices.ContainsFunc(nodes, func(n *html.Node) bool {
		return slices.ContainsFunc(body, func(b *html.Node) bool { return b != n && within(b, n) })
	})
}

func titleAgreement(text string, sure, called []string) float64 {
	k := key(text)
	for _, n := range called {
		if key(n) == k {
			return 1
		}
	}
	for _, n := range sure {
		nk := key(n)
		if utf8.RuneCountInString(k) > 12 && (strings.HasPrefix(nk, k) || strings.HasSuffix(nk, k)) || utf8.RuneCountInString(nk) > 30 && strings.HasPrefix(k, nk) {
			return 0.9
		}
	}
	return 0.25
}

// titleEvidence keeps examples of the titles, and what ends those of the head.
func (t *pageTemplate) titleEvidence(p *Profile) {
	r := &rated{Selector: p.title}
	var values []string
	t.each(func(i int, d *document) {
		if text, _ := p.titleIn(d.tree.Nodes[0]); text != "" {
			r.found(i, text, 0)
			values = append(values, text)
		}
	})
	p.learned.add("title", r)
	if p.title.text == "title" || p.title.attribute != "" {
		p.Title.Without = commonEnd(values)
	}
}

// commonEnd is what ends all texts, from a separator on.
func commonEnd(texts []string) string {
	if len(texts) < 2 {
		return ""
	}
	end := []rune(texts[0])
	for _, text := range texts[1:] {
		r := []rune(text)
		n := 0
		for n < len(end) && n < len(r) && end[len(end)-1-n] == r[len(r)-1-n] {
			n++
		}
		end = end[len(end)-n:]
	}
	cut := siteSplit.FindStringIndex(string(end))
	if cut == nil {
		return ""
	}
	return string(end)[cut[0]:]
}

// textEvidence is what a selector finds on the pages of a template.
func (t *pageTemplate) textEvidence(s Selector) *rated {
	r := &rated{Selector: s}
	t.each(func(i int, d *document) {
		text, _ := s.value(d.tree.Nodes[0])
		r.found(i, text, 0)
	})
	return r
}

// encoding notes the encoding in which pages that name none are read.
func (l *Learned) encoding() {
	l.Profiles.Encoding = l.sample.o.Charset
	for _, p := range l.Profiles.Profiles {
		p.Date.Zone = ""
		if p.Date.Select != "" && l.sample.o.Zone != nil {
			p.Date.Zone = l.sample.o.Zone.String()
		}
	}
}

// language notes the language of pages that declare none, if their texts show one and no
// other: there may be short ones among them that show nothing.
func (l *Learned) language() {
	shown, all := map[press.Language]int{}, 0
	for i := range l.sample.pages {
		d, err := l.sample.document(i)
		if err != nil || d.language != "" {
			continue
		}
		p, _ := l.Profiles.fit(d)
		if p == nil {
			continue
		}
		all++
		if seen := detectLanguage(textOfAll(p.body.all(d.tree.Nodes[0]))); seen != "" {
			shown[seen]++
		}
	}
	for seen, pages := range shown {
		if len(shown) == 1 && pages >= 3 && pages*2 >= all {
			l.Profiles.Language = string(seen)
		}
	}
}

// Example is a page of the sample as it would be filed.
type Example struct {
	Page Page
	// Unlike is how much it differs from the others of the sample.
	Unlike float64
}

// Examples are pages of the sample as they would be filed with what is beside them, those
// first that are most unlike the others.
func (l Learned) Examples(most int, beside func(page, reference string) string) []Example {
	o := l.sample.o
	o.Profiles = &l.Profiles
	var all []Example
	lengths := map[string][]int{}
	for i := range l.sample.pages {
		name, raw, err := l.sample.source(l.sample.pages[i])
		if err != nil {
			continue
		}
		if beside != nil {
			o.Beside = func(reference string) string { return beside(name, reference) }
		}
		// A page that cannot be read says so itself.
		page, _ := ReadPage(name, raw, o)
		if page.Profile == "" {
			continue // it is among those that fit no template
		}
		lengths[page.Profile] = append(lengths[page.Profile], len(richtext.Text(page.Body)))
		page.Account = nil
		all = append(all, Example{Page: page})
	}
	for name := range lengths {
		slices.Sort(lengths[name])
	}
	for i := range all {
		all[i].Unlike = unlike(all[i].Page, lengths[all[i].Page.Profile])
	}
	slices.SortStableFunc(all, func(a, b Example) int {
		switch {
		case a.Unlike > b.Unlike:
			return -1
		case a.Unlike < b.Unlike:
			return 1
		}
		return 0
	})
	return all[:min(most, len(all))]
}

// unlike is how much a page differs from pages of such lengths: what it lacks, what is in
// doubt, how long it is.
func unlike(p Page, lengths []int) float64 {
	score := float64(4*len(p.Doubts) + len(p.Problems))
	if !p.Complete() {
		score += 10
	}
	if middle := lengths[len(lengths)/2]; middle > 0 {
		size := float64(len(richtext.Text(p.Body)) + 1)
		for size < float64(middle) {
			size, score = size*1.5, score+0.5
		}
		for size > 1.5*float64(middle) {
			size, score = size/1.5, score+0.5
		}
	}
	return score
}

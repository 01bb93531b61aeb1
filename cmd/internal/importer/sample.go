package importer

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/press"
	"communique/storage/richtext"
)

// Source gives the pages of a set, each by its place in the set.
type Source func(i int) (name string, raw []byte, err error)

// sample is the pages of a set that are compared. Texts that repeat are known by their
// hashes, so that the memory it takes is bounded by the sample, whatever the set.
type sample struct {
	source Source
	o      Options
	pages  []int
	names  []string
	tongue []press.Language
	// shown says on how many pages of a language a text stands, whatever its numbers are,
	// and exact on how many with these numbers, but where it leads to another page.
	shown  map[uint64]int
	exact  map[uint64]int
	kept   map[int]*document // parsed pages that are at hand, as many as cachedBytes allow
	left   int
	unread []Unfit
}

// Unfit is a page that fits no template, and why.
type Unfit struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// cachedBytes bounds the pages that are kept parsed, by their bytes as files.
const cachedBytes = 6 << 20

// spread chooses pages of a set evenly, the first and the last among them.
func spread(n, most int) []int {
	if n <= most {
		most = n
	}
	chosen := make([]int, most)
	for i := range chosen {
		chosen[i] = i * (n - 1) / max(most-1, 1)
	}
	return chosen
}

func newSample(source Source, n, most int, o Options) *sample {
	s := &sample{source: source, o: o, shown: map[uint64]int{}, exact: map[uint64]int{}, kept: map[int]*document{}, left: cachedBytes}
	for _, i := range spread(n, most) {
		name, text, err := s.read(i)
		if err != nil {
			s.unread = append(s.unread, Unfit{name, err.Error()})
			continue
		}
		o.page = name
		d, err := parseDocument(text, o)
		if err != nil {
			s.unread = append(s.unread, Unfit{name, err.Error()})
			continue
		}
		if s.left -= len(text); s.left >= 0 {
			s.kept[len(s.pages)] = d
		}
		s.pages, s.names, s.tongue = append(s.pages, i), append(s.names, name), append(s.tongue, d.language)
		countLines(d.lines, d.language, s.shown, s.exact)
	}
	return s
}

// countLines counts each line of a page once.
func countLines(lines []line, language press.Language, shown, exact map[uint64]int) {
	on, exactly := map[uint64]bool{}, map[uint64]bool{}
	for _, l := range lines {
		if k, ok := textKey(language, l.text); ok && !on[k] {
			on[k] = true
			shown[k]++
		}
		if k := exactKey(language, l.text); !l.linked() && !exactly[k] {
			exactly[k] = true
			exact[k]++
		}
	}
}

// read returns the text of a page of HTML.
func (s *sample) read(i int) (name, text string, err error) {
	name, raw, err := s.source(i)
	if err != nil {
		return name, "", err
	}
	if len(raw) > MaxPage {
		return name, "", &Problem{File: name, Text: overLong(name).Text}
	}
	text, _, err = decode(raw, s.o.Charset)
	if err == nil && !looksLikeHTML(name, text) {
		err = fmt.Errorf("it is the text of a page without its markup")
	}
	return name, text, err
}

// fresh parses a page of the sample, for those who change it.
func (s *sample) fresh(i int) (*document, error) {
	name, text, err := s.read(s.pages[i])
	if err != nil {
		return nil, err
	}
	o := s.o
	o.page = name
	return parseDocument(text, o)
}

// document is a page of the sample, not to be changed.
func (s *sample) document(i int) (*document, error) {
	if d, ok := s.kept[i]; ok {
		return d, nil
	}
	return s.fresh(i)
}

// textKey is a text as those of different pages are compared: numbers in it may differ.
// What has no words is nobody's.
func textKey(language press.Language, text string) (uint64, bool) {
	letters := 0
	h := fnv.New64a()
	h.Write([]byte(language))
	figure := false
	for _, r := range key(text) {
		if unicode.IsDigit(r) {
			if figure {
				continue
			}
			r = '0'
		}
		figure = r == '0'
		if unicode.IsLetter(r) {
			letters++
		}
		h.Write([]byte(string(r)))
	}
	return h.Sum64(), letters >= 2
}

// exactKey is a text as titles of different pages are compared: that of a press conference
// on 5 March is not that of one on 6 March.
func exactKey(language press.Language, text string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(language))
	h.Write([]byte(key(text)))
	return h.Sum64()
}

// several reports whether so many pages of the sample are more than chance.
func (s *sample) several(pages int) bool { return pages >= 3 && pages*20 >= len(s.pages) }

// shared reports whether a text stands on several pages of the sample: it belongs to no
// single article.
func (s *sample) shared(language press.Language, text string) bool {
	k, ok := textKey(language, text)
	return ok && s.several(s.shown[k])
}

// sharedExactly is shared for texts whose numbers count.
func (s *sample) sharedExactly(language press.Language, text string) bool {
	return s.several(s.exact[exactKey(language, text)])
}

// alone returns how much running text each element contains that stands on this page
// only, besides its title.
func (t *pageTemplate) alone(d *document) map[*html.Node]int {
	return t.weigh(d, func(_ line, w int) int { return w })
}

// prose is alone for what shows where the text is: names and places beside it show little,
// and a lead is set apart wherever it stands.
func (t *pageTemplate) prose(d *document) map[*html.Node]int {
	const sentence = 60
	return t.weigh(d, func(l line, w int) int {
		if lead := ancestor(l.node, marksLead); w < sentence || lead != nil && lead.Data != "body" && utf8.RuneCountInString(textOf(lead)) < 4*press.MaxTitle {
			return w / 4
		}
		return w
	})
}

// weigh adds up what the lines of a page that stand on this page only weigh in each element.
func (t *pageTemplate) weigh(d *document, of func(l line, w int) int) map[*html.Node]int {
	weight := map[*html.Node]int{}
	_, called := d.namedTitles()
	titles := map[string]bool{}
	for _, name := range called {
		titles[key(name)] = true
	}
	cards := newGridCards(d)
	cards.within = true
	for _, l := range d.lines {
		if l.node != nil && !titles[key(l.text)] && !t.sharedInText(d.language, l.text) && cards.around(l.node) == nil {
			if w := of(l, textWeight(l)); w > 0 {
				for n := l.node; n != nil; n = n.Parent {
					weight[n] += w
				}
			}
		}
	}
	return weight
}

// pageTemplate is some pages of a sample that are made alike.
type pageTemplate struct {
	*sample
	members []int // of the sample, in order
	// numbered is whether the texts of these pages differ in their numbers alone, as reports
	// of rates and fees do.
	numbered bool
	// shown and exact count as those of the sample do, on the pages of the template.
	shown, exact map[uint64]int
	// forms counts those of the addresses of the pages.
	forms votes
	// formed counts on how many pages of the template a form of a line stands, see formsOf.
	formed map[uint64]int
	// pictures counts on how many pages one stands.
	pictures votes
	// targets counts on how many pages a link leads there.
	targets votes
}

// count counts on how many pages of the template a line stands.
func (t *pageTemplate) count() {
	t.shown, t.exact, t.formed = map[uint64]int{}, map[uint64]int{}, map[uint64]int{}
	t.each(func(_ int, d *document) {
		lines := d.linesAndPieces()
		countLines(lines, d.language, t.shown, t.exact)
		t.countForms(d.language, lines)
	})
}

// linesAndPieces are the lines of a page, and the pieces of those that have several: one may
// stand in an element of its own.
func (d *document) linesAndPieces() []line {
	all := slices.Clone(d.lines)
	for _, n := range d.ledger.pieces {
		if n.Type == html.TextNode {
			all = append(all, line{text: richtext.CleanText(n.Data)})
		}
	}
	return all
}

// onMost reports whether a line stands on most pages of the template, with the same numbers
// if these count.
func (t *pageTemplate) onMost(language press.Language, text string, exactly bool) bool {
	if exactly {
		return t.most(t.exact[exactKey(language, text)])
	}
	k, _ := textKey(language, text)
	return t.most(t.shown[k])
}

// sharedInText is whether a text is not that of one page alone.
func (t *pageTemplate) sharedInText(language press.Language, text string) bool {
	if t.numbered {
		return t.sharedExactly(language, text)
	}
	return t.shared(language, text)
}

// each calls fn for the pages of the template.
func (t *pageTemplate) each(fn func(i int, d *document)) {
	for _, i := range t.members {
		if d, err := t.document(i); err == nil {
			fn(i, d)
		}
	}
}

// without are the pages of the template that are not among some of them.
func (t *pageTemplate) without(some []int) []int {
	gone := map[int]bool{}
	for _, i := range some {
		gone[i] = true
	}
	var rest []int
	for _, i := range t.members {
		if !gone[i] {
			rest = append(rest, i)
		}
	}
	return rest
}

// most reports whether so many pages of the template are most of them.
func (t *pageTemplate) most(n int) bool { return n*2 >= len(t.members) }

// squeeze is a text in one line, short enough for an example.
func squeeze(text string, most int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

package importer

import (
	"maps"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// veil is a class that hides words, and the words.
type veil struct {
	*rated
	words map[string]bool
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
			r = &veil{&rated{Selector: sel}, map[string]bool{}}
			s.veils[class] = r
		}
		r.words[text] = true
		if len(r.on) == 0 || r.on[len(r.on)-1] != page {
			r.found(page, text, 1)
		}
	}
}

// unveil has the profile remove what a class hides on most pages, or in the same words on
// several: whoever looks at it sees examples.
func (s *survey) unveil(t *pageTemplate, p *Profile) {
	for _, class := range slices.Sorted(maps.Keys(s.veils)) {
		r := s.veils[class]
		same := true
		for text := range r.words {
			same = same && s.repeatsVeiled(t, text)
		}
		if len(r.on) < 3 || !t.most(len(r.on)) && (!same || len(r.on)*10 < len(t.members)) {
			continue
		}
		p.Remove, p.remove = append(p.Remove, r.text), append(p.remove, r.Selector)
		p.learned.remove = append(p.learned.remove, r.rated)
	}
}

// repeatsVeiled reports whether words that a class hides stand on several pages.
func (s *survey) repeatsVeiled(t *pageTemplate, text string) bool {
	n := len(s.veiled[text])
	return n >= 3 && n*20 >= len(t.members)
}

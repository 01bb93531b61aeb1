package importer

import (
	"maps"
	"slices"

	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// silence is what the pages of a template say where no browser shows it: in frames that
// are shown instead of their words, to browsers without scripts, in hidden elements.
type silence struct {
	said map[string]map[int]bool // by their words: the pages
	in   map[string]map[int]bool // by the kind of element: the pages that have words in one
	kind map[string]string       // in what the words stand
}

func newSilence() silence {
	return silence{map[string]map[int]bool{}, map[string]map[int]bool{}, map[string]string{}}
}

// look notes what a page has of it among some of its pieces.
func (s silence) look(page int, d *document, from, to int) {
	note := func(all map[string]map[int]bool, name string) {
		if all[name] == nil {
			all[name] = map[int]bool{}
		}
		all[name][page] = true
	}
	for _, n := range d.ledger.pieces[from:min(to, len(d.ledger.pieces))] {
		kind := silentIn(n)
		text := richtext.CleanText(n.Data)
		if _, ok := textKey("", text); n.Type != html.TextNode || kind == "" || !ok {
			continue
		}
		note(s.said, text)
		note(s.in, kind)
		s.kind[text] = kind
	}
}

// silentIn is the kind of element because of which a piece is not shown, or nothing.
func silentIn(n *html.Node) string {
	around := ancestor(n.Parent, func(n *html.Node) bool { return isMedium(n) || n.Data == "noscript" || hiddenElement(n) })
	switch {
	case around == nil:
		return ""
	case hiddenElement(around):
		return "hidden"
	}
	return around.Data
}

// repeated is what stands on most of the pages that have any in such an element: few have
// a frame, but what it says to browsers without frames is on each of them the same.
func (s silence) repeated(members int) []string {
	var texts []string
	for _, text := range slices.Sorted(maps.Keys(s.said)) {
		n := len(s.said[text])
		of := len(s.in[s.kind[text]])
		if s.kind[text] == "hidden" {
			of = members
		}
		if n >= 3 && n*20 >= members && n*2 >= of {
			texts = append(texts, text)
		}
	}
	return texts
}

package importer

import (
	"slices"
	"strings"

	"communique/storage/lazyregexp"
)

// anyNumber stands in a profile for numbers that differ from page to page.
const anyNumber = "#"

var figures = lazyregexp.New(`[0-9]+`)

// phrases are words that stand on most pages of a set: with the numbers that they have
// there, or with any where their numbers differ.
type phrases struct{ exact, loose map[uint64]bool }

func phrasesOf(texts []string) phrases {
	p := phrases{map[uint64]bool{}, map[uint64]bool{}}
	for _, text := range texts {
		p.exact[exactKey("", text)] = true
		if strings.Contains(text, anyNumber) {
			k, _ := textKey("", strings.ReplaceAll(text, anyNumber, "0"))
			p.loose[k] = true
		}
	}
	return p
}

// have reports whether a text is one of them.
func (p phrases) have(text string) bool {
	k, _ := textKey("", text)
	return p.loose[k] || p.exact[exactKey("", text)]
}

// heard is words as the pages of a set have them, whatever their numbers are.
type heard map[uint64]*phrase

type phrase struct {
	text   string
	varies bool // in its numbers
	inText bool
	leads  bool // somewhere, or it operates the page
	pages  map[int]bool
}

// add notes words on a page.
func (h heard) add(page int, text string, inText bool) {
	k, _ := textKey("", text)
	if h[k] == nil {
		h[k] = &phrase{text: text, pages: map[int]bool{}}
	}
	p := h[k]
	p.varies = p.varies || exactKey("", p.text) != exactKey("", text)
	p.inText = p.inText || inText
	p.pages[page] = true
}

// lead notes whether words that are known lead somewhere.
func (h heard) lead(text string, leads bool) {
	k, _ := textKey("", text)
	h[k].leads = h[k].leads || leads
}

// texts are the words of which something holds, as a profile writes them.
func (h heard) texts(hold func(*phrase) bool) []string {
	var all []string
	for _, p := range h {
		switch {
		case !hold(p):
		case p.varies:
			all = append(all, figures.ReplaceAllString(plainDigits(p.text), anyNumber))
		default:
			all = append(all, p.text)
		}
	}
	slices.Sort(all)
	return all
}

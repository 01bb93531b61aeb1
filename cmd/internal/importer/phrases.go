package importer

import (
	"slices"
	"strings"

	"communique/storage/lazyregexp"
)

// anyNumber stands in a profile for numbers that differ from page to page.
const anyNumber = "#"

var labelEnd = lazyregexp.New(`[:：]$`)

var figures = lazyregexp.New(`[0-9]+`)

// phrases are words that stand on most pages of a set: with the numbers that they have
// there, or with any where their numbers differ.
type phrases struct{ exact, loose, open map[uint64]bool }

func phrasesOf(texts []string) phrases {
	p := phrases{map[uint64]bool{}, map[uint64]bool{}, map[uint64]bool{}}
	for _, text := range texts {
		if label, open := strings.CutSuffix(text, anyWords); open && labelEnd.MatchString(label) {
			p.open[exactKey("", label)] = true
			continue
		}
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
	if p.loose[k] || p.exact[exactKey("", text)] || len(p.open) > 0 && p.openOf(text) {
		return true
	}
	k, _ = phraseKey(text)
	return p.loose[k]
}

// phraseKey is a text as phrases are compared, whatever its numbers are, or its date if it is a
// label with one; and whether it is.
func phraseKey(text string) (k uint64, dated bool) {
	if dated = dayLabelled(text); dated {
		text = undated(text)
	}
	k, _ = textKey("", text)
	return k, dated
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
	k, dated := phraseKey(text)
	if dated {
		text = undated(text)
	}
	if h[k] == nil {
		h[k] = &phrase{text: text, pages: map[int]bool{}}
	}
	p := h[k]
	p.varies = p.varies || dated || exactKey("", p.text) != exactKey("", text)
	p.inText = p.inText || inText
	p.pages[page] = true
}

// lead notes whether words that are known lead somewhere.
func (h heard) lead(text string, leads bool) {
	k, _ := phraseKey(text)
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

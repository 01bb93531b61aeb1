package richtext

import (
	"unicode/utf8"
)

// gap is the place of something that was taken away. The words before and after it
// must not become one.
func gap(at int) *node { return &node{kind: characters, gap: true, at: at} }

// gapFiller goes through a text and puts a blank where words would meet.
type gapFiller struct {
	last rune  // of the text so far; a blank where a line begins
	open *node // a gap behind it
}

func (f *gapFiller) fill(n *node) {
	switch {
	case n.gap:
		if f.open == nil {
			f.open = n
		}
		return
	case n.kind == characters:
		if n.text == "" {
			return
		}
		if first, _ := utf8.DecodeRuneInString(n.text); f.open != nil && endsWord(f.last) && wordyAlone(first) {
			f.open.text = " "
		}
		f.open = nil
		f.last, _ = utf8.DecodeLastRuneInString(n.text)
		return
	}
	apart := n.kind.block() || n.kind == void || n.apart
	if apart {
		f.open, f.last = nil, ' '
	}
	for _, c := range n.children {
		f.fill(c)
	}
	if apart {
		f.open, f.last = nil, ' '
	}
}

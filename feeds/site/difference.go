package site

import (
	"strings"
	"unicode"
)

// piece is a stretch of text that was kept, added or removed.
type piece struct {
	Text    string
	Added   bool
	Removed bool
	Struck  bool // through, by the author
}

// Bounds of a comparison. Texts that differ in more places than mostEdits, or whose
// differing middle is longer than mostTokens, are shown as one text replaced by the
// other; looking for more in common would take unbounded time.
const (
	mostEdits  = 1000
	mostTokens = 50_000
)

// differences compares two texts paragraph by paragraph, and word by word where
// paragraphs differ. It returns a list of pieces per paragraph.
func differences(from, to []string) [][]piece {
	var paragraphs [][]piece
	for _, e := range align(from, to) {
		if e.kept {
			for _, text := range from[e.fromStart:e.fromEnd] {
				paragraphs = append(paragraphs, []piece{{Text: text}})
			}
			continue
		}
		changed := compareWords(
			strings.Join(from[e.fromStart:e.fromEnd], paragraphEnd),
			strings.Join(to[e.toStart:e.toEnd], paragraphEnd))
		paragraphs = append(paragraphs, splitPieces(changed)...)
	}
	return paragraphs
}

// paragraphEnd separates paragraphs while their words are compared.
const paragraphEnd = "\n\n"

// compareWords compares two texts word by word.
func compareWords(from, to string) []piece {
	a, b := tokens(from), tokens(to)
	var pieces []piece
	add := func(tokens []string, p piece) {
		p.Text = strings.Join(tokens, "")
		if p.Text == "" {
			return
		}
		pieces = append(pieces, p)
	}
	for _, e := range joinClose(align(a, b), a) {
		if e.kept {
			add(a[e.fromStart:e.fromEnd], piece{})
			continue
		}
		add(a[e.fromStart:e.fromEnd], piece{Removed: true})
		add(b[e.toStart:e.toEnd], piece{Added: true})
	}
	return pieces
}

// joinClose joins changes between which only white space was kept: a kept space
// does not help a reader.
func joinClose(edits []edit, from []string) []edit {
	var joined []edit
	for n, e := range edits {
		last := len(joined) - 1
		small := e.kept && n > 0 && n < len(edits)-1 && blank(from[e.fromStart:e.fromEnd])
		if last >= 0 && !joined[last].kept && (!e.kept || small) {
			joined[last].fromEnd, joined[last].toEnd = e.fromEnd, e.toEnd
			continue
		}
		joined = append(joined, e)
	}
	return joined
}

func blank(tokens []string) bool {
	for _, t := range tokens {
		if strings.TrimSpace(t) != "" || t == paragraphEnd {
			return false
		}
	}
	return true
}

// splitPieces ends a paragraph at every paragraphEnd, kept or not.
func splitPieces(pieces []piece) [][]piece {
	var paragraphs [][]piece
	var open []piece
	for _, p := range pieces {
		for n, text := range strings.Split(p.Text, paragraphEnd) {
			if n > 0 && len(open) > 0 {
				paragraphs = append(paragraphs, open)
				open = nil
			}
			if text != "" {
				p.Text = text
				open = append(open, p)
			}
		}
	}
	if len(open) > 0 {
		paragraphs = append(paragraphs, open)
	}
	return paragraphs
}

// tokens cuts a text into words, spaces and single marks. Scripts that don't
// separate words are cut into characters.
func tokens(text string) []string {
	var all []string
	start, before := 0, none
	for at, r := range text {
		kind := kindOf(r)
		if at > start && (kind != before || kind == single) {
			all = append(all, text[start:at])
			start = at
		}
		before = kind
	}
	if start < len(text) {
		all = append(all, text[start:])
	}
	return all
}

type tokenKind int

const (
	none tokenKind = iota
	word
	space
	single
)

func kindOf(r rune) tokenKind {
	switch {
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
		return single
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.IsMark(r), r == '\u200c', r == '\u200d':
		return word
	case unicode.IsSpace(r):
		return space
	}
	return single
}

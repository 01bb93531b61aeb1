package wording

import "unicode"

// Words cuts a text into words, spaces and single marks. Scripts that don't
// separate words are cut into characters.
func Words(text string) []string {
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

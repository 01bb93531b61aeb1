package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Alike is a text as it is compared with what readers take for the same one: without
// case, width and other compatible forms (UAX #15, NFKC), without what nobody sees, and
// with one blank for each run of white space.
func Alike(text string) string {
	if plain(text) {
		return strings.Join(strings.Fields(strings.ToLower(text)), " ")
	}
	folded := cases.Fold().String(norm.NFKC.String(Visible(text)))
	return strings.Join(strings.Fields(Visible(norm.NFKC.String(folded))), " ")
}

// plain tells a text of ASCII in which everything is seen.
func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || Unseen(rune(c)) {
			return false
		}
	}
	return true
}

// Visible is a text without the characters that nobody sees.
func Visible(text string) string {
	return strings.Map(func(r rune) rune {
		if Unseen(r) {
			return -1
		}
		return r
	}, text)
}

// Unseen tells characters that take no room and draw nothing, and the blanks that count
// as letters: joiners, marks of direction, soft hyphens, selectors, fillers, controls
// other than white space (UAX #44, Default_Ignorable_Code_Point).
func Unseen(r rune) bool {
	switch {
	case r < unicode.MaxASCII:
		return unicode.IsControl(r) && !unicode.IsSpace(r)
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r): // they are drawn
		return false
	}
	return r == '\u2800' || unicode.IsControl(r) && !unicode.IsSpace(r) ||
		unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

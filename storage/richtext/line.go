package richtext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// CleanText makes one line of plain text of a tag, a name or a line of a page,
// to be stored or compared: valid UTF-8 in normal form C, runs of white space as
// one space, without control characters, soft hyphens and zero-width spaces.
// Directional embeddings and overrides are removed and isolates balanced
// (UAX #9 §2), so that the text cannot turn what stands beside it. It does not
// interpret HTML.
func CleanText(s string) string {
	switch simple, clean := plain(s); {
	case clean:
		return s
	case simple:
		return strings.Join(strings.Fields(s), " ")
	}
	return norm.NFC.String(strings.Join(strings.Fields(printable(s)), " "))
}

// plain reports whether a text consists of blanks, line ends and letters of which none
// joins another one, and whether it is clean besides, with single blanks between words.
func plain(s string) (simple, clean bool) {
	blank, clean := true, true
	for _, r := range s {
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == 0xa0 || r == 0x3000:
			clean = clean && r == ' ' && !blank
			blank = true
			continue
		case r > ' ' && r < 0x7f, r > 0xa0 && r < 0x300 && r != 0xad, r >= 0x388 && r < 0x482, r >= 0x5d0 && r < 0x5eb, r == 0x60c, r == 0x61b, r == 0x61f, r > 0x620 && r < 0x64b,
			r >= 0x2010 && r < 0x2027, r > 0x3000 && r < 0x3012, r > 0x3040 && r < 0x3097, r >= 0x4e00 && r < 0xa000, r >= 0xac00 && r < 0xd7a4, r > 0xff00 && r < 0xff61:
		default:
			return false, false
		}
		blank = false
	}
	return true, clean && (s == "" || !blank)
}

// Line is [CleanText] for what readers are shown, a title, a lead or an
// alternative text: of a run of white space the kind that was chosen on purpose
// stays, as the no-break spaces of French and of numbers, and the wide space of
// Chinese and Japanese.
func Line(s string) string {
	var b strings.Builder
	gap := rune(0)
	for _, r := range printable(s) {
		if unicode.IsSpace(r) {
			if gap == 0 || gap == ' ' {
				if gap = r; !typographic(r) {
					gap = ' '
				}
			}
			continue
		}
		if gap != 0 && b.Len() > 0 {
			b.WriteRune(gap)
		}
		gap = 0
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// LinesJoined is a text of several lines, as a field has it, without the line ends behind
// which Chinese and Japanese go on without a blank. An empty line stays.
func LinesJoined(s string) string {
	parts := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n")
	for i := range parts {
		parts[i], _ = joinText(parts[i], 0, "")
	}
	return strings.Join(parts, "\n\n")
}

// typographic tells a space of a certain kind from the blanks and line ends that
// any program may put in.
func typographic(r rune) bool { return r >= 0xa0 && r != '\u2028' && r != '\u2029' }

// printable removes what has no place in a line of text.
func printable(s string) string {
	var b strings.Builder
	open := 0
	for _, r := range permitted(s) {
		switch {
		case r == '\u00ad', r == '\u200b', r == '\ufeff', r >= 0x202a && r <= 0x202e:
			continue
		case r >= 0x2066 && r <= 0x2068:
			open++
		case r == 0x2069:
			if open == 0 {
				continue
			}
			open--
		}
		b.WriteRune(r)
	}
	b.WriteString(strings.Repeat("\u2069", open))
	return b.String()
}

// Shorten cuts a line of plain text to so many characters, at a word and then
// ending in "…".
func Shorten(text string, runes int) string { return cutText(Line(text), runes) }

// cutText shortens to a number of characters.
func cutText(s string, runes int) string {
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	if runes < 1 {
		return ""
	}
	cut := runes - 1
	for i := cut; i > runes/2; i-- {
		if unicode.IsSpace(r[i]) && !noBreak(r[i]) || spaceless(r[i]) && spaceless(r[i-1]) {
			cut = i
			break
		}
	}
	for cut > 0 && unicode.Is(unicode.M, r[cut]) {
		cut-- // a mark stays with its letter
	}
	kept := strings.TrimRightFunc(string(r[:cut]), func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:-–—,،、，；：", r)
	})
	return isolates.Replace(kept) + "…"
}

// noBreak spaces hold together what they stand between.
func noBreak(r rune) bool { return r == '\u00a0' || r == '\u202f' || r == '\u2007' }

// isolates go from a text that is cut: one of a pair could be missing.
var isolates = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// spaceless scripts may be cut between any two characters.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

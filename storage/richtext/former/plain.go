package former

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// CleanText makes one line of plain text of a title, a lead, a tag or an
// alternative text: valid UTF-8 in normal form C, runs of white space as one
// space, without control characters, soft hyphens and zero-width spaces.
// Directional embeddings and overrides are removed and isolates balanced
// (UAX #9 §2), so that the text cannot turn what stands beside it. It does not
// interpret HTML.
func CleanText(s string) string {
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
	return norm.NFC.String(strings.Join(strings.Fields(b.String()), " "))
}

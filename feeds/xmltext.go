package feeds

import (
	"strings"
	"unicode/utf8"
)

// legal makes a text fit for an XML document (XML 1.0 §2.2): characters that are
// forbidden there, escaped or not, are removed, invalid UTF-8 becomes U+FFFD, and
// line ends become one line feed, as every parser would read them (XML 1.0 §2.11).
// The JSON form gets the same text, so that all formats say the same.
func legal(s string) string {
	if isLegal(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		next := i + size
		switch {
		case r == '\r':
			if next >= len(s) || s[next] != '\n' {
				b.WriteByte('\n')
			}
		case permitted(r):
			b.WriteRune(r)
		}
		i = next
	}
	return b.String()
}

func isLegal(s string) bool {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == '\r' || r == utf8.RuneError && size == 1 || !permitted(r) {
			return false
		}
		i += size
	}
	return true
}

func permitted(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' ||
		r >= 0x20 && r <= 0xd7ff || r >= 0xe000 && r <= 0xfffd || r >= 0x10000 && r <= 0x10ffff
}

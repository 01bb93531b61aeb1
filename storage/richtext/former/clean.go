package former

import (
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// Clean makes article text of an HTML fragment as it was made then.
func Clean(raw string, base *url.URL) press.HTML {
	s := &sink{}
	flow([]*node{parse(raw, base)}, s, 0)
	s.flush()
	var b strings.Builder
	for i, block := range s.blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		render(&b, []*node{block})
	}
	return press.HTML(b.String())
}

// permitted repairs a text: valid UTF-8, normal form C, only characters of
// XML 1.0 §2.2, and of those neither the C1 controls nor U+2028 and U+2029,
// which end a line in JavaScript but not in JSON.
func permitted(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n', r == '\r':
			return r
		case r == '\u0085', r == '\u2028', r == '\u2029':
			return ' '
		case r < ' ', r >= 0x7f && r < 0xa0, r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
			return -1
		}
		return r
	}, s)
	// ">" and U+0338 are "≯" in normal form: left at the start of a text, the
	// character would join with the end of the tag before it.
	return strings.ReplaceAll(norm.NFC.String(s), "\u0338", "")
}

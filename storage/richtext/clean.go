package richtext

import (
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// Clean returns the article text of an HTML fragment or document, and problems: what
// an editor should know about losses, such as links without a usable address, images
// and embedded media. Unknown elements and attributes are dropped silently while
// their text stays; scripts, styles, form controls and drawings are removed with
// their content.
//
// Links keep the schemes http, https, mailto and tel, images http and https.
// Relative addresses are resolved against base; with base nil a relative link
// loses its address and a relative image is removed.
//
// Invalid UTF-8 becomes U+FFFD: callers must decode other encodings first. Clean
// never fails, takes time linear in its input, and is idempotent.
func Clean(raw string, base *url.URL) (press.HTML, []string) {
	var p problems
	s := &sink{}
	flow([]*node{parse(raw, base, &p)}, s, 0)
	s.flush()
	var b strings.Builder
	for i, block := range s.blocks {
		if i > 0 {
			b.WriteByte('\n')
		}
		render(&b, []*node{block})
	}
	return press.HTML(b.String()), p.texts
}

// permitted repairs a text: valid UTF-8 in normal form C, with only characters of XML
// 1.0 §2.2, except the C1 controls and U+2028 and U+2029, which end a line in
// JavaScript but not in JSON.
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
	// ">" followed by U+0338 is "≯" in normal form C: at the start of a text it would
	// combine with the end of the tag before it.
	return strings.ReplaceAll(norm.NFC.String(s), "\u0338", "")
}

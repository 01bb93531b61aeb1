package federation

import (
	"html"
	"strings"
)

// wordJoiner (U+2060) has no width and is shown by nothing.
const wordJoiner = "\u2060"

// plainName is a title as the name of an Article, which is plain text. Mastodon reads
// it as HTML all the same (INTEROP O8): a word joiner after each "<" that would begin a
// tag there, and each "&" that would begin a character, leaves the title as it is for
// both kinds of readers. Escaping it would show "&lt;" to all others.
func plainName(title string) string {
	var b strings.Builder
	for i, r := range title {
		b.WriteRune(r)
		rest := title[i+1:] // of the two that matter, which are one byte long
		if r == '<' && beginsTag(rest) || r == '&' && beginsCharacter(rest) {
			b.WriteString(wordJoiner)
		}
	}
	return b.String()
}

// beginsTag reports whether "<" before a text begins a tag, a comment or the like
// (HTML, 13.2.5.6 "Tag open state").
func beginsTag(rest string) bool {
	if rest == "" {
		return false
	}
	c := rest[0] | 0x20
	return c >= 'a' && c <= 'z' || strings.IndexByte("/!?", rest[0]) >= 0
}

// longestCharacter is more than the name of any character takes in HTML.
const longestCharacter = 40

// beginsCharacter reports whether "&" before a text stands for a character.
func beginsCharacter(rest string) bool {
	text := "&" + rest[:min(len(rest), longestCharacter)]
	return !strings.HasPrefix(html.UnescapeString(text), text[:min(len(text), 2)]) || strings.HasPrefix(strings.ToLower(text), "&amp")
}

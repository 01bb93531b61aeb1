package press

import (
	"strings"
	"unicode"
)

const maxSlug = 64

// Slug makes the readable part of a URL from a title or a name: lower-case
// letters and digits of ASCII joined by single hyphens, cut at a word. Latin
// letters lose their marks; a text without any Latin letter has an empty slug.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		t := fold(r)
		if t == "" {
			gap = r != '\'' && r != '’' && !unicode.Is(unicode.Mn, r) || gap
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(t)
	}
	return cut(b.String())
}

func cut(s string) string {
	if len(s) <= maxSlug {
		return s
	}
	s = s[:maxSlug+1]
	if i := strings.LastIndexByte(s, '-'); i > maxSlug/2 {
		return s[:i]
	}
	return strings.TrimSuffix(s[:maxSlug], "-")
}

// fold maps a rune to its plain ASCII letters, or to nothing.
func fold(r rune) string {
	r = unicode.ToLower(r)
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return string(r)
	}
	return latin[r]
}

// latin holds the marked letters of European languages.
var latin = func() map[rune]string {
	m := map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th"}
	for plain, marked := range map[string]string{
		"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ",
		"h": "ĥħ", "i": "ìíîïĩīĭįı", "j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŋ",
		"o": "òóôõöøōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűų",
		"w": "ŵ", "y": "ýÿŷ", "z": "źżž",
	} {
		for _, r := range marked {
			m[r] = plain
		}
	}
	return m
}()

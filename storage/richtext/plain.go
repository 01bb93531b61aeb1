package richtext

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"

	"communique/storage/press"
)

// CleanText returns a title, lead, tag or alternative text as one line of plain text:
// valid UTF-8 in normal form C, runs of white space as one space, without control
// characters, soft hyphens and zero-width spaces. Directional embeddings and overrides
// are removed and isolates balanced (UAX #9 §2), so that the text cannot change the
// direction of its surroundings. HTML is not interpreted.
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

// Text returns the plain text of an article: paragraphs, headings and items separated
// by an empty line, line breaks as line ends, the cells of a row separated by tabs.
// Images have no text.
func Text(h press.HTML) string {
	return strings.Join(paragraphs(h, nil), "\n\n")
}

// Excerpt returns the beginning of an article as one line of plain text of at most a
// number of characters, cut between words and then ending in "…". Headings, tables
// and captions are skipped unless there is nothing else. It counts characters, not
// words, because Chinese and Japanese don't separate words.
func Excerpt(h press.HTML, runes int) string {
	parts := paragraphs(h, map[string]bool{"h2": true, "h3": true, "h4": true, "figcaption": true, "table": true, "pre": true})
	if len(parts) == 0 {
		parts = paragraphs(h, nil)
	}
	return cutText(CleanText(strings.Join(parts, " ")), runes)
}

// Shorten cuts a line of plain text to a number of characters, between words and then
// ending in "…".
func Shorten(text string, runes int) string { return cutText(CleanText(text), runes) }

// paragraphs returns the texts of a cleaned fragment, except inside the elements to
// skip.
func paragraphs(h press.HTML, skip map[string]bool) []string {
	var parts []string
	var b strings.Builder
	flush := func() {
		if t := strings.Trim(b.String(), " \t\n"); t != "" {
			parts = append(parts, t)
		}
		b.Reset()
	}
	skipping := 0
	z := html.NewTokenizer(strings.NewReader(string(h)))
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			flush()
			return parts
		case html.TextToken:
			if skipping == 0 {
				b.Write(z.Text())
			}
			continue
		}
		tag, _ := z.TagName()
		name := string(tag)
		switch {
		case skip[name] && kind == html.StartTagToken:
			flush()
			skipping++
		case skip[name] && kind == html.EndTagToken:
			skipping = max(skipping-1, 0)
		case skipping > 0:
		case name == "br":
			b.WriteByte('\n')
		case name == "td" || name == "th":
			if kind == html.EndTagToken {
				b.WriteByte('\t')
			}
		case elements[name].kind.block():
			flush()
		}
	}
}

// cutText shortens a text to a number of characters.
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
		if unicode.IsSpace(r[i]) || spaceless(r[i]) && spaceless(r[i-1]) {
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

// isolates are removed from a text that is cut: one of a pair could be missing.
var isolates = strings.NewReplacer("\u2066", "", "\u2067", "", "\u2068", "", "\u2069", "")

// spaceless scripts may be cut between any two characters.
func spaceless(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// listsPersons reports whether links right behind a paragraph of the text are the persons of
// whom it speaks: the template has no name for their list, and each is a name and nothing
// else.
func listsPersons(list *html.Node, items []*html.Node) bool {
	before := previousElement(list)
	if marks(list) != "" || before == nil || before.Data != "p" || len(items) == 0 {
		return false
	}
	if l := lineOf(before); l.length() < 20 || l.linked() {
		return false
	}
	for _, item := range items {
		if text := lineOf(item).text; !personal(text) || onlyControls(text) || marks(item) != "" {
			return false
		}
	}
	return true
}

// personal reports whether a text is made as names of persons are: of two to five words,
// all of them with a capital letter but for what joins them; or of two to four Chinese
// characters.
func personal(text string) bool {
	if utf8.RuneCountInString(text) > 50 || strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(" .-’'·・", r)
	}) {
		return false
	}
	words := strings.Fields(text)
	capital, other := 0, 0
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		switch {
		case unicode.IsUpper(first) || unicode.IsTitle(first):
			capital++
		case unicode.IsLower(first) && utf8.RuneCountInString(w) <= 3:
		case unicode.IsLower(first):
			return false
		default:
			other++ // of a script without capitals
		}
	}
	if n := utf8.RuneCountInString(text); len(words) == 1 && unicode.In([]rune(text)[0], unicode.Han, unicode.Hangul, unicode.Katakana) {
		return n >= 2 && n <= 4 || strings.ContainsAny(text, "·・")
	}
	return len(words) >= 2 && len(words) <= 5 && (capital >= 2 || other >= 2)
}

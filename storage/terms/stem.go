package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// stem removes the ending of a folded word, by its script. It need not be
// grammatical: it only has to be the same for the forms of a word, and rarely the same
// for different words.
func stem(word string) string {
	first, _ := utf8.DecodeRuneInString(word)
	switch {
	case first >= 'a' && first <= 'z':
		return western(word)
	case unicode.Is(unicode.Cyrillic, first):
		return cyrillic(word)
	case unicode.Is(unicode.Arabic, first):
		return arabic(word)
	}
	return word
}

// western removes plural endings and gender vowels, so that treaties and treaty,
// ministres and ministre, churches and church, embajadores and embajador, accordi and
// accordo match. "ie" is treated as "y", so that énergies, énergie and energies match.
func western(word string) string {
	if len(word) < 4 || !ascii(word) {
		return word
	}
	if strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us") {
		word = word[:len(word)-1]
	}
	if rest, ok := strings.CutSuffix(word, "ie"); ok && len(rest) > 1 {
		return rest + "y"
	}
	for _, hiss := range []string{"xe", "che", "she", "sse", "ze"} {
		if strings.HasSuffix(word, hiss) {
			return word[:len(word)-1]
		}
	}
	if len(word) > 5 && strings.ContainsRune("aeio", rune(word[len(word)-1])) {
		return word[:len(word)-1]
	}
	return word
}

func ascii(word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// caseEndings are the endings of nouns and adjectives in Russian and related
// languages, longer ones first.
var caseEndings = []string{
	"иями", "ьями",
	"ями", "ами", "иях", "ией", "иям", "ием", "ого", "его", "ому", "ему", "ыми", "ими", "ьях",
	"ях", "ах", "ой", "ей", "ий", "ый", "ая", "яя", "ое", "ее", "ые", "ие", "ую", "юю", "ов", "ев", "ам", "ям",
	"ом", "ем", "им", "ым", "их", "ых", "ию", "ью", "ия", "ья", "ии",
	"а", "я", "о", "е", "и", "ы", "у", "ю", "й", "ь", "і", "ї",
}

// shortestStem is how many characters a word keeps at least.
const shortestStem = 3

// cyrillic removes a case ending, so that министр, министра and министрами match. It
// does so twice, because a name like Лаврова ends in what looks like another one.
func cyrillic(word string) string { return withoutCase(withoutCase(word)) }

func withoutCase(word string) string {
	for _, ending := range caseEndings {
		if rest, ok := strings.CutSuffix(word, ending); ok && utf8.RuneCountInString(rest) >= shortestStem {
			return rest
		}
	}
	return word
}

// Arabic prefixes and suffixes that light stemming removes (Larkey, Ballesteros and
// Connell 2002: light10), spelt as fold returns them.
var (
	articles = []string{"وال", "بال", "كال", "فال", "ال", "لل"}
	suffixes = []string{"ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي"}
)

// arabic removes the article, suffixes, and the "and" that is joined to its word, so
// that معاهدة, المعاهدات and والمعاهدة match.
func arabic(word string) string {
	for _, article := range articles {
		if rest, ok := strings.CutPrefix(word, article); ok && utf8.RuneCountInString(rest) >= 2 {
			word = rest
			break
		}
	}
	for _, suffix := range suffixes {
		if rest, ok := strings.CutSuffix(word, suffix); ok && utf8.RuneCountInString(rest) >= shortestStem {
			word = rest
		}
	}
	// This comes last, or وزارات (ministries) would lose its first letter, but وزارة
	// would not.
	if rest, ok := strings.CutPrefix(word, "و"); ok && utf8.RuneCountInString(rest) > shortestStem {
		word = rest
	}
	return word
}

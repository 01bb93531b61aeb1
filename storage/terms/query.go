package terms

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a query.
const (
	MaxCharacters = 200
	MaxPhrases    = 16
)

// TooLongError says that a query is longer than [MaxCharacters].
type TooLongError struct{ Bytes int }

func (e *TooLongError) Error() string {
	return fmt.Sprintf("the query has %d bytes; %d characters are enough to find anything", e.Bytes, MaxCharacters)
}

// Phrase is a sequence of terms. With Prefix the last one is only the beginning of a
// term.
type Phrase struct {
	Terms  []string
	Prefix bool
}

// Query matches texts that contain every phrase of Must and none of Not. Without Must
// it matches nothing.
type Query struct {
	Must, Not []Phrase
	// Cut says that there were more than [MaxPhrases] phrases and the rest was ignored.
	Cut bool
}

// Empty reports whether there is nothing to search for.
func (q Query) Empty() bool { return len(q.Must) == 0 }

// Parse parses what people type into a search field: words, all of which must occur;
// "words in this order"; and -word, which must not occur. Everything except letters
// and digits separates words, and an unclosed quotation mark extends to the end. The
// only error is a *[TooLongError].
//
// Stored texts are in normal form C. Text pasted from a file name of a Mac or from a
// PDF often is not; then й or が would be two characters that no stored text contains.
func Parse(text string) (Query, error) {
	var q Query
	if len(text) > MaxCharacters*utf8.UTFMax || utf8.RuneCountInString(text) > MaxCharacters {
		return q, &TooLongError{len(text)}
	}
	text = norm.NFC.String(text)
	for text != "" {
		var part string
		var not bool
		part, not, text = next(text)
		phrase, ok := phraseOf(part)
		switch {
		case !ok:
		case len(q.Must)+len(q.Not) == MaxPhrases:
			q.Cut = true
		case not:
			q.Not = append(q.Not, phrase)
		default:
			q.Must = append(q.Must, phrase)
		}
	}
	return q, nil
}

// next splits the next part off a query: a word or a quotation.
func next(text string) (part string, not bool, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if r, size := utf8.DecodeRuneInString(text); r == '-' || r == '−' || r == '－' {
		not, text = true, text[size:]
	}
	if r, size := utf8.DecodeRuneInString(text); quotation(r) {
		text = text[size:]
		end := strings.IndexFunc(text, quotation)
		if end < 0 {
			return text, not, ""
		}
		_, size = utf8.DecodeRuneInString(text[end:])
		return text[:end], not, text[end+size:]
	}
	end := strings.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || quotation(r) })
	if end < 0 {
		end = len(text)
	}
	return text[:end], not, text[end:]
}

// quotation reports whether r is a quotation mark of any language; an apostrophe is not.
func quotation(r rune) bool { return strings.ContainsRune(`"“”„‟«»「」『』＂`, r) }

func phraseOf(text string) (Phrase, bool) {
	all := Split(text)
	if len(all) == 0 {
		return Phrase{}, false
	}
	var p Phrase
	for _, t := range all {
		p.Terms = append(p.Terms, t.Text)
	}
	if last := len(all) - 1; all[last].open {
		// In a text, more characters may follow the last one. If there is a pair
		// right before it, that already includes it.
		if last > 0 && all[last-1].End == all[last].End {
			p.Terms = p.Terms[:last]
		} else {
			p.Prefix = true
		}
	}
	return p, true
}

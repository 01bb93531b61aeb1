package terms

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of a query.
const (
	MaxCharacters = 200
	MaxPhrases    = 16
)

// TooLongError says that a query has more characters than [MaxCharacters].
type TooLongError struct{ Bytes int }

func (e *TooLongError) Error() string {
	return fmt.Sprintf("the query has %d bytes; %d characters are enough to find anything", e.Bytes, MaxCharacters)
}

// Phrase is terms that follow each other. With Prefix the last of them is the
// beginning of a term.
type Phrase struct {
	Terms  []string
	Prefix bool
}

// Query is what is searched for: texts that say every phrase of Must and none
// of Not. Without Must nothing is found.
type Query struct {
	Must, Not []Phrase
	// Cut says that there was more than [MaxPhrases] of it, which was left out.
	Cut bool
}

// Empty reports whether there is nothing to look for.
func (q Query) Empty() bool { return len(q.Must) == 0 }

// Parse reads what people type into a search field: words, all of which must
// be there; "words that follow each other"; and -word, which must not. What is
// neither letter nor digit separates, a quotation mark without its other half
// reaches to the end, and nothing is an error but a text that is too long.
//
// Texts are stored in normal form C. What is pasted from a file of a Mac or from a
// PDF often is not, and й or が would be two characters, of which no text has any.
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

// next takes the next part off a query: a word or what stands in quotation
// marks.
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

// quotation marks of all the languages that we speak. The apostrophe is none.
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
		// A text may go on behind the last character. The pair before it has it,
		// if there is one that touches it.
		if last > 0 && all[last-1].End == all[last].End {
			p.Terms = p.Terms[:last]
		} else {
			p.Prefix = true
		}
	}
	return p, true
}

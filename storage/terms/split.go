package terms

import (
	"strings"
	"unicode/utf8"
)

// longestWord bounds a term, in bytes; anything longer is not a word.
const longestWord = 96

// Term is a term and its place in the text: the bytes from Start to End.
type Term struct {
	Text       string
	Start, End int
	// open terms are the last character of a run without spaces. In a query they
	// add nothing to the pair before them.
	open bool
}

// Split splits a text into its terms, in order. Invalid UTF-8 is skipped.
func Split(text string) []Term {
	var all []Term
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case unspaced(r):
			var run []Term
			run, at = splitRun(text, at)
			all = append(all, run...)
		case letter(r):
			end := wordEnd(text, at)
			if word := foldWord(text[at:end]); word != "" && !elided(text, word, at, end) {
				all = append(all, Term{Text: stem(word), Start: at, End: end})
			}
			at = end
		default:
			at += size
		}
	}
	return all
}

// splitRun splits a run without spaces into overlapping pairs of characters.
func splitRun(text string, at int) (run []Term, end int) {
	for end = at; end < len(text); {
		r, size := utf8.DecodeRuneInString(text[end:])
		if silent(r) {
			end += size
			continue
		}
		if !unspaced(r) {
			break
		}
		folded := fold(r)
		if n := len(run); n > 0 {
			run[n-1].Text += folded
			run[n-1].End, run[n-1].open = end+size, false
		}
		run = append(run, Term{Text: folded, Start: end, End: end + size, open: true})
		end += size
	}
	return run, end
}

func wordEnd(text string, at int) int {
	for at < len(text) {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !letter(r) || unspaced(r) {
			break
		}
		at += size
	}
	return at
}

func foldWord(text string) string {
	var b strings.Builder
	for _, r := range text {
		if b.Len() > longestWord {
			break
		}
		b.WriteString(fold(r))
	}
	return b.String()
}

// elided reports whether a word is a single letter next to an apostrophe, as in
// l'accord and the minister's.
func elided(text, word string, start, end int) bool {
	if len(word) != 1 || word[0] < 'a' || word[0] > 'z' {
		return false
	}
	after, _ := utf8.DecodeRuneInString(text[end:])
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	return apostrophe(after) || apostrophe(before)
}

func apostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' }

// Index returns a text as an engine stores it: its terms, separated by spaces.
func Index(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i, t := range Split(text) {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Text)
	}
	return b.String()
}

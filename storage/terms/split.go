package terms

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
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
			all = append(all, splitWord(text, at, end)...)
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

// splitWord splits a word where letters end and figures begin, and between figures on
// the line, raised and lowered ones: H₂O is h, 2, o and found as H2O; 10⁶ is 10, 6,
// found as 10^6 and not as 106; and who looks for quotas finds quotas².
func splitWord(text string, start, end int) (word []Term) {
	var b strings.Builder
	begin := func(at, next int) {
		if folded := b.String(); folded != "" && !elided(text, folded, at, next) {
			word = append(word, Term{Text: stem(folded), Start: at, End: next})
		}
		b.Reset()
	}
	from, kind := start, letters
	for at := start; at < end; {
		r, size := utf8.DecodeRuneInString(text[at:end])
		k := kindOf(r, kind)
		if k != kind || k == fraction {
			begin(from, at)
			from, kind = at, k
		}
		if k == fraction { // ½ is 1, 2
			above, below, _ := strings.Cut(norm.NFKC.String(string(r)), "⁄")
			word = append(word, Term{Text: above, Start: at, End: at + size})
			b.WriteString(below)
		} else if b.Len() <= longestWord {
			b.WriteString(fold(r))
		}
		at += size
	}
	begin(from, end)
	return word
}

// kind is a kind of characters within a word.
type kind int

const (
	letters kind = iota
	figures
	raised
	lowered
	circled // figures in circles and the like
	fraction
)

// kindOf is the kind of a character that follows one of a kind, which marks and silent
// characters do not change.
func kindOf(r rune, before kind) kind {
	switch {
	case r >= '0' && r <= '9':
		return figures
	case r < 0x80:
		return letters
	case silent(r) || unicode.Is(unicode.M, r):
		return before
	case unicode.IsDigit(r):
		return figures
	case !numeral(r):
		return letters
	case r >= 0x2070 && r <= 0x2079 || r == '¹' || r == '²' || r == '³':
		return raised
	case r >= 0x2080 && r <= 0x2089:
		return lowered
	case strings.Contains(norm.NFKC.String(string(r)), "⁄"):
		return fraction
	}
	return circled
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

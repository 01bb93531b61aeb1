package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage/lazyregexp"
)

// joinLines takes the line ends out that stand between Han characters or kana:
// the author's editor broke the line, and these scripts set no blank between
// words. Korean does, and so does everything else.
func joinLines(root *node) {
	var run []*node
	end := func() {
		joinRun(run)
		run = nil
	}
	var walk func(*node)
	walk = func(n *node) {
		switch {
		case n.kind == characters:
			run = append(run, n)
			return
		case marksNote(n):
			return // the text goes on behind it
		case n.kind == void, n.kind.block(), n.apart:
			end()
			defer end()
		}
		if n.kind == verbatim {
			return
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(root)
	end()
}

// marksNote tells whether an element is the mark of a footnote, or one that may be so, as
// [IsNoteMark] does.
func marksNote(n *node) bool {
	if placeLinked(n) {
		raised, other := sought(n, func(c *node) bool { return c.name == "sup" })
		return raised && !other
	}
	if n.name != "sup" {
		return false
	}
	linked, other := sought(n, placeLinked)
	return linked && !other
}

func placeLinked(n *node) bool {
	href, _ := n.attr("href")
	return strings.HasPrefix(href, "#")
}

// sought tells whether something in an element is of a kind, and whether something that
// can be read is not.
func sought(n *node, is func(*node) bool) (found, other bool) {
	for _, c := range n.children {
		switch {
		case c.kind == characters:
			other = other || strings.ContainsFunc(c.text, wordyAlone)
		case is(c):
			found = true
		case c.kind != inline:
			other = true
		default:
			f, o := sought(c, is)
			found, other = found || f, other || o
		}
	}
	return found, other
}

// joinRun does it for the texts of one paragraph, whatever elements they are in.
func joinRun(run []*node) {
	after := make([]string, len(run)) // the beginning of what follows each text
	next := ""
	for i := len(run) - 1; i >= 0; i-- {
		after[i] = next
		if text := strings.TrimSpace(run[i].text); text != "" {
			next = text[:min(len(text), maxAhead)]
		}
	}
	before := rune(0)
	for i, n := range run {
		n.text, before = joinText(n.text, before, after[i])
	}
}

// maxAhead is how many bytes behind a line end are looked at.
const maxAhead = 24

// joinText does it for a text that stands between a character and another text, and
// returns what the next one follows.
func joinText(s string, before rune, after string) (string, rune) {
	var b strings.Builder
	rest := s
	for rest != "" {
		at := strings.IndexFunc(rest, ascSpace)
		if at < 0 {
			at = len(rest)
		}
		if at > 0 {
			before = lastLetter(rest[:at], before)
			b.WriteString(rest[:at])
			rest = rest[at:]
			continue
		}
		stop := strings.IndexFunc(rest, func(r rune) bool { return !ascSpace(r) })
		next := after
		if stop < 0 {
			stop = len(rest)
		} else {
			next = rest[stop:min(len(rest), stop+maxAhead)]
		}
		if gap := rest[:stop]; !strings.ContainsRune(gap, '\n') || !runsOn(before, next) {
			b.WriteString(gap)
		}
		rest = rest[stop:]
	}
	return b.String(), before
}

// lastLetter is the character in which a word ends, without the marks and the selectors of
// variants on it.
func lastLetter(word string, before rune) rune {
	for word != "" {
		r, size := utf8.DecodeLastRuneInString(word)
		if !unicode.IsMark(r) {
			return r
		}
		word = word[:len(word)-size]
	}
	return before
}

// runsOn tells whether a text goes on without a blank at a line end behind a character.
// Two numerals never do, and the number or the sign of an item stands apart.
func runsOn(before rune, text string) bool {
	next, _ := utf8.DecodeRuneInString(text)
	switch {
	case numerical(before) && numerical(next):
		if unicode.IsDigit(before) && strings.ContainsRune("百千万萬億亿兆", next) {
			return true // one number, as in 10万
		}
		return hanNumber(before) && hanNumber(next) && !itemStart.MatchString(text)
	case itemStart.MatchString(text):
		return false
	case digit(next):
		return wide(before) && !koreanFigures.MatchString(text)
	case digit(before):
		return wide(next)
	}
	return seamless(before, next)
}

// digit tells of the figures that Chinese and Japanese set without a blank, as in 令和8年5月.
func digit(r rune) bool { return r >= '0' && r <= '9' }

// numerical tells of what is a number by itself, in whichever script.
func numerical(r rune) bool { return unicode.IsNumber(r) || hanNumber(r) }

// koreanFigures are a number that a Korean word follows.
var koreanFigures = lazyregexp.New(`^[0-9]+\p{Hangul}`)

func ascSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// seamless tells whether a line end between two characters disappears (CSS Text 3
// §4.1.3). Quotation marks and dashes count as what stands beside them.
func seamless(a, b rune) bool {
	if wide(a) && wide(b) {
		return true
	}
	return wide(a) && neutral(b) || neutral(a) && wide(b)
}

func hanNumber(r rune) bool {
	return strings.ContainsRune("〇零一二三四五六七八九十百千万萬億亿兆廿卅", r)
}

func neutral(r rune) bool {
	return strings.ContainsRune("“”‘’—―…‥⋯·℃℉", r) || r >= 0x2460 && r <= 0x24ff // in a circle or in brackets
}

// wide characters are those of Chinese and Japanese, with their punctuation.
func wide(r rune) bool {
	switch {
	case r >= 0x3200 && r <= 0x321e, r >= 0x3260 && r <= 0x327f: // of Korean
		return false
	case r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff9f, r >= 0xffe0 && r <= 0xffe6, r >= 0xfe10 && r <= 0xfe19, r >= 0xfe30 && r <= 0xfe4f,
		r >= 0x3190 && r <= 0x33ff, r >= 0x1f200 && r <= 0x1f2ff, r == '゠', r == '・', r == 'ー', r == '々':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

package richtext

import (
	"regexp"
	"strings"
	"unicode"
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
	after := make([]rune, len(run)) // what follows each text
	next := rune(0)
	for i := len(run) - 1; i >= 0; i-- {
		after[i] = next
		if text := strings.TrimSpace(run[i].text); text != "" {
			next = []rune(text[:min(len(text), 4)])[0]
		}
	}
	before := rune(0)
	for i, n := range run {
		n.text, before = joinText(n.text, before, after[i])
	}
}

// joinText does it for a text that stands between two characters, and returns
// what the next one follows.
func joinText(s string, before, after rune) (string, rune) {
	var b strings.Builder
	rest := s
	for rest != "" {
		at := strings.IndexFunc(rest, ascSpace)
		if at < 0 {
			at = len(rest)
		}
		if at > 0 {
			r := []rune(rest[:at])
			before = r[len(r)-1]
			b.WriteString(rest[:at])
			rest = rest[at:]
			continue
		}
		stop := strings.IndexFunc(rest, func(r rune) bool { return !ascSpace(r) })
		next := after
		if stop < 0 {
			stop = len(rest)
		} else {
			next = []rune(rest[stop:min(len(rest), stop+4)])[0]
		}
		if gap := rest[:stop]; !strings.ContainsRune(gap, '\n') || !seamless(before, next) || hanNumber(before) && hanItem.MatchString(rest[stop:]) {
			b.WriteString(gap)
		}
		rest = rest[stop:]
	}
	return b.String(), before
}

func ascSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// seamless tells whether a line end between two characters disappears (CSS Text 3
// §4.1.3). Quotation marks and dashes count as what stands beside them.
func seamless(a, b rune) bool {
	if wide(a) && wide(b) {
		return true
	}
	return wide(a) && neutral(b) || neutral(a) && wide(b)
}

// hanItem is the number of an item, which is no part of a number before it.
var hanItem = regexp.MustCompile(`^[一二三四五六七八九十百]{1,3}[、．]`)

func hanNumber(r rune) bool {
	return strings.ContainsRune("〇一二三四五六七八九十百千万億亿兆", r)
}

func neutral(r rune) bool { return strings.ContainsRune("“”‘’—…·", r) }

// wide characters are those of Chinese and Japanese, with their punctuation.
func wide(r rune) bool {
	switch {
	case r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff60, r >= 0xfe30 && r <= 0xfe4f, r == 'ー', r == '々':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}

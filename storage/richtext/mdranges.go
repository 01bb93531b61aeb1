package richtext

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"communique/storage/lazyregexp"
)

// A tilde is the sign of a range in Chinese, Japanese and Korean, and some write two. Of
// two ranges in one paragraph, "3~~5日…7~~9日", everything between would be struck, and the
// rest be another date.

// numerals are the figures of Chinese and Japanese, which Unicode counts as letters.
const numerals = "〇零一二三四五六七八九十百千万萬億亿兆両两廿卅"

func isFigure(r rune) bool { return unicode.IsNumber(r) || strings.ContainsRune(numerals, r) }

// counted is a number and what may stand between it and the sign of a range.
var counted = lazyregexp.New(`[\p{N}` + numerals + `][\p{Han}\p{Hangul}%％℃°]{0,2}$`)

// figures are the numbers of a text.
var figures = lazyregexp.New(`[\p{N}` + numerals + `]+`)

// ranges refuses a deletion that begins and ends between two figures, where nobody can
// tell it from two ranges, and tells of one that may be two.
func (w *markdownWriter) ranges(n *ast.Emphasis) {
	from, to := n.Pos(), w.endOfDeletion(n)
	if from < 0 || to < 0 {
		return
	}
	struck := bytes.Trim(w.src[from+2:to], "*_")
	if first, _ := utf8.DecodeRune(struck); !isFigure(first) {
		return
	}
	if next, _ := utf8.DecodeRune(bytes.TrimLeft(w.src[to+2:], "*_")); !isFigure(next) {
		return
	}
	start := bytes.TrimRight(w.src[max(0, bytes.LastIndexByte(w.src[:from], '\n')):from], "*_")
	if len(figures.FindAllIndex(struck, 2)) < 2 {
		return // a figure in a number, or a date for another
	}
	before, _ := utf8.DecodeLastRune(start)
	last, _ := utf8.DecodeLastRune(struck)
	switch {
	case isFigure(before) && isFigure(last):
		w.refuse(from, "nobody can tell whether ~~ strikes here or stands for a range: write ～ or \\~~ for a range, and <del> and </del> around what is struck")
	case counted.Match(start) && counted.Match(struck):
		w.note(from, "~~ strikes all up to the next ~~: write ～ or \\~~ for a range", beginningOf(w.src[from:]))
	}
}

// endOfDeletion is where the marks stand that end a deletion, or -1.
func (w *markdownWriter) endOfDeletion(n *ast.Emphasis) int {
	for last := n.LastChild(); last != nil; last = last.LastChild() {
		text, ok := last.(*ast.Text)
		if !ok {
			continue
		}
		rest := w.src[text.Segment.Stop:]
		if end := bytes.Index(rest[:min(len(rest), longestEnd)], []byte("~~")); end >= 0 {
			return text.Segment.Stop + end
		}
	}
	return -1
}

// longestEnd bounds the marks and tags between a text and the end of what it is in.
const longestEnd = 40

package richtext

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"

	"communique/storage/lazyregexp"
)

// list writes a list with the numbers that were typed: they may be those of articles of
// a law. Only a list in which every item is 1, or 0, is counted, which is how many write
// all lists.
func (w *markdownWriter) list(n *ast.List) {
	if !n.IsOrdered() {
		w.tellPoints(n)
		w.within("ul", n)
		w.put("\n")
		return
	}
	open := `<ol start="` + strconv.Itoa(n.Start) + `">`
	if n.Start == 1 {
		open = "<ol>"
	}
	w.put(open)
	numbers := w.numbers(n)
	counted := w.counted(n, numbers)
	next, last, behind := n.Start, lastSaying(n), false
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.at(c.Pos())
		w.counts(c)
		number := numbers[0]
		numbers = numbers[1:]
		if counted || number == next && !behind {
			w.put("<li>")
		} else {
			next = number
			w.put(`<li value="` + strconv.Itoa(number) + `">`)
		}
		next++
		w.children(c)
		w.put("</li>")
		behind = behind || c == last
	}
	w.put("</ol>\n")
}

// lastSaying is the last item of a list that has something in it. Of those behind it only
// the numbers say something.
func lastSaying(n *ast.List) ast.Node {
	last := n.LastChild()
	for last != nil && !last.HasChildren() {
		last = last.PreviousSibling()
	}
	return last
}

// counted tells whether a list has the same number, 1 or 0, before every item.
func (w *markdownWriter) counted(n *ast.List, numbers []int) bool {
	if n.Start > 1 || len(numbers) < 2 || slices.ContainsFunc(numbers, func(number int) bool { return number != n.Start }) {
		return false
	}
	w.note(n.Pos(), fmt.Sprintf("every item of the list is typed as %d, and they are numbered %d to %d", n.Start, n.Start, n.Start+n.ChildCount()-1), "")
	return true
}

// numbers are those that were typed before the items of a list.
func (w *markdownWriter) numbers(n *ast.List) []int {
	var all []int
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		all = append(all, w.numberOf(c))
	}
	return all
}

// numberOf is the number that was typed before an item.
func (w *markdownWriter) numberOf(item ast.Node) int {
	typed := w.src[max(item.Pos(), 0):]
	digits := typed[:len(typed)-len(bytes.TrimLeft(typed, "0123456789"))]
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		panic(fmt.Sprintf("no number before an item of a list at byte %d", item.Pos()))
	}
	if len(digits) > 1 && digits[0] == '0' {
		w.note(item.Pos(), fmt.Sprintf("the number of an item is shown as %d", n), string(digits))
	}
	return n
}

// ambiguousTerm refuses a list of terms in which a line could be the next term, or go on
// with the text above: it stands as far left as the colons before and behind it.
func (w *markdownWriter) ambiguousTerm(n *extast.DefinitionDescription) {
	next, follows := n.NextSibling().(*extast.DefinitionDescription)
	if !follows || n.LastChild() == nil || next.FirstChild() == nil || n.LastChild().Type() != ast.TypeBlock || n.LastChild().Lines().Len() < 2 {
		return
	}
	all := n.LastChild().Lines()
	last := all.At(all.Len() - 1).Start
	if lines := next.FirstChild().Lines(); lines.Len() > 0 {
		colon := bytes.LastIndexByte(w.before(lines.At(0).Start), ':')
		if colon >= 0 && len(w.before(last)) <= colon {
			w.refuse(last, "nobody can tell whether this line is a term of its own: leave a line empty above it if it is, or indent it if it is not")
		}
	}
}

// numberedLine is a line that looks like an item of a list and is none: it goes on with the
// text above, which only a list that begins with 1 can end (CommonMark §5.3). That a date
// or the end of a sentence begins a line is chance, so there is a colon above it or another
// such line below.
var numberedLine = lazyregexp.New(`(?::[ \t]*|\n[0-9]{1,3}[.)][ \t][^\n]*)\n[0-9]{1,3}[.)][ \t]+[^\s]`)

// tellNumbered tells of lines that begin as items do and run together with the text above.
func (w *markdownWriter) tellNumbered(t *typedText) {
	text := t.text.Bytes()
	if len(t.broken) > 0 {
		text = bytes.Clone(text)
		for _, at := range t.broken {
			text[at] = '\v'
		}
	}
	if at := numberedLine.FindIndex(text); at != nil {
		line := at[0] + bytes.IndexByte(text[at[0]:], '\n') + 1
		w.note(t.source(line), "a numbered line goes on with the text above: if it begins a list, leave a line empty above it", beginningOf(text[line:]))
		return
	}
	if loneRow.Match(text) {
		w.note(t.source(0), "a row with bars stands outside of a table, and is shown as it was typed: if it belongs to one, leave no line empty above it", beginningOf(text))
	}
	if at := underline.FindIndex(text); at != nil {
		w.note(t.source(at[0]+1), "a line of one sign goes on with the text above: if that is a heading, write two signs or more", beginningOf(text[at[0]+1:]))
		return
	}
	if at := waveLine.FindIndex(text); at != nil {
		w.note(t.source(at[0]+1), "a line goes on with the text above, although it begins with ~: if it defines the line above, write : in its place", beginningOf(text[at[0]+1:]))
		return
	}
	if at := pointedLine(text); at > 0 {
		w.note(t.source(at), "a line goes on with the text above, whatever sign it begins with: write - and a blank before each item, or leave a line empty above it", beginningOf(text[at:]))
	}
}

// waveLine is a line that some programs read as what defines the line above. Before a
// figure the sign says "about".
var waveLine = lazyregexp.New(`\n~[ \t]+\p{L}`)

// loneRow is a paragraph that is nothing but a row of a table.
var loneRow = lazyregexp.New(`^[ \t]*\|[^\n|]*(?:\|[^\n|]*)+\|[ \t]*$`)

// pointedLine is where a line begins that looks like an item of a list and goes on with
// the text above, or 0. A dash may be one of the sentence, so there is a colon above it or
// the line above begins like that, too.
func pointedLine(text []byte) int {
	above, colon := noItem, false
	for start := 0; start < len(text); {
		line, _, _ := bytes.Cut(text[start:], []byte("\n"))
		sign := signOf(line)
		if start > 0 && (sign == sureItem || sign == likelyItem && (colon || above == likelyItem)) {
			return start
		}
		above = sign
		end := bytes.TrimRight(line, " \t")
		colon = bytes.HasSuffix(end, []byte(":")) || bytes.HasSuffix(end, []byte("："))
		start += len(line) + 1
	}
	return 0
}

// itemSign tells whether a line begins as the items of lists do.
type itemSign int

const (
	noItem     itemSign = iota
	likelyItem          // a dash, or a letter or number of another form
	sureItem            // a sign that stands nowhere else
)

func signOf(line []byte) itemSign {
	first, size := utf8.DecodeRune(line)
	switch rest := line[min(size, len(line)):]; {
	case len(bytes.TrimSpace(rest)) == 0:
	case strings.ContainsRune("•‣⁃∙▪▫●○■□◦➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc", first), first == 'o' && rest[0] == '\t': // some are of Word
		return sureItem
	case strings.ContainsRune("–—−·", first) && strings.ContainsRune(" \t\u00a0", firstOf(rest)), numberSigns.Match(line), itemStart.Match(line), gluedSign.Match(line):
		return likelyItem
	}
	return noItem
}

func firstOf(text []byte) rune {
	r, _ := utf8.DecodeRune(text)
	return r
}

// before is what stands before a place in its line.
func (w *markdownWriter) before(at int) []byte {
	return w.src[bytes.LastIndexByte(w.src[:at], '\n')+1 : at]
}

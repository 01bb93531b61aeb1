package importer

import (
	"sort"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// positionMark carries where a tag stands in the page from the file to the nodes of
// the tree, which say nothing of it, and through all that is rearranged to the text
// that is cleaned; richtext drops it.
const positionMark = "data-communique-at"

// formatting elements are repeated by the parser after each block that leaves them
// open, up to three of those that are the same (HTML §13.2.4.3): with marks no two would
// be, and a page of open <font> would grow without bound. Those that hide something are
// marked; of the others nothing is told.
var (
	formatting = set("b big code em font i nobr s small strike strong tt u")
	hiding     = lazyregexp.New(`(?i)hid|none|:\s*0|-[0-9]{3}|white|#fff|255`)
)

// markPositions writes on start tags of a page where they stand.
func markPositions(text string) string {
	var b strings.Builder
	b.Grow(2 * len(text))
	z := html.NewTokenizer(strings.NewReader(text))
	for at := 0; ; {
		kind := z.Next()
		length := len(z.Raw())
		if kind == html.ErrorToken {
			b.WriteString(text[min(at, len(text)):])
			return b.String()
		}
		token := text[at : at+length]
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			tag, _ := z.TagName()
			if formatting[string(tag)] && !hiding.MatchString(token) {
				b.WriteString(token)
				at += length
				continue
			}
			name := 1 + len(token[1:]) - len(strings.TrimLeft(token[1:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_"))
			b.WriteString(token[:name] + " " + positionMark + `="` + strconv.Itoa(at) + `"`)
			token = token[name:]
			// The parser reads these as a browser without scripts does.
			if string(tag) == "noscript" {
				z.NextIsNotRawText()
			}
		}
		b.WriteString(token)
		at += length
	}
}

// unmarkTexts takes marks out of what the parser reads as text, though it looked like
// a tag.
func unmarkTexts(n *html.Node) {
	if n.Type == html.TextNode && strings.Contains(n.Data, positionMark) {
		n.Data = cutMarks(n.Data)
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		unmarkTexts(c)
	}
}

func cutMarks(text string) string {
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, " "+positionMark+`="`)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(after, `"`)
	}
}

// position is where a node's tag stands in the page, or that of the element around it;
// -1 if nothing tells.
func position(n *html.Node) int {
	for ; n != nil; n = n.Parent {
		if at, err := strconv.Atoi(attr(n, positionMark)); err == nil {
			return at
		}
	}
	return -1
}

// end is the last position in a tree.
func end(n *html.Node) int {
	last := position(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		last = max(last, end(c))
	}
	return last
}

// fileLines counts the lines of a file, whatever they end with.
type fileLines []int

func linesIn(text string) fileLines {
	var ends fileLines
	for i := range len(text) {
		if text[i] == '\n' || text[i] == '\r' && !strings.HasPrefix(text[i+1:], "\n") {
			ends = append(ends, i)
		}
	}
	return ends
}

// at is the line of a position, from 1.
func (l fileLines) at(position int) int { return 1 + sort.SearchInts(l, position) }

// origin tells for each position of a text that was put together on which line of the
// file it was.
type origin struct{ from, line []int }

// begin says that what is written from a position on is of a line.
func (o *origin) begin(position, line int) {
	o.from, o.line = append(o.from, position), append(o.line, line)
}

func (o *origin) lineOf(position int) int {
	if i := sort.SearchInts(o.from, position+1); i > 0 {
		return o.line[i-1]
	}
	if len(o.line) > 0 {
		return o.line[0]
	}
	return 1
}

// originOf reads the marks of rendered HTML: what has none is where the last tag was.
func originOf(rendered string, lines fileLines) *origin {
	o := &origin{}
	for at := 0; ; {
		mark := strings.Index(rendered[at:], positionMark+`="`)
		if mark < 0 {
			return o
		}
		at += mark
		digits := rendered[at+len(positionMark)+2:]
		if digits, _, found := strings.Cut(digits, `"`); found {
			if position, err := strconv.Atoi(digits); err == nil {
				o.begin(strings.LastIndexByte(rendered[:at], '<'), lines.at(position))
			}
		}
		at++
	}
}

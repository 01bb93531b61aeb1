package richtext

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/lazyregexp"
)

// officeMark is what Word puts between the words of a page: conditions for other programs,
// instructions, and its own elements. Nobody types it to be read.
var officeMark = lazyregexp.New(`^(?i)<(?:!\[(?:if [^\]<>\n]{1,100}|endif)\]|\?xml[: \t][^<>]*|/?(?:o|w|v|m|st1):[a-z0-9]{1,40}(?:[ \t\n](?:[^<>"']|"[^"<]*"|'[^'<]*')*)?/?)>`)

// longestOfficeMark bounds such a mark in bytes.
const longestOfficeMark = 2 << 10

// officeMarkIn is the mark of Word with which a text begins, if there is one.
func officeMarkIn(text []byte) []byte {
	if len(text) < 4 || text[0] != '<' {
		return nil
	}
	return officeMark.Find(text[:min(len(text), longestOfficeMark)])
}

// officeMarks reads the marks of Word as tags in running text. What stands between them, such
// as the bullet of an item, stays.
type officeMarks struct{}

func (officeMarks) Trigger() []byte { return []byte{'<'} }

func (officeMarks) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	mark := officeMarkIn(line)
	if mark == nil || bytes.ContainsRune(mark, '\n') {
		return nil
	}
	block.Advance(len(mark))
	n := ast.NewRawHTML()
	n.Segments.Append(segment.WithStop(segment.Start + len(mark)))
	return n
}

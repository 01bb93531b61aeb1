package richtext

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// officeMark is what Word puts between the words of a page: conditions for other programs,
// and its own elements. Nobody types it to be read.
var officeMark = regexp.MustCompile(`^(?i)<(?:!\[(?:if [^\]<>\n]{1,100}|endif)\]|/?(?:o|w|st1):[a-z0-9]{1,40}(?:[ \t\n][^<>]{0,500})?/?)>`)

// officeMarkIn is the mark of Word with which a text begins, if there is one.
func officeMarkIn(text []byte) []byte {
	if len(text) < 4 || text[0] != '<' {
		return nil
	}
	return officeMark.Find(text[:min(len(text), 600)])
}

// officeMarks leaves the marks of Word out of running text. What stands between them, such
// as the bullet of an item, stays.
type officeMarks struct{}

func (officeMarks) Trigger() []byte { return []byte{'<'} }

func (officeMarks) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	mark := officeMarkIn(line)
	if mark == nil || bytes.ContainsRune(mark, '\n') {
		return nil
	}
	block.Advance(len(mark))
	return ast.NewString(nil)
}

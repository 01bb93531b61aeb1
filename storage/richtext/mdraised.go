package richtext

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/lazyregexp"
)

// raisedMarks read the carets and tildes between which other programs raise and lower text,
// as in mc^2^, ^13^C and CH~3~OH, where it can be nothing else: 3~5 and 7~9 are ranges.
type raisedMarks struct{}

func (raisedMarks) Trigger() []byte { return []byte{'^', '~'} }

var (
	raisedMark  = lazyregexp.New(`^\^([\p{L}\p{N}+−-][\p{L}\p{N}+−.,/-]{0,12})\^`)
	loweredMark = lazyregexp.New(`^~([0-9n+−-]{1,4})~`)
)

// placedBy is the attribute of the emphasis that raised and lowered text is in the tree: the
// name of its element.
const placedBy = "placed"

func (raisedMarks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	mark, name := raisedMark, "sup"
	if line[0] == '~' {
		mark, name = loweredMark, "sub"
	}
	pc.Get(budgetKey).(*budget).spend(1, segment.Start)
	found := mark.FindIndex(line[:min(len(line), 64)])
	if found == nil {
		return nil
	}
	before, behind := baseOf(parent, block.Source()[:segment.Start]), rune(' ')
	if found[1] < len(line) {
		behind, _ = utf8.DecodeRune(line[found[1]:])
	}
	if name == "sub" && !lowers(before, behind) || name == "sup" && !raises(before, rune(line[1]), behind) {
		return nil
	}
	n := ast.NewEmphasis(1)
	n.SetPos(segment.Start)
	n.SetAttributeString(placedBy, name)
	n.AppendChild(n, ast.NewTextSegment(text.NewSegment(segment.Start+1, segment.Start+found[1]-1)))
	block.Advance(found[1])
	return n
}

// baseOf is the character that a mark behind a text stands at, whatever marks of emphasis
// there are between them. What is raised at something else, such as lowered text, stands at
// a word.
func baseOf(parent ast.Node, before []byte) rune {
	switch parent.LastChild().(type) {
	case nil, *ast.Text, *parser.Delimiter:
	default:
		return 'x'
	}
	r, _ := utf8.DecodeLastRune(bytes.TrimRight(before, "*_"))
	return r
}

// lowers tells whether a figure between tildes is that of a formula by what stands around it.
func lowers(before, behind rune) bool {
	return (before < unicode.MaxASCII && unicode.IsLetter(before) || before == ')' || before == ']') && !unicode.IsNumber(behind) && behind != '~'
}

// raises tells it of what stands between carets and begins with a character: behind a word
// or a number, or before what it belongs to.
func raises(before, first, behind rune) bool {
	switch {
	case behind == '^' || before == '^' || before == '\\':
		return false
	case wordy(before):
		return !unicode.IsNumber(before) || !unicode.IsNumber(behind)
	}
	return unicode.IsNumber(first) && unicode.IsLetter(behind)
}

// markAround is raised or lowered text as it was typed.
func (w *markdownWriter) markAround(n *ast.Emphasis) string {
	return string(w.src[n.Pos() : n.FirstChild().(*ast.Text).Segment.Stop+1])
}

// placedText writes raised or lowered text.
func (w *markdownWriter) placedText(n *ast.Emphasis, name string) {
	if !w.toldPlaced {
		w.toldPlaced = true
		w.note(n.Pos(), "text between carets is raised, and figures between tildes are lowered, here and below", w.markAround(n))
	}
	w.typed.meant()
	w.put("<" + name + ">")
	w.children(n)
	w.put("</" + name + ">")
}

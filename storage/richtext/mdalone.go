package richtext

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/lazyregexp"
)

// What begins a list, a heading or a quotation and has nothing behind it, such as the year
// in a line of its own that says "2026.", makes no block that readers would see. It is text,
// and goes on in the next line as text does.

// lists are those in which an item has something to say.
type lists struct{ parser.BlockParser }

func (l lists) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	for item := node.FirstChild(); item != nil; item = item.NextSibling() {
		if item.HasChildren() {
			l.BlockParser.Close(node, reader, pc)
			return
		}
	}
	var signs []text.Segment
	for item := node.FirstChild(); item != nil; item = item.NextSibling() {
		signs = append(signs, lineAt(reader.Source(), item.Pos()))
	}
	asText(node, signs, reader.Source())
}

// quotations are those that say something.
type quotations struct{ parser.BlockParser }

func (q quotations) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	q.BlockParser.Close(node, reader, pc)
	if !node.HasChildren() {
		asText(node, []text.Segment{lineAt(reader.Source(), node.Pos())}, reader.Source())
	}
}

// numberSignHeadings are those that have words.
type numberSignHeadings struct{ parser.BlockParser }

func (h numberSignHeadings) Close(node ast.Node, reader text.Reader, pc parser.Context) {
	h.BlockParser.Close(node, reader, pc)
	if words := node.Lines(); words.Len() == 0 || words.At(0).Start == words.At(0).Stop {
		asText(node, []text.Segment{lineAt(reader.Source(), node.Pos())}, reader.Source())
	}
}

// underlinedHeadings have more than one sign under them: one may be that of an empty item.
type underlinedHeadings struct{ parser.BlockParser }

func (h underlinedHeadings) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if line, _ := reader.PeekLine(); len(bytes.TrimSpace(line)) == 1 {
		return nil, parser.NoChildren
	}
	return h.BlockParser.Open(parent, reader, pc)
}

// lineAt is the source from a place up to the end of its line.
func lineAt(source []byte, at int) text.Segment {
	end := bytes.IndexByte(source[at:], '\n')
	if end < 0 {
		return text.NewSegment(at, len(source))
	}
	return text.NewSegment(at, at+end+1)
}

// asText puts a paragraph in the place of a block that shows nothing.
func asText(node ast.Node, lines []text.Segment, source []byte) {
	p := ast.NewParagraph()
	p.Lines().AppendAll(lines)
	last := len(lines) - 1
	p.Lines().Set(last, lines[last].TrimRightSpace(source))
	p.SetPos(lines[0].Start)
	p.SetBlankPreviousLines(node.HasBlankPreviousLines())
	p.SetAttributeString(signAlone, true)
	node.Parent().ReplaceChild(node.Parent(), node, p)
}

// signAlone marks a paragraph that begins with what would have begun another block.
const signAlone = "alone"

// signsAlone take the paragraph along that begins in the line below.
type signsAlone struct{}

func (signsAlone) Transform(node *ast.Paragraph, reader text.Reader, _ parser.Context) {
	above := node.PreviousSibling()
	if above == nil || node.HasBlankPreviousLines() {
		return
	}
	if _, alone := above.AttributeString(signAlone); !alone {
		return
	}
	lines := text.NewSegments()
	for i := range above.Lines().Len() {
		lines.Append(lineAt(reader.Source(), above.Lines().At(i).Start))
	}
	lines.AppendAll(node.Lines().Sliced(0, node.Lines().Len()))
	node.SetLines(lines)
	node.SetPos(above.Pos())
	node.SetBlankPreviousLines(above.HasBlankPreviousLines())
	node.SetAttributeString(signAlone, true)
	above.Parent().RemoveChild(above.Parent(), above)
}

// tellAlone tells of a sign that would begin another block if something stood behind it.
func (w *markdownWriter) tellAlone(n ast.Node) {
	if _, alone := n.AttributeString(signAlone); alone {
		w.note(n.Pos(), "what begins a list, a heading or a quotation stands alone in its line, and is shown as it was typed", w.restOfLine(n.Pos()))
	}
}

// underline is a line of one sign, of which others make a heading of the line above.
var underline = lazyregexp.New(`\n[-=][ \t]*(?:\n|$)`)

// amount begins with a number, and bareAmount says nothing but one.
var (
	amount     = lazyregexp.New(`^\p{Sc}?[ \t]?\p{Nd}`)
	bareAmount = lazyregexp.New(`^\p{Sc}?[ \t]?\p{Nd}[\p{Nd}.,' \t\x{a0}\x{202f}]*[^\s]{0,3}\s*$`)
)

// tellPoints tells of a sign before a number that is shown as the point of an item, and may
// be that of the number: that of the only item, or of items that are nothing but amounts.
func (w *markdownWriter) tellPoints(n *ast.List) {
	sign := amount
	if n.ChildCount() > 1 {
		sign = bareAmount
	}
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		if !sign.Match(w.firstLine(item)) {
			return
		}
	}
	w.note(n.Pos(), "the sign before a number was read as that of an item, and is shown as a point: if it is that of the number, set no blank behind it", w.restOfLine(n.Pos()))
}

// tellQuoted tells of a sign before a number that is read as that of a quotation of one line,
// and may mean that there is more.
func (w *markdownWriter) tellQuoted(n *ast.Blockquote) {
	if n.ChildCount() == 1 && n.FirstChild().Lines().Len() == 1 && amount.Match(w.firstLine(n)) {
		w.note(n.Pos(), `a line that begins with > and a number was read as a quotation: if > means more than, write \> there`, w.restOfLine(n.Pos()))
	}
}

func (w *markdownWriter) restOfLine(at int) string {
	line := lineAt(w.src, at)
	return string(line.Value(w.src))
}

// firstLine is the first line of the paragraph with which a block begins.
func (w *markdownWriter) firstLine(n ast.Node) []byte {
	first := n.FirstChild()
	if first == nil || first.Kind() != ast.KindParagraph && first.Kind() != ast.KindTextBlock || first.Lines().Len() == 0 {
		return nil
	}
	line := first.Lines().At(0)
	return line.Value(w.src)
}

package richtext

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/lazyregexp"
)

// termLists define terms. Where a line is left empty before the colon, what stands above it
// may be a paragraph of its own: it is if it has several lines, or ends as a sentence does.
type termLists struct{ parser.BlockParser }

func (l termLists) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if above, ok := parent.LastChild().(*ast.Paragraph); ok && pc.LastOpenedBlock().Node != above && saysSentence(above, reader.Source()) {
		return nil, parser.NoChildren
	}
	return l.BlockParser.Open(parent, reader, pc)
}

// sentence is a line of several words that ends as a sentence does.
var sentence = lazyregexp.New(`[^\s]\s+[^\n]*[.!?…:;]["'”’»)\]]*\s*$|[。！？；：][」』”’）]*\s*$`)

// saysSentence tells whether a paragraph is no term.
func saysSentence(p *ast.Paragraph, source []byte) bool {
	line := p.Lines().At(p.Lines().Len() - 1)
	return p.Lines().Len() > 1 || sentence.Match(line.Value(source))
}

// tellTerm tells of a sentence that was read as a term because the next line begins with a
// colon.
func (w *markdownWriter) tellTerm(n ast.Node) {
	line := n.Lines().At(0)
	if typed := bytes.TrimSpace(line.Value(w.src)); sentence.Match(typed) {
		w.note(line.Start, "a line was read as a term, because the next one begins with a colon", beginningOf(typed))
	}
}

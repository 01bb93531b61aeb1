package richtext

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"communique/storage/lazyregexp"
)

const (
	// mostWork bounds what reading one text may cost, in bytes looked at. Honest
	// texts of the greatest length need a tenth of it.
	mostWork = 50 << 20
	// maxNesting bounds quotations and lists in one another.
	maxNesting = 60
	// maxLinks bounds the links and pictures of a text; each address is parsed.
	maxLinks = 20000
	// maxFootnotes bounds the footnotes of a text; each mark is looked up in all.
	maxFootnotes = 1000
	// maxElements bounds what a text is made of: an element counts two, an item of
	// a list three, a row or a cell of a table and a tag of HTML one. The longest honest tables
	// have 110,000; one of 700 KB that has a figure in each cell has twice as many and becomes
	// 2.1 MB of HTML, which every reader of a feed would load.
	maxElements = 130_000
	// maxMarks bounds the marks of footnotes; each gets a link back to it.
	maxMarks = 10000
)

var budgetKey = parser.NewContextKey()

// budget stops the reading of a text whose markup takes time that grows with the
// square of its length: an opening bracket that is never closed makes the parser
// look through all that follows, and each of a hundred thousand delimiters back
// through all others.
type budget struct {
	lineOf  func(int) int
	spent   int
	parent  ast.Node // the block whose delimiters are followed
	waiting waiting
	labels  []label
	marks   int // of footnotes

	elements int
}

// label is a bracket that is open: where it stands, and how many nodes its paragraph had
// before it.
type label struct{ at, before int }

// element counts what the text is made of.
func (b *budget) element(count, at int) {
	if b.elements += count; b.elements > maxElements {
		panic(&LineError{b.lineOf(at), fmt.Sprintf("up to here the text has more paragraphs, items, cells and marks than one article takes, which is %d paragraphs, or %d items or rows of two cells: publish it in parts, or a long table as a file", maxElements/2, maxElements/3), true})
	}
}

func (b *budget) spend(work, at int) {
	b.spendFor(work, at, "reading the text takes too long up to here: brackets or other marks are open that are never closed, or a paragraph has thousands of them")
}

// spendFor is spend for work that has another reason.
func (b *budget) spendFor(work, at int, why string) {
	if b.spent += work; b.spent > mostWork {
		panic(&LineError{b.lineOf(at), why, true})
	}
}

// mark counts the marks of footnotes.
func (b *budget) mark(line []byte, at int, parent ast.Node) {
	if !bytes.HasPrefix(line, []byte("[^")) {
		return
	}
	b.spend(linesOf(parent)/4, at)
	if b.marks++; b.marks > maxMarks {
		panic(&LineError{b.lineOf(at), fmt.Sprintf("the text has more than %d marks of footnotes", maxMarks), true})
	}
}

func (b *budget) columns(n, at int) {
	if n > maxTableColumns {
		panic(&LineError{b.lineOf(at), fmt.Sprintf("the table has %d columns: at most %d are taken", n, maxTableColumns), true})
	}
	b.spend(n, at)
}

// inlineBudget is asked before every other parser of inline markup, and never
// finds anything.
type inlineBudget struct{}

func (inlineBudget) Trigger() []byte { return []byte("*_~[]!`<") }

func (inlineBudget) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	b := pc.Get(budgetKey).(*budget)
	line, segment := block.PeekLine()
	if b.parent != parent {
		b.parent, b.waiting, b.labels = parent, waiting{}, nil
	}
	b.spend(b.waiting.follow(pc.LastDelimiter()), segment.Start)
	b.waiting.bracket(line[0])
	work := 1
	switch line[0] {
	case '[', '!':
		if bytes.HasPrefix(line, []byte("![")) || line[0] == '[' {
			b.labels = append(b.labels, label{segment.Start, parent.ChildCount()})
		}
		b.mark(line, segment.Start, parent)
		work = min(len(line), 1000) / 4
	case ']':
		work = linkWork(line, block.Source(), segment, parent) + linesOf(parent)/4 + b.labelWork(parent, pc)
	case '`':
		work = codeWork(line, block.Source(), segment, parent)
	case '<':
		work = min(len(line), 100)
	}
	b.spend(work, segment.Start)
	return nil
}

// linkWork is how far the parser looks for the end of a link.
func linkWork(line, source []byte, at text.Segment, parent ast.Node) int {
	if len(line) < 2 {
		return 1
	}
	switch line[1] {
	case '(':
		n := bytes.IndexAny(line, ") \t\n")
		if n < 0 {
			return len(line)
		}
		rest := bytes.TrimLeft(line[n:], " \t")
		if line[n] != ')' && len(rest) > 0 && strings.IndexByte(`"'(`, rest[0]) >= 0 {
			return n + untilByte(source[at.Start+len(line)-len(rest)+1:endOf(parent)], closing(rest[0]))
		}
		return n
	case '[':
		return untilByte(source[at.Start+2:endOf(parent)], ']')
	}
	return 2
}

// labelWork is how far the parser looks at the end of a link: through all that stands in
// its words, for another link, and for where they begin, if a mark stands in them, through
// all that stands before in the paragraph.
func (b *budget) labelWork(parent ast.Node, pc parser.Context) int {
	last := len(b.labels) - 1
	if last < 0 {
		return 0
	}
	open := b.labels[last]
	b.labels = b.labels[:last]
	within := max(parent.ChildCount()-open.before, 0)
	if d := pc.LastDelimiter(); d == nil || d.Segment.Start < open.at {
		return within
	}
	return within + parent.ChildCount()
}

func closing(opener byte) byte {
	if opener == '(' {
		return ')'
	}
	return opener
}

func untilByte(s []byte, c byte) int {
	if n := bytes.IndexByte(s, c); n >= 0 {
		return n + 1
	}
	return len(s)
}

// codeWork is how far the parser looks for the backticks that close a span.
func codeWork(line, source []byte, at text.Segment, parent ast.Node) int {
	run := len(line) - len(bytes.TrimLeft(line, "`"))
	rest := source[at.Start+run : max(endOf(parent), at.Start+run)]
	for n := 0; ; {
		i := bytes.IndexByte(rest[n:], '`')
		if i < 0 {
			return len(rest)
		}
		n += i
		length := len(rest[n:]) - len(bytes.TrimLeft(rest[n:], "`"))
		if n += length; length == run {
			return n
		}
	}
}

// linesAround are the lines of the block that an inline node stands in; nil if it has
// none.
func linesAround(inline ast.Node) *text.Segments {
	for n := inline; n != nil; n = n.Parent() {
		if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			return n.Lines()
		}
	}
	return nil
}

// linesOf is how many lines that block has. The parser goes through those that follow
// to read a label.
func linesOf(inline ast.Node) int {
	if lines := linesAround(inline); lines != nil {
		return lines.Len()
	}
	return 0
}

// endOf is where the text of that block ends in the source.
func endOf(inline ast.Node) int {
	if lines := linesAround(inline); lines != nil {
		return lines.At(lines.Len() - 1).Stop
	}
	return 0
}

// blockBudget counts how deep blocks stand in one another.
type blockBudget struct{}

func (blockBudget) Trigger() []byte { return []byte(">-*+0123456789[:#<`~=|") }

func (blockBudget) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	b := pc.Get(budgetKey).(*budget)
	_, segment := reader.PeekLine()
	depth := len(pc.OpenedBlocks())
	if depth > maxNesting {
		panic(&LineError{b.lineOf(segment.Start), fmt.Sprintf("quotations and lists stand in one another more than %d deep", maxNesting), true})
	}
	b.spend(1+depth, segment.Start)
	return nil, parser.NoChildren
}

func (blockBudget) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (blockBudget) Close(ast.Node, text.Reader, parser.Context)                 {}
func (blockBudget) CanInterruptParagraph() bool                                 { return true }
func (blockBudget) CanAcceptIndentedLine() bool                                 { return true }

// paragraphBudget counts the definitions of links that follow one another: for
// each, the parser copies the lines that are left.
type paragraphBudget struct{}

func (paragraphBudget) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	b := pc.Get(budgetKey).(*budget)
	all := node.Lines()
	for i := range all.Len() {
		line := all.At(i)
		if raw := line.Value(reader.Source()); len(raw) > 0 && raw[0] == '[' {
			b.spendFor(4*all.Len(), line.Start, "thousands of lines follow one another that begin with a bracket, as definitions of links do: leave a line empty above this one, and above others like it")
		}
	}
}

var footnoteStart = lazyregexp.New(`(?m)^[ >]*\[\^[^\]\n]+\]:`)

// tooManyNotes refuses a text with more footnotes than are looked up in time.
func tooManyNotes(src []byte) error {
	found := footnoteStart.FindAllIndex(src, maxFootnotes+1)
	if len(found) <= maxFootnotes {
		return nil
	}
	return &LineError{lines(string(src))(found[maxFootnotes][0]), fmt.Sprintf("the text has more than %d footnotes", maxFootnotes), true}
}

// addressSigns stand in what is written as a link or a picture, and in bare addresses.
var addressSigns = [][]string{{" href=", " src="}, {"://", "www.", "@"}}

// tooManyLinks refuses HTML with more addresses than are parsed in time, at the first that
// is too much.
func tooManyLinks(out []byte, lineOf func(int) int) error {
	for _, signs := range addressSigns {
		count := 0
		for _, sign := range signs {
			count += bytes.Count(out, []byte(sign))
		}
		if count > maxLinks {
			at := regexp.MustCompile(strings.ReplaceAll(strings.Join(signs, "|"), ".", `\.`)).FindAllIndex(out, maxLinks+1)[maxLinks][0]
			return &LineError{lineOf(at), fmt.Sprintf("the text has more than %d links and pictures: publish it in parts", maxLinks), true}
		}
	}
	return nil
}

package richtext

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// markdownParser is goldmark's, with parsers of our own where its are wrong for
// texts without blanks between words, lose what was typed or take time without
// bound.
var markdownParser = parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(underlinedHeadings{parser.NewSetextHeadingParser(parser.WithHeadingAttribute())}, 100),
		util.Prioritized(termLists{extension.NewDefinitionListParser()}, 101),
		util.Prioritized(extension.NewDefinitionDescriptionParser(), 102),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(lists{parser.NewListParser()}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(numberSignHeadings{parser.NewATXHeadingParser(parser.WithHeadingAttribute())}, 600),
		util.Prioritized(fences{parser.NewFencedCodeBlockParser()}, 700),
		util.Prioritized(quotations{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(htmlBlocks{parser.NewHTMLBlockParser()}, 900),
		util.Prioritized(extension.NewFootnoteBlockParser(), 999),
		util.Prioritized(parser.NewParagraphParser(), 1000),
		util.Prioritized(blockBudget{}, 1),
	),
	parser.WithInlineParsers(
		util.Prioritized(inlineBudget{}, -1),
		util.Prioritized(tasks{extension.NewTaskCheckBoxParser()}, 0),
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(officeMarks{}, 100),
		util.Prioritized(extension.NewFootnoteParser(), 101),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewRawHTMLParser(), 400),
		util.Prioritized(raisedMarks{}, 440),
		util.Prioritized(addresses{}, 450),
		util.Prioritized(emphasis{}, 500),
	),
	parser.WithParagraphTransformers(
		util.Prioritized(paragraphBudget{}, 99),
		util.Prioritized(parser.LinkReferenceParagraphTransformer, 100),
		util.Prioritized(tables{}, 200),
		util.Prioritized(signsAlone{}, 300),
	),
	parser.WithASTTransformers(
		util.Prioritized(unreadNotes{}, 998),
		util.Prioritized(extension.NewFootnoteASTTransformer(), 999),
	),
)

// fences remembers which code has an end.
type fences struct{ parser.BlockParser }

func (f fences) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	state := f.BlockParser.Continue(node, reader, pc)
	if state == parser.Close {
		node.SetAttributeString("closed", true)
	}
	return state
}

// tasks reads the box of a task, behind which there is a blank: [X](https://x.com) is a
// link in a list.
type tasks struct{ parser.InlineParser }

func (t tasks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) > 3 && line[2] == ']' && !unicode.IsSpace(rune(line[3])) {
		return nil
	}
	return t.InlineParser.Parse(parent, block, pc)
}

// addresses keeps the signs in a bare address from being read as markup. It
// becomes a link later, like those that stand where no parser looks.
type addresses struct{}

func (addresses) Trigger() []byte { return []byte(` ("'*_~<[{:>|,=`) }

func (addresses) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	at := 0
	if c := line[0]; c != 'h' && c != 'H' && c != 'w' && c != 'W' {
		at = 1
	}
	if at >= len(line) || !webAddress.Match(line[at:min(len(line), at+40)]) {
		return nil
	}
	if at == 1 && strings.IndexByte("*_~<[", line[0]) >= 0 {
		return nil // these are markup; the address after them is tried on its own
	}
	underlined := at == 0 && opensBefore(segment.Start, pc)
	if at == 0 && joins(block.PrecendingCharacter()) && !underlined {
		return nil
	}
	// No further than the word goes: the line may have a hundred thousand addresses.
	word := line[at:min(len(line), at+maxAddress)]
	if end := bytes.IndexAny(word, " \t\n"); end >= 0 {
		word = word[:end]
	}
	length := typedLength(string(word))
	if length == 0 {
		return nil
	}
	end := stressEnds(word[:length], pc)
	if underlined && (end == 0 || !closedOnce(word, pc)) {
		return nil // an underscore may be part of the address
	}
	if end > 0 {
		length = typedLength(string(word[:end]))
		pc.Set(stressKey, segment.Start+at+length)
	}
	if at == 1 {
		ast.MergeOrAppendTextSegment(parent, segment.WithStop(segment.Start+1))
	}
	block.Advance(at + length)
	start := segment.Start + at
	return ast.NewTextSegment(text.NewSegment(start, start+length))
}

// entity is a character by its name or number, as in &amp;.
var entity = lazyregexp.New(`&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)

// typedLength is how far an address of the web goes in a text with escapes and
// entities, which say characters of the address like any others.
func typedLength(word string) int {
	for _, e := range entity.FindAllStringIndex(word, -1) {
		// One that stands for a blank or a quotation mark ends the address.
		if decoded := html.UnescapeString(word[e[0]:e[1]]); decoded != word[e[0]:e[1]] && webLength(word[:e[0]]+decoded+"x") <= e[0] {
			word = word[:e[0]]
			break
		}
	}
	length := webLength(word)
	for _, e := range entity.FindAllStringIndex(word, -1) {
		if e[0] < length && length < e[1] {
			length = e[1]
		}
	}
	for length > 0 && word[length-1] == '\\' {
		length-- // it escapes what follows
	}
	return length
}

// unreadNotes refuses a footnote to which nothing leads: it would be left out.
type unreadNotes struct{}

func (unreadNotes) Transform(document *ast.Document, _ text.Reader, pc parser.Context) {
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if note, ok := n.(*extast.Footnote); ok && entering && note.Index < 0 {
			panic(&LineError{pc.Get(budgetKey).(*budget).lineOf(note.Pos()), whyUnread(note), false})
		}
		return ast.WalkContinue, nil
	})
}

// whyUnread is why nothing leads to a footnote.
func whyUnread(note *extast.Footnote) string {
	for other := note.Parent().FirstChild(); other != nil; other = other.NextSibling() {
		if o, ok := other.(*extast.Footnote); ok && o.Index >= 0 && bytes.Equal(o.Ref, note.Ref) {
			return "there are two footnotes [^" + string(note.Ref) + "]: give this one another mark"
		}
	}
	return "the text never refers to the footnote [^" + string(note.Ref) + "]: set its mark in the text, or remove it"
}

// htmlBlocks takes what begins with an element of HTML. Anything else in angle
// brackets is text, and is read as Markdown.
type htmlBlocks struct{ parser.BlockParser }

var tagStart = lazyregexp.New(`^[ ]{0,3}<(/?)([A-Za-z][A-Za-z0-9-]*)`)

func (h htmlBlocks) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	trimmed := bytes.TrimLeft(line, " ")
	m := tagStart.FindSubmatch(line)
	if m == nil {
		if !bytes.HasPrefix(trimmed, []byte("<!--")) && !bytes.HasPrefix(bytes.ToLower(trimmed), []byte("<!doctype html")) {
			return nil, parser.NoChildren
		}
	} else {
		tag := string(trimmed)
		if end := strings.IndexByte(tag, '>'); end >= 0 {
			tag = tag[:end+1]
		}
		name := strings.ToLower(string(m[2]))
		switch {
		case !isTag(tag):
			return nil, parser.NoChildren
		case len(m[1]) == 0 && childless[name] && !hasAttributes([]byte(tag)) && name != "hr" && name != "br":
			return nil, parser.NoChildren
		case len(m[1]) == 0 && !childless[name] && !mayStayOpen(name) && !closesLater(reader.Source()[segment.Start:], name, pc):
			return nil, parser.NoChildren
		}
	}
	return h.BlockParser.Open(parent, reader, pc)
}

// Continue goes on with a comment that begins behind another one in the first line.
func (h htmlBlocks) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	block, ok := node.(*ast.HTMLBlock)
	if !ok || block.HTMLBlockType != ast.HTMLBlockType2 || block.Lines().Len() == 0 {
		return h.BlockParser.Continue(node, reader, pc)
	}
	all := block.Lines()
	last := all.At(all.Len() - 1)
	ended, known := block.AttributeString("ended")
	if !known {
		ended = true
	}
	open := leavesOpen(last.Value(reader.Source()), ended == true)
	if !open {
		return parser.Close
	}
	block.SetAttributeString("ended", false)
	_, segment := reader.PeekLine()
	all.Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

// leavesOpen tells whether a comment is open where a line ends.
func leavesOpen(line []byte, ended bool) bool {
	for {
		sign := "-->"
		if ended {
			sign = "<!--"
		}
		at := bytes.Index(line, []byte(sign))
		if at < 0 {
			return !ended
		}
		line, ended = line[at+len(sign):], !ended
	}
}

var lastEnds = parser.NewContextKey()

// closesLater tells whether an element has an end tag further on.
func closesLater(rest []byte, name string, pc parser.Context) bool {
	// Where the last end tag of each name stands, counted from the end.
	known := pc.ComputeIfAbsent(lastEnds, func() any { return map[string]int{} }).(map[string]int)
	from, ok := known[name]
	if !ok {
		if at := bytes.LastIndex(bytes.ToLower(rest), []byte("</"+name)); at >= 0 {
			from = len(rest) - at
		}
		known[name] = from
	}
	return from > 0 && from < len(rest)
}

// tables reads tables as GitHub does, but no cell is lost: a row that has more
// than the head makes the table grow.
type tables struct{}

// maxTableColumns bounds a table; nobody reads a wider one.
const maxTableColumns = 500

var delimiterRow = lazyregexp.New(`^[ ]{0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\n?$`)

func (tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines := node.Lines()
	for i := 1; i < lines.Len(); i++ {
		source := reader.Source()
		rule, head := lines.At(i), lines.At(i-1)
		if !delimiterRow.Match(rule.Value(source)) {
			continue
		}
		columns, titles := splitRow(rule, source), splitRow(head, source)
		piped := bytes.IndexByte(rule.Value(source), '|') >= 0 && bytes.IndexByte(head.Value(source), '|') >= 0
		if len(columns) != len(titles) && !(piped && len(columns) > 1 && len(titles) > 1) || len(columns) == 1 && !piped {
			continue
		}
		pc.Get(budgetKey).(*budget).columns(max(len(columns), len(titles)), head.Start)
		table := extast.NewTable()
		table.SetPos(head.Start)
		table.Alignments = alignments(columns, source)
		table.AppendChild(table, extast.NewTableHeader(newRow(titles, head.Start)))
		for j := i + 1; j < lines.Len(); j++ {
			row := lines.At(j)
			cells := splitRow(row, source)
			pc.Get(budgetKey).(*budget).columns(len(cells), row.Start)
			table.AppendChild(table, newRow(cells, row.Start))
		}
		node.Lines().SetSliced(0, i-1)
		node.Parent().InsertAfter(node.Parent(), node, table)
		if node.Lines().Len() == 0 {
			node.Parent().RemoveChild(node.Parent(), node)
			return
		}
		last := node.Lines().At(i - 2)
		node.Lines().Set(i-2, last.TrimRightSpace(source))
		return
	}
}

// alignments are those of a table's columns, by the colons at the dashes of each.
func alignments(columns []text.Segment, source []byte) []extast.Alignment {
	all := make([]extast.Alignment, len(columns))
	for i, column := range columns {
		dashes := column.Value(source)
		left, right := bytes.HasPrefix(dashes, []byte(":")), bytes.HasSuffix(dashes, []byte(":"))
		switch {
		case left && right:
			all[i] = extast.AlignCenter
		case left:
			all[i] = extast.AlignLeft
		case right:
			all[i] = extast.AlignRight
		default:
			all[i] = extast.AlignNone
		}
	}
	return all
}

// splitRow cuts a line at its pipes.
func splitRow(line text.Segment, source []byte) []text.Segment {
	line = line.TrimLeftSpace(source)
	line = line.TrimRightSpace(source)
	raw := line.Value(source)
	from, end := 0, len(raw)
	if end > 0 && raw[0] == '|' {
		from = 1
	}
	if end > from && raw[end-1] == '|' && (end < 2 || raw[end-2] != '\\') {
		end--
	}
	var cells []text.Segment
	for at := from; at <= end; at++ {
		if at < end && (raw[at] != '|' || at > 0 && raw[at-1] == '\\') {
			continue
		}
		cell := text.NewSegment(line.Start+from, line.Start+at)
		cell = cell.TrimLeftSpace(source)
		cells = append(cells, cell.TrimRightSpace(source))
		from = at + 1
	}
	return cells
}

func newRow(cells []text.Segment, at int) *extast.TableRow {
	row := extast.NewTableRow(nil)
	row.SetPos(at)
	for _, segment := range cells {
		cell := extast.NewTableCell()
		cell.SetPos(segment.Start)
		cell.Lines().Append(segment)
		row.AppendChild(row, cell)
	}
	return row
}

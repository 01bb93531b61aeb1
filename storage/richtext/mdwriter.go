package richtext

import (
	"bytes"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	mdhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// markdownWriter makes HTML of what the parser read, and keeps for each stretch
// of it where it came from.
type markdownWriter struct {
	src    []byte
	line   func(int) int // of the source
	budget *budget
	out    buffer
	from   []origin
	notes  []Note
	// problem is the first thing that must not be published as it is.
	problem *LineError

	wanted   map[string]bool   // ids that links lead to
	used     map[string]bool   // definitions of links
	leads    map[string]string // where the first of each name leads
	defined  map[string]int    // where these stand; -1 if their title was told
	headings map[string]int    // ids that were made of headings
	inCell   bool
	typed    *typedText   // of the block that is being written
	alone    map[int]bool // the tags, by where they stand, that have no other half
	placed   map[int]bool // those that need none where they stand

	toldPlaced bool // that text is raised and lowered by marks
}

// origin says that what was written from out on began at src.
type origin struct{ out, src int }

func newMarkdownWriter(src []byte, b *budget) *markdownWriter {
	return &markdownWriter{src: src, budget: b, line: lines(string(src)), wanted: map[string]bool{}, used: map[string]bool{}, defined: map[string]int{}, leads: map[string]string{}, headings: map[string]int{}}
}

// lineOf is the line of the source from which a byte of the output came.
func (w *markdownWriter) lineOf(offset int) int {
	i := sort.Search(len(w.from), func(i int) bool { return w.from[i].out > offset })
	if i == 0 {
		return 1
	}
	return w.line(w.from[i-1].src)
}

func (w *markdownWriter) at(src int) {
	if src >= 0 {
		w.from = append(w.from, origin{w.out.Len(), src})
	}
}

func (w *markdownWriter) put(s string) { w.out.WriteString(s) }

// escaped writes text that was typed.
func (w *markdownWriter) escaped(text []byte) { w.put(textEscaper.Replace(string(text))) }

// buffer is what goldmark's writer of texts wants.
type buffer struct{ bytes.Buffer }

func (*buffer) Available() int { return 0 }
func (*buffer) Buffered() int  { return 0 }
func (*buffer) Flush() error   { return nil }

func (w *markdownWriter) document(n ast.Node) {
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link:
			if bytes.HasPrefix(n.Destination, []byte("#")) {
				w.wanted[fragment(string(n.Destination))] = true
			}
			w.uses(n.Reference)
		case *ast.Image:
			w.uses(n.Reference)
		case *ast.LinkReferenceDefinition:
			label := util.ToLinkReference(n.Label)
			if w.defined[label] == 0 {
				w.defined[label], w.leads[label] = n.Pos()+1, string(n.Destination)
			} else if w.leads[label] != string(n.Destination) {
				w.note(n.Pos(), "a second address by the name of another link was left out", "["+string(n.Label)+"]: "+string(n.Destination))
			}
		}
		return ast.WalkContinue, nil
	})
	w.pairTags(n)
	w.children(n)
}

func (w *markdownWriter) uses(r *ast.ReferenceLink) {
	if r != nil {
		w.used[util.ToLinkReference(r.Value)] = true
	}
}

func (w *markdownWriter) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.node(c)
	}
}

// within writes an element around the children of a node.
func (w *markdownWriter) within(name string, n ast.Node) {
	w.put("<" + name + ">")
	w.children(n)
	w.put("</" + strings.Fields(name)[0] + ">")
}

func (w *markdownWriter) node(n ast.Node) {
	if w.out.Len() > maxRendered {
		panic(&LineError{w.lineOf(w.out.Len()), fmt.Sprintf("up to here the text becomes more than %d bytes of HTML: publish it in parts", maxRendered), true})
	}
	if n.Type() == ast.TypeBlock {
		w.at(n.Pos())
		w.counts(n)
		w.block(n)
		return
	}
	w.counts(n)
	w.inline(n)
}

// counts a node that becomes an element.
func (w *markdownWriter) counts(n ast.Node) {
	switch n.Kind() {
	case ast.KindText, ast.KindString, ast.KindTextBlock:
		return
	case ast.KindListItem: // which holds a block, and is read as often as two
		w.budget.element(1, max(n.Pos(), 0))
	}
	w.budget.element(2, max(n.Pos(), 0))
}

func (w *markdownWriter) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph:
		w.tellAlone(n)
		w.put("<p>")
		w.leaf(n)
		w.put("</p>\n")
	case *ast.TextBlock:
		w.leaf(n)
		w.put("\n")
	case *ast.Heading:
		w.heading(n)
	case *ast.Blockquote:
		w.tellQuoted(n)
		w.within("blockquote", n)
	case *ast.List:
		w.list(n)
	case *ast.ListItem:
		w.within("li", n)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		w.code(n)
	case *ast.HTMLBlock:
		w.htmlBlock(n)
	case *ast.ThematicBreak:
		w.rule(n)
	case *extast.Table:
		w.table(n)
	case *extast.FootnoteList:
		w.within("ol", n)
	case *extast.Footnote:
		if n.FirstChild() == nil || n.FirstChild() == n.LastChild() && n.FirstChild().Kind() == extast.KindFootnoteBacklink {
			w.refuse(n.Pos(), "the footnote has no text: write it behind the colon")
		}
		w.within(`li id="fn-`+strconv.Itoa(n.Index)+`"`, n)
	case *extast.DefinitionList:
		w.within("dl", n)
	case *extast.DefinitionTerm:
		w.tellTerm(n)
		w.put("<dt>")
		w.leaf(n)
		w.put("</dt>")
	case *extast.DefinitionDescription:
		w.ambiguousTerm(n)
		w.within("dd", n)
	case *ast.LinkReferenceDefinition:
		if !w.used[util.ToLinkReference(n.Label)] {
			w.note(n.Pos(), "a line was read as the address of a link that is never used", strings.TrimSpace("["+string(n.Label)+"]: "+string(n.Destination)+" "+string(n.Title)))
		}
	default:
		w.leaf(n)
	}
}

// heading gives a heading the id that the author wrote, or the one by which
// other programs would know it if a link in the text leads there.
func (w *markdownWriter) heading(n *ast.Heading) {
	name := "h" + strconv.Itoa(n.Level)
	id := ""
	if own, ok := n.AttributeString("id"); ok {
		if raw, ok := own.([]byte); ok {
			id = string(raw)
		}
	}
	if id == "" {
		id = w.headingID(n)
	}
	if braces := bytes.TrimSpace(w.behind(n)); len(braces) > 0 && braces[0] == '{' && !onlyID.Match(braces) {
		w.note(n.Pos(), "of what is in braces behind a heading nothing is kept but an id", string(braces))
	}
	w.put("<" + name)
	if id != "" {
		w.put(` id="` + valueEscaper.Replace(id) + `"`)
	}
	w.put(">")
	w.leaf(n)
	w.put("</" + name + ">\n")
}

var onlyID = lazyregexp.New(`^\{\s*#[^\s{}]+\s*\}`)

// behind is what stands behind the words of a heading in their last line.
func (w *markdownWriter) behind(n *ast.Heading) []byte {
	if n.Lines().Len() == 0 {
		return nil
	}
	rest := w.src[n.Lines().At(n.Lines().Len()-1).Stop:]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// headingID is made of the words of a heading as GitHub does.
func (w *markdownWriter) headingID(n *ast.Heading) string {
	if len(w.wanted) == 0 {
		return ""
	}
	id := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.IsMark(r), r == '-', r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(string(w.words(n))))
	count := w.headings[id]
	w.headings[id]++
	if count > 0 {
		id += "-" + strconv.Itoa(count)
	}
	if !w.wanted[id] {
		return ""
	}
	return id
}

// words are the letters of inline nodes.
func (w *markdownWriter) words(n ast.Node) []byte {
	var b bytes.Buffer
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Text:
			if entering {
				b.Write(util.UnescapePunctuations(n.Segment.Value(w.src)))
				if n.SoftLineBreak() || n.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(n.Value)
			}
		case *ast.AutoLink:
			if entering {
				b.Write(n.Label(w.src))
			}
		}
		return ast.WalkContinue, nil
	})
	return []byte(html.UnescapeString(b.String()))
}

// drawnTable is the line under the head of a table whose columns are set apart by blanks.
var drawnTable = lazyregexp.New(`^-{2,}(?:[ \t]+-{2,})+[ \t]*(?:\n|$)`)

func (w *markdownWriter) rule(n *ast.ThematicBreak) {
	if drawnTable.Match(w.src[max(n.Pos(), 0):]) {
		w.refuse(n.Pos(), "tables with drawn lines are not supported: set cells apart by |")
	}
	w.put("<hr>\n")
}

// program finds, behind a fence, the name of what other programs would run or draw.
var program = lazyregexp.New(`^(?i)[ \t]*(?:\{=|\{[a-z]+[ ,}]|(?:mermaid|math|plantuml|graphviz)\b)`)

// language is what stands behind a fence if it is the name of a language, with options.
var language = lazyregexp.New(`^\S+$|^\S+[ \t].*[={]|^\{`)

// fence looks at what stands around code and is not shown.
func (w *markdownWriter) fence(n *ast.FencedCodeBlock) {
	if _, closed := n.AttributeString("closed"); !closed && n.Lines().Len() > 0 {
		w.refuse(n.Pos(), "the code has no end: write the same marks on a line of their own behind it")
	}
	if n.Info == nil {
		return
	}
	switch info := n.Info.Segment.Value(w.src); {
	case program.Match(info):
		w.refuse(n.Pos(), "what is between these fences would be shown as code, not drawn or run: write it in words or as a picture")
	case !language.Match(bytes.TrimSpace(info)):
		w.note(n.Pos(), "what stands behind the marks of code is not shown", string(info))
	}
}

func (w *markdownWriter) code(n ast.Node) {
	if fenced, ok := n.(*ast.FencedCodeBlock); ok {
		w.fence(fenced)
	}
	w.put("<pre><code>")
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		w.at(segment.Start)
		w.escaped(segment.Value(w.src))
	}
	w.put("</code></pre>\n")
}

// htmlSource is the text of a block of HTML, and where each line of it stands.
func (w *markdownWriter) htmlSource(n *ast.HTMLBlock) (raw []byte, from []origin) {
	all := n.Lines()
	for i := range all.Len() {
		segment := all.At(i)
		from = append(from, origin{len(raw), segment.Start})
		raw = append(raw, segment.Value(w.src)...)
	}
	if n.HasClosure() && n.ClosureLine.Start >= 0 && (all.Len() == 0 || n.ClosureLine.Start >= all.At(all.Len()-1).Stop) {
		from = append(from, origin{len(raw), n.ClosureLine.Start})
		raw = append(raw, n.ClosureLine.Value(w.src)...)
	}
	return raw, from
}

// unread marks stand in a block of HTML, where nothing is read as Markdown.
var unread = lazyregexp.New(leftover.String() + "|!?\\[[^\\]\\[\\n]+\\]\\([^)\\n]+\\)|\\[\\^[^\\]\\s]+\\]|`[^`\\n]+`|(?:^|[\\s(])(?:\\*[^\\s*](?:[^*\\n]*[^\\s*])?\\*|_[^\\s_](?:[^_\\n]*[^\\s_])?_)(?:[\\s.,;:!?)]|$)|^[ \\t]*(?:#{1,6}|[-+*>]|1\\.)[ \\t]")

var (
	struck  = lazyregexp.New(`(?:^|[^~\\])~~(?:[^~]|$)`)
	codeTag = lazyregexp.New(`(?i)<(?:pre|code|kbd|samp|tt|textarea|script|style)\b`)
)

func (w *markdownWriter) htmlBlock(n *ast.HTMLBlock) {
	raw, from := w.htmlSource(n)
	at, line := 0, 0
	code := codeTag.Match(raw)
	htmlText(raw, func(piece []byte, typed bool) {
		if !typed && nameOf(piece) != "" {
			w.at(sourceAt(from, at))
			w.budget.element(1, sourceAt(from, at))
			w.tag(piece, sourceAt(from, at), false)
			at += len(piece)
			return
		}
		if typed && bytes.HasPrefix(raw[at:], []byte("<!--")) {
			w.refuse(sourceAt(from, at), openComment)
		}
		for len(piece) > 0 {
			for line+1 < len(from) && from[line+1].out <= at {
				line++
			}
			w.at(from[line].src + at - from[line].out)
			n := len(piece)
			if line+1 < len(from) {
				n = min(n, from[line+1].out-at)
			}
			if mark := unread.FindIndex(piece[:n]); mark != nil && piece[0] != '<' {
				if struck.Match(piece[:n]) && !code {
					w.refuse(from[line].src+at-from[line].out, "between tags ~~ strikes nothing: write <del> and </del>")
				}
				w.note(from[line].src+at-from[line].out+mark[0], "marks stand in the text as they were typed, because it begins with a tag", beginningOf(piece[mark[0]:n]))
			}
			if typed {
				w.escaped(piece[:n])
			} else {
				w.out.Write(piece[:n])
			}
			at, piece = at+n, piece[n:]
		}
	})
	w.put("\n")
}

func (w *markdownWriter) table(n *extast.Table) {
	w.put("<table>")
	for row := n.FirstChild(); row != nil; row = row.NextSibling() {
		cell, group := "td", "tbody"
		if row.Kind() == extast.KindTableHeader {
			cell, group = "th", "thead"
		}
		if row == n.FirstChild() || row.PreviousSibling().Kind() == extast.KindTableHeader {
			w.put("<" + group + ">")
		}
		w.budget.element(1, row.Pos())
		w.put("<tr>")
		column := 0
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			w.at(c.Pos())
			w.budget.element(1, c.Pos())
			w.cutAtBar(c)
			w.put("<" + cell + aligned(n, column) + ">")
			column++
			w.inCell = true
			w.leaf(c)
			w.inCell = false
			w.put("</" + cell + ">")
		}
		w.put("</tr>\n")
		if row == n.LastChild() || group == "thead" {
			w.put("</" + group + ">")
		}
	}
	w.put("</table>\n")
}

// aligned is what the cells of a column say of the side on which their texts stand.
func aligned(n *extast.Table, column int) string {
	if column >= len(n.Alignments) || n.Alignments[column] == extast.AlignNone {
		return ""
	}
	return ` align="` + n.Alignments[column].String() + `"`
}

// openLink is an address that does not end in its cell.
var openLink = lazyregexp.New(`\]\([^)\s]*$`)

// cutAtBar refuses a cell that ends at a bar which was typed as part of code or of an
// address, as tables have it.
func (w *markdownWriter) cutAtBar(c ast.Node) {
	next := c.NextSibling()
	if next == nil || c.Lines().Len() == 0 || next.Lines().Len() == 0 {
		return
	}
	this, behind := c.Lines().At(0), next.Lines().At(0)
	text, rest := this.Value(w.src), behind.Value(w.src)
	odd := func(cell []byte) bool {
		return (bytes.Count(cell, []byte("`"))-bytes.Count(cell, []byte("\\`")))%2 != 0
	}
	if odd(text) && odd(rest) || openLink.Match(text) && bytes.IndexByte(rest, ')') >= 0 {
		w.refuse(this.Start, `a cell of the table ends at the bar in code or in an address: write \| there`)
	}
}

// beginningOf is as much of a text as a note quotes.
func beginningOf(text []byte) string {
	end := min(len(text), 40)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return string(text[:end])
}

func (w *markdownWriter) note(src int, what, said string) {
	said = shorten(said)
	if said != "" {
		what += ": " + said
	}
	w.notes = append(w.notes, Note{Line: w.line(max(src, 0)), What: what, Said: said})
}

// refuse keeps the first thing for which the text cannot be taken.
func (w *markdownWriter) refuse(src int, why string) {
	if w.problem == nil {
		w.problem = &LineError{w.line(max(src, 0)), why, false}
	}
}

var plainText = mdhtml.DefaultWriter

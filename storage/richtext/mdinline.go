package richtext

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
)

// leaf writes a block that holds text, and looks whether something in it would
// be published as it was typed.
func (w *markdownWriter) leaf(n ast.Node) {
	outer := w.typed
	_, item := n.Parent().(*ast.ListItem)
	w.typed = &typedText{item: item && n.PreviousSibling() == nil, term: n.Kind() == extast.KindDefinitionTerm, atTable: isTable(n.PreviousSibling()) || isTable(n.NextSibling())}
	w.children(n)
	w.judge(w.typed)
	w.tellNumbered(w.typed)
	w.typed = outer
}

func isTable(n ast.Node) bool { return n != nil && n.Kind() == extast.KindTable }

func (w *markdownWriter) raw(n *ast.RawHTML) []byte {
	var b []byte
	for i := range n.Segments.Len() {
		segment := n.Segments.At(i)
		b = append(b, segment.Value(w.src)...)
	}
	return b
}

func (w *markdownWriter) inline(n ast.Node) {
	switch n := n.(type) {
	case *ast.Text:
		w.text(n)
	case *ast.String:
		w.escaped(n.Value)
	case *ast.CodeSpan:
		w.codeSpan(n)
	case *ast.Emphasis:
		w.emphasis(n)
	case *ast.Link:
		w.link(n)
	case *ast.Image:
		w.image(n)
	case *ast.AutoLink:
		w.autoLink(n)
	case *ast.RawHTML:
		w.rawHTML(n)
	case *extast.TaskCheckBox:
		box := "☐ "
		if n.IsChecked {
			box = "☑ "
		}
		w.put(box)
	case *extast.FootnoteLink:
		w.typed.gap(n.Pos())
		w.put(`<sup><a id="` + markID(n.Index, n.RefIndex) + `" href="#fn-` + strconv.Itoa(n.Index) + `">` + strconv.Itoa(n.Index) + "</a></sup>")
	case *extast.FootnoteBacklink:
		w.put(` <a href="#` + markID(n.Index, n.RefIndex) + `">↩</a>`)
	default:
		w.children(n)
	}
}

// markID is the id of a mark of a footnote; the same one may be marked again.
func markID(index, again int) string {
	id := "fnref-" + strconv.Itoa(index)
	if again > 0 {
		id += "-" + strconv.Itoa(again+1)
	}
	return id
}

func (w *markdownWriter) text(n *ast.Text) {
	w.at(n.Segment.Start)
	value := n.Segment.Value(w.src)
	w.typed.add(value, n.Segment.Start)
	if n.IsRaw() {
		w.escaped(value)
	} else {
		if none := noCharacter(string(value)); none != "" {
			w.refuse(n.Segment.Start, noSuchNumber+none)
		}
		plainText.Write(&w.out, resolveOld(value))
	}
	switch {
	case n.HardLineBreak():
		w.typed.broken = append(w.typed.broken, w.typed.text.Len())
		w.typed.add([]byte("\n"), n.Segment.Stop)
		w.put("<br>")
	case n.SoftLineBreak():
		w.typed.add([]byte("\n"), n.Segment.Stop)
		w.put("\n")
	}
}

func (w *markdownWriter) codeSpan(n ast.Node) {
	w.typed.gap(startOf(n))
	w.tellLinkInCode(n)
	w.put("<code>")
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			continue
		}
		w.at(t.Segment.Start)
		value := bytes.ReplaceAll(t.Segment.Value(w.src), []byte("\n"), []byte(" "))
		if w.inCell { // the bar was escaped from the table
			value = bytes.ReplaceAll(value, []byte(`\|`), []byte("|"))
		}
		w.escaped(value)
	}
	w.put("</code>")
}

// startOf is where the first text of an inline node stands, or -1.
func startOf(n ast.Node) int {
	if t, ok := n.FirstChild().(*ast.Text); ok {
		return t.Segment.Start
	}
	return -1
}

// linkInCode is what stands between the backticks of a link of reStructuredText.
var linkInCode = lazyregexp.New(`<(?:https?://|mailto:)[^\s<>]+>$`)

// tellLinkInCode refuses a link of reStructuredText, which reads as code and an underscore.
func (w *markdownWriter) tellLinkInCode(n ast.Node) {
	last, ok := n.LastChild().(*ast.Text)
	if ok && linkInCode.Match(last.Segment.Value(w.src)) && bytes.HasPrefix(w.src[last.Segment.Stop:], []byte("`_")) {
		w.refuse(last.Segment.Start, "links are written [text](address)")
	}
}

func (w *markdownWriter) emphasis(n *ast.Emphasis) {
	w.at(n.Pos())
	if placed, ok := n.AttributeString(placedBy); ok {
		w.placedText(n, placed.(string))
		return
	}
	name := "em"
	switch {
	case n.Pos() >= 0 && n.Pos() < len(w.src) && w.src[n.Pos()] == '~':
		name = "del"
	case n.Level > 1:
		name = "strong"
	}
	if name == "del" {
		w.ranges(n)
	}
	if text := w.typed.text.Bytes(); name == "del" && bytes.HasSuffix(text, []byte("{")) {
		w.typed.add([]byte("~~"), n.Pos()) // a mark of editing, not of a strike-through
		defer w.typed.add([]byte("~~"), n.Pos())
	}
	w.put("<" + name + ">")
	w.children(n)
	w.put("</" + name + ">")
}

// autoLink writes an address between angle brackets. One that no reader can follow
// from here, as <name:minister>, was typed to be read.
func (w *markdownWriter) autoLink(n *ast.AutoLink) {
	w.at(n.Pos())
	address := string(n.URL(w.src))
	scheme, _, _ := strings.Cut(strings.ToLower(address), ":")
	switch {
	case n.AutoLinkType == ast.AutoLinkEmail:
		address = "mailto:" + strings.TrimPrefix(address, "mailto:")
	case scheme != "http" && scheme != "https" && scheme != "mailto" && scheme != "tel":
		w.typedTag([]byte("<"+address+">"), n.Pos())
		return
	case strings.Contains(address, "|"):
		w.refuse(n.Pos(), "links are written [text](address)")
	default:
		w.checkAddress(address, n.Pos())
	}
	w.typed.gap(n.Pos())
	w.put(`<a href="` + valueEscaper.Replace(address) + `">` + textEscaper.Replace(string(n.Label(w.src))) + "</a>")
}

// withUser finds the name of a user, or a password, in an address.
var withUser = lazyregexp.New(`^(?i)[ \t]*[a-z][a-z0-9+.-]*:[/\\]{2}[^/?#@\\]*@`)

// checkAddress refuses the address of a link or a picture that would be dropped.
func (w *markdownWriter) checkAddress(address string, src int) {
	switch {
	case strings.TrimSpace(address) == "":
		w.refuse(src, "the address is missing: write it between the round brackets")
	case withUser.MatchString(address):
		w.refuse(src, "the address names a user or a password, and everybody would read it: write it without")
	}
}

func (w *markdownWriter) link(n *ast.Link) {
	w.at(n.Pos())
	if w.clause(n) {
		return
	}
	w.typed.gap(n.Pos())
	w.checkAddress(destination(n.Destination), n.Pos())
	if n.FirstChild() == nil {
		w.refuse(n.Pos(), "the link has no words: write them between the square brackets")
	}
	w.titled(titleOfLink, n.Title, n.Reference, n.Pos())
	w.put(`<a href="` + valueEscaper.Replace(destination(n.Destination)) + `"`)
	if len(n.Title) > 0 {
		w.put(` title="` + valueEscaper.Replace(destination(n.Title)) + `"`)
	}
	w.put(">")
	w.children(n)
	w.put("</a>")
	w.typed.gap(-1)
}

// clauseNumber is the number of an article or a clause, or the letter of one.
var clauseNumber = lazyregexp.New(`^(?:[0-9]{1,3}\p{L}?|\p{L}|[ivxl]{1,5}|[IVXL]{1,5})$`)

// clause writes a number in brackets that another one follows, as in "Article [3](a)": it
// is no address.
func (w *markdownWriter) clause(n *ast.Link) bool {
	if n.Reference != nil || len(n.Title) > 0 || !clauseNumber.Match(w.words(n)) || !clauseNumber.Match(n.Destination) {
		return false
	}
	typed := "[" + string(w.words(n)) + "](" + string(n.Destination) + ")"
	w.note(n.Pos(), "the number of a clause stands in the text as it was typed: if it is a link, write its whole address", typed)
	w.typed.gap(n.Pos())
	w.escaped([]byte(typed))
	return true
}

// titleOfLink is told of the title of a link: hardly anybody reads it, on a telephone
// nobody, and posts have none.
const titleOfLink = "the title of a link shows only where a pointer rests on it, and in no post"

// titled tells of a title that few see, or nobody, where it was typed, which is once for
// all links by one name.
func (w *markdownWriter) titled(what string, title []byte, by *ast.ReferenceLink, at int) {
	if len(title) == 0 {
		return
	}
	if by != nil {
		label := util.ToLinkReference(by.Value)
		defined := w.defined[label]
		if defined < 0 {
			return
		}
		if defined > 0 {
			at, w.defined[label] = defined-1, -1
		}
	}
	w.note(at, what, string(title))
}

func (w *markdownWriter) image(n *ast.Image) {
	w.at(n.Pos())
	w.typed.gap(n.Pos())
	w.checkAddress(destination(n.Destination), n.Pos())
	w.titled("the title of a picture is not shown", n.Title, n.Reference, n.Pos())
	_ = ast.Walk(n, func(c ast.Node, _ bool) (ast.WalkStatus, error) {
		if c.Kind() == extast.KindFootnoteLink {
			w.refuse(n.Pos(), "no footnote can stand in the words of a picture: set its mark behind the picture")
		}
		return ast.WalkContinue, nil
	})
	w.put(`<img src="` + valueEscaper.Replace(destination(n.Destination)) + `" alt="` + valueEscaper.Replace(w.alternative(n)) + `">`)
}

// alternative is what a picture says in words: as every plain form does, without what is
// struck and with powers as such.
func (w *markdownWriter) alternative(n *ast.Image) string {
	marked := false
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		marked = marked || c.Kind() == ast.KindRawHTML || c.Kind() == ast.KindEmphasis
	}
	if !marked {
		return string(w.words(n))
	}
	inner := *w
	inner.out, inner.from, inner.notes, inner.typed = buffer{}, nil, nil, &typedText{}
	inner.children(n)
	if w.problem == nil {
		w.problem = inner.problem
	}
	h, lost := Clean(inner.out.String(), nil)
	w.notes = append(w.notes, inner.notes...)
	for _, what := range lost {
		w.note(n.Pos(), what, "")
	}
	return Line(Text(h))
}

// oldReference is one to a character by its number in Windows-1252, or an ampersand
// that is escaped.
var oldReference = lazyregexp.New(`\\?&#(?:0*1[2-5][0-9]|[xX]0*[89][0-9a-fA-F]);`)

// resolveOld resolves references that HTML reads as Windows-1252 (HTML Standard,
// numeric character reference end state): CommonMark makes controls of them, which go.
func resolveOld(text []byte) []byte {
	return oldReference.ReplaceAllFunc(text, func(reference []byte) []byte {
		if reference[0] == '\\' {
			return reference
		}
		return []byte(html.UnescapeString(string(reference)))
	})
}

// destination is an address as it was meant, without escapes and entities.
func destination(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(resolveOld(util.UnescapePunctuations(raw)))))
}

// rawHTML writes a tag. One that HTML does not know was typed to be read.
func (w *markdownWriter) rawHTML(n *ast.RawHTML) {
	tag := w.raw(n)
	at := n.Segments.At(0).Start
	w.at(at)
	switch {
	case officeMarkIn(tag) != nil:
		if bytes.HasPrefix(tag, []byte("<?")) {
			w.note(at, "an instruction to programs was left out", string(tag))
		}
		w.out.Write(tag)
	case bytes.HasPrefix(tag, []byte("<!--")):
		w.typed.gap(at)
		w.out.Write(tag)
	case !isTag(string(tag)):
		w.typedTag(tag, at)
	default:
		w.typed.gap(at)
		w.tag(tag, at, true)
	}
}

// tag writes what isTag takes for one.
func (w *markdownWriter) tag(tag []byte, at int, running bool) {
	switch w.judgeTag(tag, at, running) {
	case meant:
		w.noteTitle(tag, at)
		w.out.Write(tag)
	case asTyped:
		w.escaped(tag)
	case dropped:
		switch name := nameOf(tag); {
		case elements[name].as == "s":
			w.out.Write(tag) // what is struck, nobody can tell
		case name == "br":
			w.put("<br>")
		case !mayStayOpen(name):
			w.note(at, "the end of an element that was not begun was left out", string(tag))
			fallthrough
		case elements[name].kind.block():
			w.put(" ") // it would have set the words around it apart
		}
	case unclosed:
		w.refuse(at, unclosedTag(tag, running))
	}
}

// unseenTexts are the attributes that say something to readers and are not shown, by what
// they are to the element that has them.
var unseenTexts = []struct{ key, what string }{
	{"title", "the title"}, {"summary", "the summary"}, {"aria-label", "the label"}, {"aria-description", "the description"}, {"abbr", "the short form"},
}

// noteTitle tells of what would only be shown to who holds a mouse over something, or be
// read to who cannot see it.
func (w *markdownWriter) noteTitle(tag []byte, at int) {
	name := nameOf(tag)
	e := elements[name]
	if e.kind == hidden || e.media || !hasAttributes(tag) {
		return
	}
	what := map[string]string{"a": "a link", "img": "a picture", "image": "a picture"}[name]
	if what == "" {
		what = "<" + name + ">"
	}
	z := html.NewTokenizer(bytes.NewReader(tag))
	z.Next()
	t := z.Token()
	for _, a := range unseenTexts {
		said, ok := value(t, a.key)
		switch {
		case !ok || strings.TrimSpace(said) == "":
		case a.key == "title" && e.as == "a" && slices.Contains(e.attrs, a.key):
			w.note(at, titleOfLink, said)
		case !slices.Contains(e.attrs, a.key):
			w.note(at, a.what+" of "+what+" is not shown", said)
		}
	}
}

// typedTag writes what stands in angle brackets and is to be read.
func (w *markdownWriter) typedTag(tag []byte, at int) {
	w.typed.add(tag, at)
	w.escaped(tag)
}

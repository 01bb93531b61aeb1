package richtext

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/util"
)

// leaf writes a block that holds text, and looks whether something in it would
// be published as it was typed.
func (w *markdownWriter) leaf(n ast.Node) {
	outer, closers := w.typed, w.closers
	w.typed, w.closers = &typedText{}, w.endTags(n)
	w.children(n)
	w.judge(w.typed)
	w.typed, w.closers = outer, closers
}

// endTags counts the end tags in a block.
func (w *markdownWriter) endTags(n ast.Node) map[string]int {
	var found map[string]int
	var walk func(ast.Node)
	walk = func(n ast.Node) {
		if raw, ok := n.(*ast.RawHTML); ok {
			if tag := w.raw(raw); bytes.HasPrefix(tag, []byte("</")) {
				if found == nil {
					found = map[string]int{}
				}
				found[nameOf(tag)]++
			}
		}
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Type() == ast.TypeInline {
				walk(c)
			}
		}
	}
	walk(n)
	return found
}

func nameOf(tag []byte) string {
	if m := tagName.FindSubmatch(tag); m != nil {
		return strings.ToLower(string(m[1]))
	}
	return ""
}

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
		w.at(n.Pos())
		address := string(n.URL(w.src))
		if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
			address = "mailto:" + address
		}
		w.typed.gap()
		w.put(`<a href="` + valueEscaper.Replace(address) + `">` + textEscaper.Replace(string(n.Label(w.src))) + "</a>")
	case *ast.RawHTML:
		w.rawHTML(n)
	case *extast.TaskCheckBox:
		box := "☐ "
		if n.IsChecked {
			box = "☑ "
		}
		w.put(box)
	case *extast.FootnoteLink:
		w.typed.gap()
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
		plainText.Write(&w.out, value)
	}
	switch {
	case n.HardLineBreak():
		w.typed.add([]byte("\n"), n.Segment.Stop)
		w.put("<br>")
	case n.SoftLineBreak():
		w.typed.add([]byte("\n"), n.Segment.Stop)
		w.put("\n")
	}
}

func (w *markdownWriter) codeSpan(n ast.Node) {
	w.typed.gap()
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

func (w *markdownWriter) emphasis(n *ast.Emphasis) {
	w.at(n.Pos())
	name := "em"
	switch {
	case n.Pos() >= 0 && n.Pos() < len(w.src) && w.src[n.Pos()] == '~':
		name = "del"
	case n.Level > 1:
		name = "strong"
	}
	if text := w.typed.text.Bytes(); name == "del" && bytes.HasSuffix(text, []byte("{")) {
		w.typed.add([]byte("~~"), n.Pos()) // a mark of editing, not of a strike-through
		defer w.typed.add([]byte("~~"), n.Pos())
	}
	w.put("<" + name + ">")
	w.children(n)
	w.put("</" + name + ">")
}

func (w *markdownWriter) link(n *ast.Link) {
	w.at(n.Pos())
	w.typed.gap()
	if len(n.Title) > 0 {
		w.note(n.Pos(), "the title of a link is not shown", string(n.Title))
	}
	w.put(`<a href="` + valueEscaper.Replace(destination(n.Destination)) + `">`)
	w.children(n)
	w.put("</a>")
	w.typed.gap()
}

func (w *markdownWriter) image(n *ast.Image) {
	w.at(n.Pos())
	w.typed.gap()
	if len(n.Title) > 0 {
		w.note(n.Pos(), "the title of a picture is not shown", string(n.Title))
	}
	w.put(`<img src="` + valueEscaper.Replace(destination(n.Destination)) + `" alt="` + valueEscaper.Replace(string(w.words(n))) + `">`)
}

// destination is an address as it was meant, without escapes and entities.
func destination(raw []byte) string {
	return string(util.ResolveEntityNames(util.ResolveNumericReferences(util.UnescapePunctuations(raw))))
}

// rawHTML writes a tag. One that HTML does not know was typed to be read.
func (w *markdownWriter) rawHTML(n *ast.RawHTML) {
	tag := w.raw(n)
	if n.Segments.Len() > 0 {
		w.at(n.Segments.At(0).Start)
	}
	w.typed.gap()
	name := nameOf(tag)
	switch {
	case name == "":
		if !bytes.HasPrefix(tag, []byte("<!--")) {
			w.escaped(tag)
			return
		}
	case !isTag(string(tag)):
		w.escaped(tag)
		return
	case mayStayOpen(name):
	case bytes.HasPrefix(tag, []byte("</")):
		if w.closers[name] > 0 {
			w.closers[name]--
		}
	case w.closers[name] == 0:
		w.escaped(tag)
		return
	}
	w.out.Write(tag)
}

package richtext

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// typedTag is a tag of HTML in a Markdown text, and where it stands in the source.
type typedTag struct {
	name string
	end  bool
	at   int
}

func readTag(tag []byte, at int) typedTag {
	return typedTag{nameOf(tag), bytes.HasPrefix(tag, []byte("</")), at}
}

func nameOf(tag []byte) string {
	if m := tagName.FindSubmatch(tag); m != nil {
		return strings.ToLower(string(m[1]))
	}
	return ""
}

// partnerless are the tags among those given whose other half is missing.
func partnerless(all []typedTag) []typedTag {
	open := map[string][]int{}
	paired := make([]bool, len(all))
	for i, t := range all {
		starts := open[t.name]
		switch {
		case !t.end:
			open[t.name] = append(starts, i)
		case len(starts) > 0:
			paired[i], paired[starts[len(starts)-1]] = true, true
			open[t.name] = starts[:len(starts)-1]
		}
	}
	var alone []typedTag
	for i, t := range all {
		if !paired[i] {
			alone = append(alone, t)
		}
	}
	return alone
}

// pairTags finds the tags that have no other half. A start tag in running text has
// its end in the same paragraph; one that begins a block may have it further on, where a
// paragraph of Markdown ends.
func (w *markdownWriter) pairTags(document ast.Node) {
	w.alone = map[int]bool{}
	var between []typedTag
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() == ast.TypeInline {
			return ast.WalkContinue, nil
		}
		if block, ok := n.(*ast.HTMLBlock); ok {
			between = append(between, w.tagsOfBlock(block)...)
			return ast.WalkSkipChildren, nil
		}
		for _, t := range partnerless(w.tagsOfLeaf(n)) {
			if t.end {
				between = append(between, t)
			} else {
				w.alone[t.at] = true
			}
		}
		return ast.WalkContinue, nil
	})
	for _, t := range partnerless(between) {
		w.alone[t.at] = true
	}
}

// tagsOfLeaf are the tags in the running text of a block.
func (w *markdownWriter) tagsOfLeaf(n ast.Node) (all []typedTag) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() != ast.TypeInline {
			continue
		}
		if raw, ok := c.(*ast.RawHTML); ok {
			if tag := w.raw(raw); isTag(string(tag)) {
				all = append(all, readTag(tag, raw.Segments.At(0).Start))
			}
		}
		all = append(all, w.tagsOfLeaf(c)...)
	}
	return all
}

func (w *markdownWriter) tagsOfBlock(n *ast.HTMLBlock) (all []typedTag) {
	raw, from := w.htmlSource(n)
	at := 0
	htmlText(raw, func(piece []byte, typed bool) {
		if !typed && nameOf(piece) != "" {
			all = append(all, readTag(piece, sourceAt(from, at)))
		}
		at += len(piece)
	})
	return all
}

// openTag is what becomes of a tag.
type openTag int

const (
	meant    openTag = iota // it is HTML
	asTyped                 // it was typed to be read
	dropped                 // an end of nothing
	unclosed                // nobody can tell where its element ends
)

// judgeTag tells what a tag is that stands in running text, or in a block of HTML. What
// has no end would take all that follows along, or stand for a word: <b> and <address>
// are in texts that have a place to be filled in.
func (w *markdownWriter) judgeTag(tag []byte, at int, running bool) openTag {
	name := nameOf(tag)
	e := elements[name]
	switch {
	case childless[name]:
		if bare := !hasAttributes(tag); bare && !strings.Contains(" br hr wbr ", " "+name+" ") {
			return asTyped
		}
		return meant
	case !w.alone[at]:
		return meant
	case bytes.HasPrefix(tag, []byte("</")):
		return dropped
	case !running && endsByItself(name):
		return meant
	case hasAttributes(tag), e.as != "" && needs[name] == nil, setsOff(name):
		return unclosed
	}
	return asTyped
}

// hasAttributes tells whether a tag says more than its name.
func hasAttributes(tag []byte) bool {
	tag = wholeTag.Find(tag)
	return len(tag) > 0 && len(bytes.Trim(tag[len(tagName.Find(tag)):], "/> \t\r\n")) > 0
}

// unclosedTag is what the author is told to write.
func unclosedTag(tag []byte, running bool) string {
	name := nameOf(tag)
	if running && endsByItself(name) {
		return fmt.Sprintf(`<%s> stands in the middle of a paragraph: leave a line empty there, or write \<%s> if it is to be read`, name, name)
	}
	return fmt.Sprintf(`<%s> has no end tag in its paragraph: write </%s> where it ends, or \<%s> if it is to be read`, name, name, name)
}

// endsByItself tells of elements that HTML understands without an end tag, and of those
// around others, which a page may leave open.
func endsByItself(name string) bool {
	return strings.Contains(` p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rb rt rp rtc html head body div center `, " "+name+" ")
}

// setsOff tells of elements that only change how a text looks, which is lost. No author
// means them as a word.
func setsOff(name string) bool {
	return strings.Contains(" big blink center div font mark nobr small span ", " "+name+" ")
}

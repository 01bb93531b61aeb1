package richtext

import (
	"bytes"
	"fmt"
	"slices"
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
	if m := tagName.FindSubmatch(tag); m != nil && officeMarkIn(tag) == nil {
		return strings.ToLower(string(m[1]))
	}
	return ""
}

// partsOf are the elements that only mean something in some others, which name them.
var partsOf = map[string][]string{
	"col": {"table"}, "colgroup": {"table"}, "param": {"object", "applet"}, "area": {"map"},
	"source": {"video", "audio", "picture"}, "track": {"video", "audio"},
	"rb": {"ruby"}, "rt": {"ruby"}, "rtc": {"ruby"}, "rp": {"ruby"},
}

// paired tells of tags whether their other half is there, too.
func paired(all []typedTag) []bool {
	open := openTags{}
	paired := make([]bool, len(all))
	for i, t := range all {
		if !t.end {
			open.begin(t.name, i)
		} else if start, begun := open.end(t.name); begun {
			paired[i], paired[start] = true, true
		}
	}
	return paired
}

// partsIn are the start tags, by where they stand, that are in an element of which theirs
// is a part.
func partsIn(all []typedTag) map[int]bool {
	pairs, open, found := paired(all), map[string]int{}, map[int]bool{}
	for i, t := range all {
		switch {
		case t.end && pairs[i]:
			open[t.name]--
		case pairs[i]:
			open[t.name]++
		case !t.end && slices.ContainsFunc(partsOf[t.name], func(around string) bool { return open[around] > 0 }):
			found[t.at] = true
		}
	}
	return found
}

// partnerless are the tags among those given whose other half is missing. Items need no
// end in a list, nor do cells in a table.
func partnerless(all []typedTag) []typedTag {
	paired := paired(all)
	var alone []typedTag
	around := 0 // blocks of HTML that are open
	for i, t := range all {
		switch {
		case !paired[i]:
			if around == 0 || t.end || !endsByItself[t.name] {
				alone = append(alone, t)
			}
		case !elements[t.name].kind.block():
		case t.end:
			around--
		default:
			around++
		}
	}
	return alone
}

// pairTags finds the tags that have no other half. An element may go over several
// paragraphs.
func (w *markdownWriter) pairTags(document ast.Node) {
	var all []typedTag
	_ = ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.HTMLBlock:
			if entering {
				all = append(all, w.tagsOfBlock(n)...)
			}
		case *ast.RawHTML:
			if tag := w.raw(n); entering && isTag(string(tag)) {
				all = append(all, readTag(tag, n.Segments.At(0).Start))
			}
		}
		return ast.WalkContinue, nil
	})
	w.placed = partsIn(all)
	w.alone = map[int]bool{}
	for _, t := range partnerless(all) {
		w.alone[t.at] = true
	}
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
	case w.placed[at]:
		return meant
	case childless[name]:
		if bare := !hasAttributes(tag); bare && !strings.Contains(" br hr wbr ", " "+name+" ") {
			return asTyped
		}
		return meant
	case !w.alone[at]:
		return meant
	case bytes.HasPrefix(tag, []byte("</")):
		return dropped
	case !running && mayStayOpen(name):
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
	if running && mayStayOpen(name) {
		return fmt.Sprintf(`<%s> stands in the middle of a paragraph: leave a line empty there, or write \<%s> if it is to be read`, name, name)
	}
	return fmt.Sprintf(`<%s> has no end tag: write </%s> where it ends, or \<%s> if it is to be read`, name, name, name)
}

// mayStayOpen tells of elements that HTML understands without an end tag, and of those
// around others, which pages leave open.
func mayStayOpen(name string) bool {
	return endsByItself[name] || strings.Contains(" rb rtc colgroup head div center ", " "+name+" ")
}

// setsOff tells of elements that only change how a text looks, which is lost. No author
// means them as a word.
func setsOff(name string) bool {
	return strings.Contains(" big blink center div font mark nobr small span ", " "+name+" ")
}

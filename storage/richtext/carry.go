package richtext

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// An inline element cannot stand around a block, and what stands in a block ends with
// it. Authors write both: a deletion that begins in one paragraph and ends in the next,
// a link around a division. What such an element says of its text is said of the text
// of each block up to its own end tag, or deleted and hidden words would come back to
// life where the next paragraph begins.

// carriers are the inline elements of the output that say something of each part of
// their text.
var carriers = map[string]bool{
	"a": true, "s": true, "strong": true, "b": true, "em": true, "i": true, "u": true, "sub": true, "sup": true, "code": true,
	"abbr": true, "cite": true, "q": true, "time": true, "span": true,
}

const (
	// maxActive bounds the elements that are carried on at once.
	maxActive = 24
	// maxAlike bounds those of one name, as parsers do (HTML §13.2.4.3).
	maxAlike = 3
)

// pairs are the tags of a text that belong together, by their offsets.
type pairs struct {
	ends   map[int]int // of start tags
	starts map[int]int // of end tags
}

// pairTags finds for each start tag its end tag: as many of one name as begin in
// between end there, too. Style sheets are read on the way: they are for the whole
// text.
func pairTags(raw string, styles sheet) pairs {
	p := pairs{map[int]int{}, map[int]int{}}
	open := openTags{}
	at, styling := 0, false
	z := html.NewTokenizer(strings.NewReader(raw))
	for {
		kind := z.Next()
		length := len(z.Raw())
		switch kind {
		case html.ErrorToken:
			return p
		case html.TextToken:
			if styling {
				styles.read(string(z.Raw()))
			}
			styling = false
		case html.StartTagToken:
			tag, _ := z.TagName()
			styling = string(tag) == "style"
			if name := string(tag); !childless[name] {
				open.begin(name, at)
				if parsed[name] {
					z.NextIsNotRawText()
				}
			}
		case html.EndTagToken:
			tag, _ := z.TagName()
			if from, begun := open.end(string(tag)); begun {
				p.ends[from], p.starts[at] = at, from
			}
		}
		at += length
	}
}

// says tells whether an element says something of its text that goes on where a block
// cuts it off.
func (n *node) says() bool {
	if n.concealed || n.veiled || n.lined {
		return n.kind != void && !endsByItself[n.source]
	}
	return n.kind == inline && !n.apart && n.media == "" && (n.placed != "" || n.shown || n.tint != nil || carriers[n.name] && n.kept())
}

// endsByItself are the elements that end where the next of their kind begins.
var endsByItself = map[string]bool{
	"p": true, "li": true, "dt": true, "dd": true, "tr": true, "td": true, "th": true, "thead": true, "tbody": true, "tfoot": true,
	"caption": true, "option": true, "optgroup": true, "rt": true, "rp": true, "html": true, "body": true,
}

// activate begins to carry on an element that was opened just now.
func (b *builder) activate(n *node) {
	end, ended := b.ends[n.from]
	if !ended {
		if n.source != "s" && n.source != "strike" {
			return
		}
		// A parser resumes these up to the end of the text (HTML §13.2.4.3).
		end = math.MaxInt
	}
	alike := 0
	for _, a := range b.active {
		if a.concealed || a.ends >= end && a.covers(n) {
			return
		}
		if a.source == n.source {
			alike++
		}
	}
	grave := n.concealed || n.veiled || n.lined
	if len(b.active) < maxActive && alike < maxAlike || grave && len(b.active) < maxOpen {
		n.ends = end
		b.active = append(b.active, n)
	}
}

// covers tells whether an element says of its text what another one in it says.
func (n *node) covers(inner *node) bool {
	if inner.concealed || inner.veiled || inner.shown || inner.tint != nil || inner.placed != "" || inner.lined && !n.lined && n.name != "s" {
		return false
	}
	switch inner.name {
	case "":
		return inner.lined
	case "span", "abbr", "time", "a":
		return n.name == inner.name && slices.Equal(n.attrs, inner.attrs)
	}
	return n.name == inner.name
}

// deactivate ends what is carried on.
func (b *builder) deactivate(which func(*node) bool) {
	b.active = slices.DeleteFunc(b.active, which)
}

// suspend closes the inline elements around a block that begins, if one of them is
// carried on into it.
func (b *builder) suspend() {
	from := len(b.open)
	for i := len(b.open) - 1; i > 0 && b.open[i].kind == inline && !b.open[i].apart && b.open[i].media == ""; i-- {
		if slices.ContainsFunc(b.active, func(a *node) bool { return a.from == b.open[i].from }) {
			from = i
		}
	}
	b.open = b.open[:from]
}

// resume opens once more what a block has cut off.
func (b *builder) resume() {
	if len(b.active) == 0 || b.hidden() {
		return
	}
	for _, a := range b.active {
		if len(b.open) >= maxOpen || slices.ContainsFunc(b.open, func(n *node) bool { return n.from == a.from || n.covers(a) }) {
			continue
		}
		n := &node{kind: inline, source: a.source, at: b.at, from: a.from, concealed: a.concealed, veiled: a.veiled, shown: a.shown, lined: a.lined, placed: a.placed}
		if n.look = b.top().look; a.tint != nil {
			n.paint(n.look, *a.tint)
		}
		if a.kind == inline {
			n.name, n.attrs = a.name, a.attrs
		}
		a.resumed, n.resumed = true, true
		b.append(n)
		b.open = append(b.open, n)
	}
}

// unended refuses what begins to strike or to hide typed text and does not say where
// that ends.
func (b *builder) unended(n *node) {
	if _, ended := b.ends[n.from]; ended || !b.typed || b.problem != nil || endsByItself[n.source] || n.kind == hidden {
		return
	}
	var what string
	switch {
	case n.concealed || n.veiled:
		what = "the hidden text"
	case n.lined || n.name == "s":
		what = "the deletion"
	default:
		return
	}
	b.problem = &LineError{Line: b.notes.lineOf(n.at), Text: fmt.Sprintf("<%s> has no end tag: write </%s> where %s ends", n.source, n.source, what)}
}

// unbegun refuses the end of a deletion that begins nowhere in a typed text.
func (b *builder) unbegun(name string) {
	if _, begun := b.starts[b.at]; !begun && b.typed && b.problem == nil && elements[name].as == "s" && !b.hidden() {
		b.problem = &LineError{Line: b.notes.lineOf(b.at), Text: fmt.Sprintf("</%s> ends nothing: write <%s> where the deletion begins", name, name)}
	}
}

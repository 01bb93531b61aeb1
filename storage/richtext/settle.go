package richtext

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/html"
)

// settle decides on a parsed tree what only the whole of it tells: which text
// is hidden, what stands in place of media, which links have a target in the
// text.
func (b *builder) settle(root *node) {
	b.replace(root, false, false)
	if !b.typed {
		aims := map[string]bool{}
		gatherAims(root, aims)
		dropIDs(root, aims)
	}
	targets := map[string]bool{}
	gatherIDs(root, targets)
	b.aim(root, targets, false)
	standApart(root)
	distribute(root, carriage{})
	partMarks(root)
	(&gapFiller{last: ' '}).fill(root)
}

// replace takes out what is hidden and puts an alternative in place of media,
// and notes both.
func (b *builder) replace(n *node, linked, veiled bool) {
	linked = linked || n.name == "a"
	kept := n.children[:0]
	for _, c := range n.children {
		veiled := (veiled || c.veiled) && !c.shown
		switch {
		case c.concealed || c.veiled && !c.reveals || veiled && (c.kind == characters || c.kind == void):
			if text := strings.TrimSpace(hiddenText(c)); text != "" {
				b.notes.at(c.at, "hidden text was dropped", text)
				kept = append(kept, gap(c.at))
			}
			b.tellHidden(c)
			continue
		case c.said != "":
			*c = node{kind: characters, text: " " + c.said + " ", at: c.at}
		case c.what != "":
			if c.source != "template" && c.source != "title" && c.source != "datalist" || strings.TrimSpace(hiddenText(c)) != "" {
				b.notes.at(c.at, withArticle(c.what)+" was removed", strings.TrimSpace(c.title+" "+hiddenText(c)))
				kept = append(kept, gap(c.at))
			}
			b.tellHidden(c)
		case c.source == "head" && b.typed:
			b.tellHead(c)
		case c.kind != hidden:
			if c.source == "area" && linked {
				c.name = "" // no link can stand in another
			}
			b.replace(c, linked, veiled)
			if c.media != "" {
				b.alternative(c, linked)
			} else if !speaks(c) {
				b.tellMute(c, n)
			}
		}
		if c.kind != hidden {
			kept = append(kept, c)
		}
	}
	n.children = kept
}

// tellHead notes the title in a head that was typed into a text, where it is a line like
// others to its author. That of a page is read elsewhere.
func (b *builder) tellHead(head *node) {
	for _, c := range head.children {
		if said := hiddenText(c); c.source == "title" && strings.TrimSpace(said) != "" {
			b.notes.at(c.at, withArticle(elements[c.source].what)+" was removed", said)
		}
	}
}

// tellMute notes what an element without words shows by its attributes, or would, and the
// empty items of a numbered list.
func (b *builder) tellMute(n, parent *node) {
	switch {
	case n.kind == item && parent.name == "ol":
		b.notes.at(n.at, "an item of a numbered list has no text", "")
	case n.source == "picture" && n.address != "":
		b.notes.at(n.at, "a picture without an <img> was removed", n.address)
	case (n.source == "meter" || n.source == "progress") && n.title != "":
		b.notes.at(n.at, "a bar without words was removed", n.title)
	case n.source == "textarea" && n.title != "":
		b.notes.at(n.at, "what stands in an empty field of a form was removed", n.title)
	}
}

// tellHidden notes the pictures and media that go with what is hidden. Frames that nobody
// sees count readers.
func (b *builder) tellHidden(n *node) {
	e := elements[n.source]
	if e.as == "img" {
		e.what = "picture"
	}
	if n.address != "" && !slices.Contains(frames, n.source) {
		b.notes.at(n.at, "a hidden "+e.what+" was dropped", n.address)
	}
	for _, c := range n.children {
		b.tellHidden(c)
	}
}

// hiddenText is what a reader would have read, as much as a note has room for.
func hiddenText(n *node) string {
	var b strings.Builder
	var walk func(*node)
	walk = func(n *node) {
		if b.Len() > 400 || n.source == "script" || n.source == "style" {
			return
		}
		b.WriteString(n.text)
		if n.kind.block() {
			b.WriteByte(' ')
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(n)
	return b.String()
}

// nameOf is what is shown of an address that has no words of its own. Of a file that
// lies beside a typed text nobody knows yet where it will be: it has a name.
func (b *builder) nameOf(written, address string) string {
	if u, err := url.Parse(address); err == nil && b.beside(written) && path.Base(u.Path) != "/" {
		return path.Base(u.Path)
	}
	return address
}

// beside reports whether an address in a typed text leads to what lies beside it.
func (b *builder) beside(written string) bool {
	_, err := whatwg.Parse(strings.TrimSpace(written))
	return b.typed && err != nil
}

// speaks tells whether a node has something to read or to see.
func speaks(n *node) bool {
	if n.kind == characters && strings.TrimSpace(n.text) != "" || n.name == "img" {
		return true
	}
	return slices.ContainsFunc(n.children, speaks)
}

// gatherAims lists every id that a link in the text leads to.
func gatherAims(n *node, all map[string]bool) {
	if href, ok := n.attr("href"); ok && strings.HasPrefix(href, "#") {
		all[href[1:]] = true
	}
	for _, c := range n.children {
		gatherAims(c, all)
	}
}

// dropIDs takes the ids of a page that nothing in the text leads to: they are
// those of its frame, for styles and scripts. What an author types is kept, and
// what was cleaned before.
func dropIDs(n *node, aims map[string]bool) {
	n.ids = slices.DeleteFunc(n.ids, func(id string) bool { return !aims[id] && !strings.HasPrefix(id, idPrefix) })
	for _, c := range n.children {
		dropIDs(c, aims)
	}
}

// gatherIDs lists every id in a tree.
func gatherIDs(n *node, all map[string]bool) {
	for _, id := range n.ids {
		all[id] = true
	}
	for _, c := range n.children {
		gatherIDs(c, all)
	}
}

// aim gathers the links to places in the text. Those to the top of the page lose their
// address.
func (b *builder) aim(n *node, targets map[string]bool, marks bool) {
	marks = marks || marksNote(n)
	if href, ok := n.attr("href"); ok && b.typed && n.source == "a" && !n.resumed && !speaks(n) {
		b.notes.at(n.at, "a link without words was left out", href)
	}
	if href, ok := n.attr("href"); ok && strings.HasPrefix(href, "#") {
		switch top := href == "#" || href == "#top"; {
		case !targets[href[1:]] && (top || b.foreign):
			n.dropAttr("href")
			if b.typed {
				b.notes.at(n.at, "a link to the top of the page lost its address, which is another on each page that shows the text", href)
			}
		case b.typed || !strings.HasPrefix(href, "#"+idPrefix): // else it was told before
			b.aims = append(b.aims, aimed{href[1:], n.at, marks || leadsBack(n)})
		}
	}
	for _, c := range n.children {
		b.aim(c, targets, marks)
	}
}

// aimed is a link to an id, and where it stands in the source.
type aimed struct {
	id    string
	at    int
	marks bool // a footnote, or the way back from one
}

// leadsBack tells whether a link within the text says nothing, as [IsBackLink] does.
func leadsBack(n *node) bool {
	return !strings.ContainsFunc(hiddenText(n), wordyAlone) && !shows(n)
}

func shows(n *node) bool { return n.name == "img" || slices.ContainsFunc(n.children, shows) }

// judgeAims refuses links of a typed text to ids that nothing of the finished text has,
// and tells of those of a page. These stay, and so do marks of footnotes and ways back,
// which are known by their links, and what is in a document that was made of a page: it
// has our prefix.
func (b *builder) judgeAims(final map[string]string) {
	for _, a := range b.aims {
		if _, found := final[a.id]; found {
			continue
		}
		if !b.typed || a.marks || strings.HasPrefix(a.id, idPrefix) {
			b.notes.at(a.at, "a link leads to nothing, because no place in the text has that id", "#"+a.id)
			continue
		}
		if line := b.notes.lineOf(a.at); b.problem == nil || line < b.problem.Line {
			b.problem = &LineError{Line: line, Text: fmt.Sprintf("the link to %q leads to nothing: no heading of the text has these words, and no place that id", "#"+a.id)}
		}
	}
}

func holdsLink(n *node) bool {
	return n.name == "a" || slices.ContainsFunc(n.children, holdsLink)
}

// idsOf are the names by which links lead to an element (HTML §7.4.6.4).
func idsOf(t html.Token) []string {
	var ids []string
	for _, key := range []string{"id", "name"} {
		raw, ok := value(t, key)
		if key == "name" && t.Data != "a" || !ok {
			continue
		}
		if id := permitted(raw); id != "" && len(id) <= maxID && !strings.ContainsAny(id, " \t\n\r\f") {
			ids = append(ids, id)
		}
	}
	return ids
}

const (
	// maxID bounds an id in bytes.
	maxID = 200
	// idPrefix keeps the ids of a text apart from those of the page that shows it.
	idPrefix = "text-"
)

// fragment is the id that an address within the text names.
func fragment(raw string) string {
	id := strings.TrimPrefix(raw, "#")
	if decoded, err := url.PathUnescape(id); err == nil {
		id = decoded
	}
	return permitted(id)
}

// namer gives the ids of a finished text their final form: with a prefix, each
// once.
type namer struct {
	final map[string]string // by what the author wrote
	taken map[string]bool
}

// name sets the id of every element in the output. Of several ids of one
// element the first stands, and links to the others lead to it as well.
func (m *namer) name(nodes []*node) {
	for _, n := range nodes {
		own := ""
		for _, id := range n.ids {
			if _, known := m.final[id]; known {
				continue // the first element of that id is meant (DOM §4.2.4)
			}
			if own == "" {
				if own = idPrefix + strings.TrimPrefix(id, idPrefix); m.taken[own] {
					own = idPrefix + own
				}
				for m.taken[own] {
					own += "-"
				}
				m.taken[own] = true
				n.attrs = append([]html.Attribute{{Key: "id", Val: own}}, n.attrs...)
			}
			m.final[id] = own
		}
		m.name(n.children)
	}
}

// link writes the addresses of links within the text.
func (m *namer) link(nodes []*node) {
	for _, n := range nodes {
		if href, ok := n.attr("href"); ok && strings.HasPrefix(href, "#") {
			id, known := m.final[href[1:]]
			if !known {
				id = idPrefix + strings.TrimPrefix(href[1:], idPrefix)
			}
			n.setAttr("href", placeAddress(id))
		}
		m.link(n.children)
	}
}

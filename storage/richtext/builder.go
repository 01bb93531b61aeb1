package richtext

import (
	"math"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// maxOpen bounds the elements that are open at once; a start tag beyond it is
// skipped and its text stays. It bounds every search below as well.
const maxOpen = 200

// builder makes a tree of the tokens. It closes what authors leave open (a
// paragraph before a block, an item before the next) and is otherwise loose:
// putting the tree in order is the walker's work.
type builder struct {
	resolver
	open       []*node // open[0] is the root
	notes      *notes
	references []Reference
	// foreign texts have no ids and no pictures.
	foreign bool
	// bare texts have no titles of links and no alignment.
	bare bool
	// typed texts keep every id.
	typed bool
	at    int // offset of the token that is being read
	pairs
	sheet   sheet
	active  []*node // what is carried on where a block cuts it off
	aims    []aimed // links to places in the text
	besides map[*node][]besides
	problem *LineError // why a typed text is refused
}

// parsed are raw elements for a tokenizer that runs scripts, and markup for one
// that does not.
var parsed = map[string]bool{"noscript": true, "noframes": true, "noembed": true}

func (b *builder) parse(raw string) *node {
	root := &node{kind: transparent, from: -1, look: &paper}
	b.open, b.sheet, b.besides = []*node{root}, sheet{map[string][]sheetRule{}, map[string]bool{}}, map[*node][]besides{}
	b.pairs = pairTags(raw, b.sheet)
	z := html.NewTokenizer(strings.NewReader(raw))
	for {
		kind := z.Next()
		length := len(z.Raw())
		switch kind {
		case html.ErrorToken:
			b.rest(raw[min(b.at, len(raw)):])
			return root
		case html.TextToken:
			b.text(string(z.Text()), raw[b.at:min(b.at+length, len(raw))])
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			b.start(t, kind == html.SelfClosingTagToken)
			if parsed[t.Data] {
				z.NextIsNotRawText()
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			b.endTag(string(name))
		}
		b.at += length
	}
}

// rest is the beginning of a tag that the text ends in: no parser shows it.
func (b *builder) rest(text string) {
	if text != "" {
		b.notes.at(b.at, "the text ends inside a tag, which was dropped", text)
	}
	for _, n := range b.open {
		if n.kind == hidden && (n.source == "script" || n.source == "style" || n.source == "head") && text == "" && len(n.children) > 0 && !n.closed {
			b.notes.at(n.at, "everything after a <"+n.source+"> without an end tag was dropped", "")
			return
		}
	}
}

func (b *builder) append(n *node) {
	top := b.top()
	top.children = append(top.children, n)
	if !n.kind.block() {
		return
	}
	for i := len(b.open) - 1; i >= 0 && b.open[i].kind == inline; i-- {
		b.open[i].blocks = true
	}
}

// top is the innermost element that is open.
func (b *builder) top() *node { return b.open[len(b.open)-1] }

// tellVoid says what an element without words has to say.
func (b *builder) tellVoid(t html.Token, dark bool) {
	switch t.Data {
	case "source", "param", "track":
		if !b.addressOfMedia(t) && !dark {
			b.strayOfMedia(t)
		}
	case "input":
		if !dark && boxOf(t) == "" {
			b.control(t)
		}
	}
}

// boxOf is what shows a box that cannot be ticked: programs write so what is done in a list
// of tasks.
func boxOf(t html.Token) string {
	kind, _ := value(t, "type")
	_, fixed := value(t, "disabled")
	if t.Data != "input" || !strings.EqualFold(kind, "checkbox") || !fixed {
		return ""
	}
	if _, done := value(t, "checked"); done {
		return "☑ "
	}
	return "☐ "
}

func (b *builder) start(t html.Token, selfClosing bool) {
	e := elementOf(t.Data)
	if !inHead[t.Data] {
		b.leaveHead()
	}
	dark := b.hidden()
	if !dark {
		b.tellWords(t)
		b.office(t)
	}
	b.tellVoid(t, dark)
	if box := boxOf(t); box != "" && !dark && !b.foreign {
		b.characters(box)
		return
	}
	if childless[t.Data] && e.as == "" && !e.media {
		if e.what != "" && !dark {
			b.append(gap(b.at))
		}
		return
	}
	b.makeRoom(t.Data, e.kind)
	if e.kind.block() {
		b.suspend()
	}
	if !e.kind.block() && (e.kind != hidden || e.what != "") || e.kind == rule {
		b.resume()
	}
	dark = b.hidden() // what was hidden around it may end here
	n := &node{kind: e.kind, name: e.as, source: t.Data, at: b.at, from: b.at, apart: e.apart}
	if e.media || e.as == "img" {
		n.address = sourceOf(t)
	}
	style := b.style(n, t)
	if !dark {
		b.attributeTexts(t)
	}
	n.paint(b.top().look, tintOf(t, style, b.sheet.knows))
	switch {
	case dark:
		n.name = ""
	case b.veiled() && style["visibility"] != "visible":
		b.undress(n)
	case !b.dress(n, e, t, style):
		b.append(gap(b.at))
		return
	}
	b.enter(n, t, selfClosing, dark)
}

// enter puts a node where the text stands, and opens it if something can stand within.
func (b *builder) enter(n *node, t html.Token, selfClosing, dark bool) {
	if len(b.open) >= maxOpen && !childless[t.Data] {
		return
	}
	b.append(n)
	if n.shown {
		for _, around := range b.open {
			around.reveals = true
		}
	}
	foreign := t.Data == "svg" || t.Data == "math"
	if childless[t.Data] || selfClosing && foreign {
		return
	}
	b.open = append(b.open, n)
	if !dark && n.kind != hidden {
		b.unended(n)
		if n.says() {
			b.activate(n)
		}
	}
}

// inHead are the elements that stand in the head of a document. Anything else ends it, also
// before its end tag (HTML §13.2.6.4.4).
var inHead = map[string]bool{
	"base": true, "basefont": true, "bgsound": true, "head": true, "html": true, "link": true, "meta": true, "noframes": true,
	"noscript": true, "script": true, "style": true, "template": true, "title": true,
}

// leaveHead ends the head of a document if what is read now stands right in it, or in what
// it says to programs that run no scripts (HTML §13.2.6.4.5).
func (b *builder) leaveHead() {
	from := len(b.open) - 1
	if from > 1 && b.open[from].source == "noscript" {
		from--
	}
	if head := b.open[from]; head.source == "head" {
		head.closed = true
		b.leave(from)
	}
}

// dress gives a node what its tag says of it. It is false for one that shows
// nothing.
func (b *builder) dress(n *node, e element, t html.Token, style map[string]string) bool {
	n.lined, n.placed = linedThrough(style), raisedBy(n, style)
	n.concealed = concealed(t, style)
	if n.concealed {
		n.name = ""
		return true
	}
	if n.veiled = veils(style); n.veiled {
		b.undress(n)
		return true
	}
	n.shown = style["visibility"] == "visible"
	n.ownLine, n.boxes = ownLine(n, style), slices.Contains(boxed, style["display"])
	n.before, n.behind = room(n, style)
	if !b.foreign {
		b.tellAddresses(t)
	}
	if e.kind == hidden {
		b.vanished(n, e, t)
		return true
	}
	if !b.foreign {
		n.ids = idsOf(t)
	} else if n.name == "img" {
		return false
	}
	if e.media {
		n.media = e.what
		b.takeBesides(n, t)
		return true
	}
	if n.name == "img" {
		n.address = b.pictureAddress(t)
	}
	e = numberedByStyle(n, e, style)
	n.attrs = b.attributes(e, n, t, style)
	b.tellListStyle(n, style)
	switch t.Data {
	case "area":
		text, _ := value(t, "alt")
		if href, ok := n.attr("href"); ok && strings.TrimSpace(text) == "" {
			text = href
		}
		n.children = []*node{textNode(permitted(text))}
	case "meter", "progress":
		n.title, _ = value(t, "value")
	case "textarea":
		n.title, _ = value(t, "placeholder")
	case "optgroup", "option":
		if label, ok := value(t, "label"); ok {
			n.children = []*node{textNode(permitted(label) + " ")}
		}
	case "img", "image":
		if address, ok := n.attr("src"); !ok {
			said := sourceOf(t)
			alt, _ := value(t, "alt")
			switch {
			case said == "":
				said = alt
			case b.typed && strings.TrimSpace(alt) != "":
				said = shorten(alt) + " (" + said + ")" // an address of data is long
			}
			b.notes.at(b.at, "an image without a usable address was removed", said)
			return false
		} else if point(n, style) {
			if alt, _ := n.attr("alt"); alt != "" {
				address = shorten(alt) + " (" + address + ")"
			}
			b.notes.at(b.at, "a picture of one point, which counts readers or makes room, was removed", address)
			return false
		}
	}
	if n.name == "a" && n.look.hides() {
		n.dropAttr("href") // nor is a file taken along that nobody sees a link to
	}
	for _, key := range []string{"href", "src"} {
		if address, ok := n.attr(key); ok && !strings.HasPrefix(address, "#") {
			written, _ := value(t, key)
			if n.address != "" {
				written = n.address
			}
			b.references = append(b.references, Reference{b.notes.lineOf(b.at), address, key == "src", strings.TrimSpace(written)})
		}
	}
	return true
}

// undress leaves of an element that is hidden what it needs to be around another one
// that is shown.
func (b *builder) undress(n *node) {
	if !n.kind.block() {
		n.name = ""
	}
}

// veiled tells whether what is read now is hidden unless it says that it is visible.
// What does so makes its surroundings stay.
func (b *builder) veiled() bool {
	for _, n := range slices.Backward(b.open) {
		if n.shown || n.veiled {
			return n.veiled
		}
	}
	return false
}

// vanished notes what goes with all that is in it, if a reader would have seen
// something of it.
func (b *builder) vanished(n *node, e element, t html.Token) {
	if text, ok := value(t, "alttext"); ok && t.Data == "math" && strings.TrimSpace(text) != "" {
		n.said = permitted(text)
		return
	}
	n.what, n.title = e.what, firstValue(t, "aria-label", "title", "label")
}

// control keeps an editor from wondering where a field is.
func (b *builder) control(t html.Token) {
	kind, _ := value(t, "type")
	if kind = strings.ToLower(kind); kind == "hidden" {
		return
	}
	if concealed(t, b.style(&node{source: t.Data}, t)) {
		return
	}
	said, _ := value(t, "value")
	if _, done := value(t, "checked"); done {
		said = strings.TrimSpace(said + " (it was ticked)")
	}
	for _, key := range []string{"alt", "placeholder", "src"} {
		if v, ok := value(t, key); ok && said == "" {
			said = v
		}
	}
	b.notes.at(b.at, "a field of a form was removed", said)
}

func (b *builder) hidden() bool {
	for _, n := range b.open {
		if n.kind == hidden || n.concealed {
			return true
		}
	}
	return false
}

// makeRoom closes what a start tag ends by being there.
func (b *builder) makeRoom(name string, k kind) {
	if k.block() {
		b.closeWithin(func(n *node) bool { return n.kind == paragraph }, func(n *node) bool { return notInline(n) || n.media != "" })
	}
	switch k {
	case heading:
		b.closeWithin(func(n *node) bool { return n.kind == heading }, notInline)
	case item:
		b.closeWithin(func(n *node) bool { return n.kind == item }, holdsBlocks)
	case definition:
		b.closeWithin(func(n *node) bool { return n.kind == definition }, holdsBlocks)
	case tableTitle, rows:
		b.closeDownTo(func(n *node) bool { return n.kind == table })
	case row:
		b.closeDownTo(func(n *node) bool { return n.kind == table || n.kind == rows })
	case cell:
		b.closeDownTo(func(n *node) bool { return n.kind == table || n.kind == rows || n.kind == row })
	}
	switch name {
	case "a":
		b.closeWithin(func(n *node) bool { return n.source == "a" }, notInline)
		b.deactivate(func(n *node) bool { return n.source == "a" && n.says() })
	case "rb", "rt", "rtc", "rp":
		b.closeWithin(func(n *node) bool { return n.source == "rt" || n.source == "rp" }, func(n *node) bool { return n.source == "ruby" || notInline(n) })
	case "option", "optgroup":
		b.closeWithin(func(n *node) bool { return n.source == "option" || n.source == name }, func(n *node) bool { return n.source == "select" || n.source == "datalist" })
	}
}

func notInline(n *node) bool { return n.kind != inline }

// holdsBlocks names the elements whose content an inner tag cannot close from
// outside.
func holdsBlocks(n *node) bool {
	switch n.kind {
	case list, definitions, table, cell, quote, figure, hidden:
		return true
	}
	return false
}

// closeWithin closes the innermost open element that is the target, unless a
// barrier stands before it.
func (b *builder) closeWithin(target, barrier func(*node) bool) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch {
		case target(b.open[i]):
			b.open[i].closed = true
			b.leave(i)
			return
		case barrier(b.open[i]):
			return
		}
	}
}

// leave closes the open elements from one on. A part of a table ends what has no end
// tag of its own, as in a parser (HTML §13.2.4.3).
func (b *builder) leave(from int) {
	for _, n := range b.open[from:] {
		switch n.kind {
		case cell, row, rows, table, tableTitle:
			b.deactivate(func(a *node) bool { return a.ends == math.MaxInt && a.from > n.from })
		}
	}
	b.open = b.open[:from]
}

// closeDownTo closes everything inside the innermost open element that is the
// target; without one, or from inside a hidden element, nothing.
func (b *builder) closeDownTo(target func(*node) bool) {
	for i := len(b.open) - 1; i > 0; i-- {
		switch {
		case target(b.open[i]):
			b.leave(i + 1)
			return
		case b.open[i].kind == hidden:
			return
		}
	}
}

// endTag reads an end tag. One of a line break is a line break (HTML §13.2.6.4.7), and one
// of a block that is not open still keeps the words around it apart.
func (b *builder) endTag(name string) {
	if name == "br" {
		b.start(html.Token{Type: html.StartTagToken, Data: name}, false)
		return
	}
	open := len(b.open)
	b.end(name)
	if len(b.open) == open && elements[name].kind.block() {
		b.append(gap(b.at))
	}
}

// end closes the innermost element of that name that its end tag can reach.
func (b *builder) end(name string) {
	e := elementOf(name)
	same := func(n *node) bool { return n.source == name }
	b.unbegun(name)
	if from, begun := b.starts[b.at]; begun && slices.ContainsFunc(b.active, func(a *node) bool { return a.from == from }) {
		same = func(n *node) bool { return n.from == from }
		b.deactivate(same)
	}
	if e.media { // its alternative may be made of paragraphs
		b.closeWithin(same, func(n *node) bool { return n.kind == cell || n.kind == hidden })
		return
	}
	switch e.kind {
	case inline:
		b.closeWithin(same, func(n *node) bool { return n.kind != inline && !n.concealed })
	case heading:
		b.closeWithin(func(n *node) bool { return n.kind == heading }, holdsBlocks)
	case item, definition:
		b.closeWithin(same, holdsBlocks)
	case list, definitions, quote, figure:
		b.closeWithin(same, func(n *node) bool { return n.kind == cell || n.kind == hidden })
	case table, tableTitle, rows, row, cell:
		b.closeWithin(same, func(n *node) bool { return n.kind == hidden || e.kind != table && n.kind == table })
	case hidden:
		b.closeWithin(same, func(*node) bool { return false })
	default:
		b.closeWithin(same, func(n *node) bool { return n.kind == cell || n.kind == hidden })
	}
}

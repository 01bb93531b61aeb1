package richtext

import (
	"cmp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/press"
)

// Block is a stretch of a text that stands on lines of its own: a paragraph, a
// heading, an item, a row of a table.
type Block struct {
	// Kind says what it is by the elements around its text, from the outside, as
	// in "blockquote p".
	Kind string
	// Label is what lists put before an item: "•" or "3." or "c.", or "3. a." if an item
	// begins with a list.
	Label string
	Runs  []Run
	// Note is set inside of a footnote.
	Note bool
	// Cells are those of a row: the element of each and how far it reaches, as in
	// "th 2 1 td 1 1".
	Cells string
}

// Run is text of one style, or a picture.
type Run struct {
	Text  string
	Style Style
}

// Style is what a reader sees or can follow besides the letters.
type Style struct {
	Link      string // where it leads
	Picture   string // the address of a picture; Text is its alternative text
	Marks     string // the elements that set it off, as in "strong i"
	Title     string // what an abbreviation stands for
	Date      string // what it says to a program that reads dates
	Language  string // what its program reads it to a reader in, if it is said
	Direction string // in which it is written, "ltr", "rtl" or "auto", if it is said
	Source    string // the address from which a quotation is taken
	Scope     string // of what its cell is the head, such as "row", if it is said
	Size      string // of a picture, as in "300 × —"
	LinkTitle string // what a link says where a pointer rests on it
	Align     string // on which side of its cell it stands, or empty
	Column    string // of an aligned cell: what the first row of the table says there
	Struck    bool   // no plain form says it
	Note      bool   // the mark of a footnote, or the way back from one
}

// Blocks reads a cleaned text in order. Every plain form is made of it.
func Blocks(h press.HTML) []Block { return blocksOf(Tree(h)) }

func blocksOf(body *html.Node) []Block {
	w := &walker{notes: map[string]bool{}}
	noteIDs(body, map[string]bool{}, w.notes)
	w.children(body)
	w.flush()
	return w.blocks
}

// walker goes through a tree and keeps what is around it.
type walker struct {
	blocks []Block
	open   Block
	kinds  []string
	label  string
	style  Style
	note   bool
	notes  map[string]bool
	cells  []string
	table  columns
	said   strings.Builder // the text of the last run, which may have thousands of parts
}

// columns are those of the table that is read.
type columns struct {
	heads []string // what stands in the first row
	begun bool     // that row is over
	// reached is set behind a cell that reaches over several columns or rows: who
	// stands under which head, a row does not tell any more.
	reached bool
}

func (w *walker) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// flush ends a block.
func (w *walker) flush() {
	b := w.open
	w.open = Block{}
	if len(b.Runs) == 0 || onlyBlank(b.Runs) {
		return
	}
	b.Kind, b.Label, b.Note = strings.Join(w.kinds, " "), w.label, b.Note || w.note
	w.label = ""
	b.Cells = strings.Join(w.cells, " ")
	w.cells = nil
	w.blocks = append(w.blocks, b)
}

func onlyBlank(runs []Run) bool {
	for _, r := range runs {
		if r.Style.Picture != "" || strings.Trim(r.Text, " \t\n") != "" {
			return false
		}
	}
	return true
}

func (w *walker) say(text string) {
	if text == "" {
		return
	}
	if last := len(w.open.Runs) - 1; last >= 0 && w.open.Runs[last].Style == w.style {
		w.said.WriteString(text)
		w.open.Runs[last].Text = w.said.String()
		return
	}
	w.begin(text)
}

// begin begins a run.
func (w *walker) begin(text string) {
	w.said.Reset()
	w.said.WriteString(text)
	w.open.Runs = append(w.open.Runs, Run{text, w.style})
}

func (w *walker) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		w.say(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if w.notes[attribute(n, "id")] && attribute(n, "id") != "" {
		w.open.Note = true
		if elements[n.Data].kind.block() {
			outer := w.note
			w.note = true
			defer func() { w.note = outer }()
		}
	}
	outer := w.style
	w.notice(n)
	if elements[n.Data].kind.block() {
		w.block(n)
	} else {
		w.inline(n)
	}
	w.style = outer
}

// notice takes the attributes of any element that show, or that some readers are told.
func (w *walker) notice(n *html.Node) {
	for _, a := range n.Attr {
		switch a.Key {
		case "lang":
			w.style.Language = a.Val
		case "dir":
			w.style.Direction = a.Val
		case "cite":
			w.style.Source = a.Val
		case "scope":
			w.style.Scope = a.Val
		}
	}
}

// sizeOf is the width and height of a picture as they are written.
func sizeOf(img *html.Node) string {
	width, height := attribute(img, "width"), attribute(img, "height")
	if width == "" && height == "" {
		return ""
	}
	return cmp.Or(width, "—") + " × " + cmp.Or(height, "—")
}

func (w *walker) block(n *html.Node) {
	switch n.Data {
	case "ul", "ol", "menu", "dir":
		w.list(n)
		return
	case "td", "th": // cells share the block of their row
		w.cell(n)
		return
	case "hr":
		w.flush()
		w.kinds = append(w.kinds, "hr")
		w.blocks = append(w.blocks, Block{Kind: strings.Join(w.kinds, " ")})
		w.kinds = w.kinds[:len(w.kinds)-1]
		return
	}
	w.flush()
	switch n.Data {
	case "table":
		outer := w.table
		w.table = columns{}
		defer func() { w.table = outer }()
	case "tr":
		w.cells = nil
	}
	w.kinds = append(w.kinds, n.Data)
	said := len(w.blocks)
	w.children(n)
	w.flush()
	if len(w.blocks) == said && (n.Data == "dt" || n.Data == "dd") { // its neighbours are not read together
		w.blocks = append(w.blocks, Block{Kind: strings.Join(w.kinds, " "), Note: w.note})
	}
	w.kinds = w.kinds[:len(w.kinds)-1]
	w.table.begun = w.table.begun || n.Data == "tr"
}

// cell reads a cell of a row.
func (w *walker) cell(n *html.Node) {
	column := len(w.cells)
	w.cells = append(w.cells, cellOf(n))
	if column > 0 { // also behind an empty one
		w.say("\t")
	}
	t := &w.table
	if !t.begun {
		t.heads = append(t.heads, strings.Join(strings.Fields(textOf(n)), " "))
	}
	t.reached = t.reached || attribute(n, "colspan") != "" || attribute(n, "rowspan") != ""
	outer := w.style
	if w.style.Align = attribute(n, "align"); w.style.Align != "" && column < len(t.heads) && !t.reached {
		w.style.Column = t.heads[column]
	}
	w.children(n)
	w.style.Align, w.style.Column = outer.Align, outer.Column
}

// cellOf is the element of a cell and how many columns and rows it reaches over.
func cellOf(n *html.Node) string {
	cell := []string{n.Data}
	for _, span := range []string{"colspan", "rowspan"} {
		over := attribute(n, span)
		if over == "" {
			over = "1"
		}
		cell = append(cell, over)
	}
	return strings.Join(cell, " ")
}

func (w *walker) list(n *html.Node) {
	w.flush()
	around := w.label // of an item that begins with this list
	w.kinds = append(w.kinds, n.Data)
	count := NewCounter(n)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "li" {
			w.flush()
			w.label, around = strings.TrimSpace(around+" "+count.Label(c)), ""
		}
		w.node(c)
		w.flush()
		w.label = ""
	}
	w.kinds = w.kinds[:len(w.kinds)-1]
}

func (w *walker) inline(n *html.Node) {
	outer := w.style
	switch n.Data {
	case "br":
		w.say("\n")
		return
	case "img":
		if isPoint(n) {
			return
		}
		w.style.Picture, w.style.Size = attribute(n, "src"), sizeOf(n)
		w.begin(attribute(n, "alt"))
		w.style = outer
		return
	case "a":
		w.style.Link, w.style.LinkTitle = attribute(n, "href"), attribute(n, "title")
	case "s", "del", "strike":
		w.style.Struck = true
	case "script", "style", "template":
		return
	case "abbr":
		w.style.Title = attribute(n, "title")
	case "time":
		w.style.Date = attribute(n, "datetime")
	case "span":
	default:
		w.style.Marks = strings.TrimSpace(w.style.Marks + " " + n.Data)
	}
	if IsNoteMark(n) || IsBackLink(n) {
		w.style.Note = true
	}
	switch {
	case n.Data == "q":
		w.quoted(n)
	case n.Data == "rt" && !parenthesised(n):
		w.say(" (")
		w.children(n)
		w.say(")")
	default:
		w.children(n)
	}
	w.style = outer
}

// isPoint tells whether a picture is a point that counts readers: texts that were
// cleaned by an older program have some.
func isPoint(img *html.Node) bool {
	for _, side := range []string{"width", "height"} {
		if size := attribute(img, side); size == "1" || size == "2" {
			return true
		}
	}
	return false
}

// quoted says the quotation marks that a page draws.
func (w *walker) quoted(n *html.Node) {
	w.say("“")
	w.children(n)
	w.say("”")
}

// parenthesised tells whether a reading stands in brackets of the author's own.
func parenthesised(rt *html.Node) bool {
	return rt.PrevSibling != nil && rt.PrevSibling.Data == "rp"
}

// Counter counts the items of a list as a page numbers them.
type Counter struct {
	kind    string // of the numbers; empty for a list without any
	next    int
	step    int
	ordered bool
}

// NewCounter begins to count a list, ul or ol, by its type, start and reversed.
func NewCounter(list *html.Node) *Counter {
	c := &Counter{kind: attribute(list, "type"), next: 1, step: 1, ordered: list.Data == "ol"}
	if hasAttribute(list, "reversed") {
		c.step, c.next = -1, 0
		for n := list.FirstChild; n != nil; n = n.NextSibling {
			if n.Data == "li" {
				c.next++
			}
		}
	}
	if start, err := strconv.Atoi(attribute(list, "start")); err == nil {
		c.next = start
	}
	return c
}

func hasAttribute(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

// Label is what stands before an item, such as "iv.".
func (c *Counter) Label(li *html.Node) string {
	kind := attribute(li, "type") // of this item alone
	if !c.ordered && kind == "" {
		c.next += c.step
		return "•"
	}
	if kind == "" {
		kind = c.kind
	}
	if v, err := strconv.Atoi(attribute(li, "value")); err == nil {
		c.next = v
	}
	label := numeral(c.next, kind) + "."
	c.next += c.step
	return label
}

// numeral writes a number as a list of that type does (HTML §4.4.5).
func numeral(n int, kind string) string {
	switch kind {
	case "a", "A":
		if n < 1 {
			break
		}
		s := ""
		for ; n > 0; n = (n - 1) / 26 {
			s = string(rune('a'+(n-1)%26)) + s
		}
		if kind == "A" {
			s = strings.ToUpper(s)
		}
		return s
	case "i", "I":
		if n < 1 || n > 3999 {
			break
		}
		s := roman(n)
		if kind == "i" {
			s = strings.ToLower(s)
		}
		return s
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	var b strings.Builder
	for _, d := range []struct {
		value int
		text  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for n >= d.value {
			b.WriteString(d.text)
			n -= d.value
		}
	}
	return b.String()
}

// Pictures are the pictures that a text shows, in order: address and alternative
// text.
func Pictures(h press.HTML) []press.Image {
	var all []press.Image
	for _, b := range Blocks(h) {
		for _, r := range b.Runs {
			if r.Style.Picture != "" && !r.Style.Struck {
				all = append(all, press.Image{Src: r.Style.Picture, Alt: r.Text})
			}
		}
	}
	return all
}

// Link is a link of a text.
type Link struct {
	Address string
	Text    string // plain, as it reads
}

// Links are the links of a text, in order. Struck ones lead on, but are not said.
func Links(h press.HTML) []Link {
	var all []Link
	for _, b := range Blocks(h) {
		last := ""
		for _, r := range b.Runs {
			if r.Style.Link == "" {
				last = ""
				continue
			}
			if r.Style.Link != last {
				all = append(all, Link{Address: r.Style.Link})
			}
			if last = r.Style.Link; !r.Style.Struck {
				all[len(all)-1].Text += r.Text
			}
		}
	}
	for i := range all {
		all[i].Text = strings.TrimSpace(all[i].Text)
	}
	return all
}

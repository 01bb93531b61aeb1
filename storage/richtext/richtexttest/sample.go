// Package richtexttest makes random texts of which it is known what a reader
// sees, for tests of everything that is made of article text.
package richtexttest

import (
	"math/rand/v2"
	"strings"
)

// Word is a word or a number that a text says.
type Word struct {
	Text string
	// Struck words are shown as deleted.
	Struck bool
	// Hidden words are not shown at all.
	Hidden bool
	// Joined words stand on the page without anything between them and the one
	// before.
	Joined bool
	// Alt words are the alternative text of a picture.
	Alt bool
}

// Sample is a random text, as HTML and as Markdown.
type Sample struct {
	HTML, Markdown string
	Words          []Word
}

// New makes a text of a random source. Each word of it is another one: "x…z"
// with letters in between, or "9…9" with digits, so that words can be told apart
// in any form of the text even if that puts them together.
func New(r *rand.Rand) Sample {
	g := &generator{r: r}
	doc := node{kids: g.blocks(3)}
	s := Sample{HTML: doc.html(), Markdown: doc.markdown()}
	g.read(doc, Word{}, "")
	s.Words = g.words
	return s
}

// node is an element, or a text if it has no name.
type node struct {
	name, attrs, text string
	kids              []node
	word              bool
}

type generator struct {
	r      *rand.Rand
	count  int
	words  []Word
	apart  bool
	seen   bool
	linked bool   // inside of a link
	place  string // of the word before: how it is raised and lowered
}

func (g *generator) pick(names string) string {
	all := strings.Fields(names)
	return all[g.r.IntN(len(all))]
}

func (g *generator) word() node {
	g.count++
	if g.r.IntN(3) == 0 {
		return node{text: "9" + base9(g.count) + "9", word: true}
	}
	return node{text: "x" + letters(g.count) + "z", word: true}
}

func base9(n int) string {
	s := ""
	for ; n > 0; n /= 9 {
		s = string(rune('0'+n%9)) + s
	}
	return s
}

// letters that no other word has in this order; some of them have no raised or
// lowered form.
func letters(n int) string {
	const alphabet = "abcdeghéilmnopqrstuv"
	runes := []rune(alphabet)
	s := ""
	for ; n > 0; n /= len(runes) {
		s = string(runes[n%len(runes)]) + s
	}
	return s
}

// inline is a run of words and markup.
func (g *generator) inline(depth int) []node {
	var run []node
	for range 1 + g.r.IntN(4) {
		switch k := g.r.IntN(10); {
		case k < 5 || depth == 0:
			run = append(run, g.word())
		case k == 5:
			run = append(run, node{name: g.pick("br img wbr")})
			if last := &run[len(run)-1]; last.name == "img" {
				last.attrs = ` src="https://pictures.example/` + base9(g.count+1) + `.png"`
				last.kids = []node{g.word()}
			}
		default:
			linked := g.linked
			n := node{name: g.pick("b i em strong u s del ins sub sup code a span q abbr small mark button o:p")}
			if n.name == "a" && linked { // no link can stand in another
				n.name = "b"
			}
			g.linked = linked || n.name == "a"
			n.kids = g.inline(depth - 1)
			g.linked = linked
			switch n.name {
			case "a":
				n.attrs = ` href="https://links.example/` + base9(g.count) + `"`
			case "span":
				n.attrs = g.choose(` lang="fr"`, ` id="i`+base9(g.count)+`"`, "", hides[0])
			case "abbr":
				n.attrs = ` title="long"`
			}
			run = append(run, n)
		}
		if g.r.IntN(3) > 0 {
			run = append(run, node{text: " "})
		}
	}
	return run
}

func (g *generator) choose(all ...string) string { return all[g.r.IntN(len(all))] }

func (g *generator) blocks(depth int) []node {
	var all []node
	for range 1 + g.r.IntN(3) {
		all = append(all, g.block(depth))
	}
	return all
}

func (g *generator) block(depth int) node {
	if depth == 0 {
		return node{name: "p", kids: g.inline(1)}
	}
	switch name := g.pick("p p p p h1 h2 h3 h6 pre ul ol dl table blockquote figure div details s del del ins b a span section"); name {
	case "ul", "ol":
		n := node{name: name}
		if name == "ol" {
			n.attrs = g.choose("", "", ` start="7"`, ` type="a"`, ` reversed=""`)
		}
		for range 1 + g.r.IntN(3) {
			n.kids = append(n.kids, node{name: "li", kids: g.either(depth - 1)})
		}
		return n
	case "dl":
		return node{name: name, kids: []node{{name: "dt", kids: g.inline(1)}, {name: "dd", kids: g.either(depth - 1)}, {name: "dd", kids: g.inline(1)}}}
	case "table":
		return g.table(depth)
	case "figure":
		return node{name: name, kids: []node{{name: "img", attrs: ` src="https://pictures.example/f.png"`, kids: []node{g.word()}}, {name: "figcaption", kids: g.inline(1)}}}
	case "details":
		return node{name: name, kids: append([]node{{name: "summary", kids: g.inline(1)}}, g.blocks(depth-1)...)}
	case "a", "span":
		n := node{name: name, attrs: g.choose(hides...)}
		if name == "a" {
			n.attrs = ` href="https://links.example/` + base9(g.count) + `"`
			if g.linked {
				n.name = "b"
			}
		}
		linked := g.linked
		g.linked = linked || n.name == "a"
		n.kids = g.blocks(depth - 1)
		g.linked = linked
		return n
	case "section":
		return node{name: name, attrs: g.choose(hides...), kids: g.blocks(depth - 1)}
	case "blockquote", "div", "s", "del", "ins", "b":
		return node{name: name, kids: g.blocks(depth - 1)}
	default:
		return node{name: name, kids: g.inline(3)}
	}
}

// hides are the ways in which an element hides what is in it.
var hides = []string{` hidden`, ` style="display:none"`, ` style="visibility:hidden"`}

func (n node) hides() bool {
	return (n.name == "span" || n.name == "section") && (n.attrs == hides[0] || strings.HasPrefix(n.attrs, " style"))
}

func (g *generator) table(depth int) node {
	n := node{name: "table"}
	if g.r.IntN(3) == 0 {
		n.kids = append(n.kids, node{name: "caption", kids: g.inline(1)})
	}
	columns := 1 + g.r.IntN(3)
	for row := range 1 + g.r.IntN(3) {
		tr := node{name: "tr"}
		for range columns {
			cell := node{name: "td", kids: g.either(depth - 1)}
			if row == 0 {
				cell = node{name: "th", kids: g.inline(1)}
			}
			tr.kids = append(tr.kids, cell)
		}
		n.kids = append(n.kids, tr)
	}
	return n
}

func (g *generator) either(depth int) []node {
	if depth == 0 || g.r.IntN(2) == 0 {
		return g.inline(2)
	}
	return g.blocks(depth)
}

// boundaries are the elements that set what is in them apart from what is not.
const boundaries = " p h1 h2 h3 h6 pre ul ol li dl dt dd table caption tr td th blockquote figure figcaption div section details summary br img button "

// read lists the words in the order of the page; around is what is known of them by
// what is around them.
func (g *generator) read(n node, around Word, place string) {
	if n.name == "" && n.text != "" {
		if !n.word {
			g.apart = true
			return
		}
		around.Text, around.Joined = n.text, g.seen && !g.apart && place == g.place
		g.words = append(g.words, around)
		g.apart, g.seen, g.place = false, true, place
		return
	}
	said := len(g.words)
	boundary := strings.Contains(boundaries, " "+n.name+" ") || n.hides()
	g.apart = g.apart || boundary
	if n.name == "sub" || n.name == "sup" {
		place += n.name
	}
	around.Struck = around.Struck || n.name == "s" || n.name == "del"
	around.Hidden = around.Hidden || n.hides()
	around.Alt = n.name == "img"
	for _, c := range n.kids {
		g.read(c, around, place)
	}
	g.apart = g.apart || boundary
	if n.name == "q" && len(g.words) > said { // quotation marks are drawn around it
		g.apart = true
	}
}

package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"communique/storage/press"
)

// Without takes pictures out of a cleaned text, and the links to what is gone: their words
// stay. note, if there is one, stands where each was. A picture takes the figure along that it
// stands in, with what that says of it.
func Without(h press.HTML, gone func(address string) bool, note string) press.HTML {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(string(h)), body)
	if err != nil {
		return h // a string can be read to its end
	}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	found := false
	for _, n := range elementsIn(body) {
		switch {
		case n.Data == "img" && gone(attribute(n, "src")):
			takeOut(n, note)
			found = true
		case n.Data == "a" && gone(attribute(n, "href")):
			unlink(n, note)
			found = true
		}
	}
	if !found {
		return h
	}
	var b strings.Builder
	for c := body.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&b, c); err != nil {
			return h // as above
		}
	}
	without, _ := Clean(b.String(), nil)
	return without
}

// Noted is a text with a note in front of it.
func Noted(h press.HTML, note string) press.HTML {
	if note == "" {
		return h
	}
	noted, _ := Clean("<p><em>"+html.EscapeString(note)+"</em></p>"+string(h), nil)
	return noted
}

func elementsIn(n *html.Node) (all []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode {
			all = append(all, d)
		}
	}
	return all
}

// takeOut replaces a picture, with what is there for it alone, by a note.
func takeOut(n *html.Node, note string) {
	whole := n
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "figure" || p.Data == "a" && p.FirstChild == whole && p.LastChild == whole {
			whole = p
		}
	}
	if whole.Parent == nil {
		return // with the figure of another one
	}
	if note != "" {
		said := emphasised(note)
		if whole.Data == "figure" {
			p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
			p.AppendChild(said)
			said = p
		}
		whole.Parent.InsertBefore(said, whole)
	}
	whole.Parent.RemoveChild(whole)
}

// unlink leaves the words of a link, and a note behind them.
func unlink(n *html.Node, note string) {
	if n.Parent == nil {
		return
	}
	for n.FirstChild != nil {
		c := n.FirstChild
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	if note != "" {
		n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: " "}, n)
		n.Parent.InsertBefore(emphasised("("+note+")"), n)
	}
	n.Parent.RemoveChild(n)
}

func emphasised(note string) *html.Node {
	em := &html.Node{Type: html.ElementNode, Data: "em", DataAtom: atom.Em}
	em.AppendChild(&html.Node{Type: html.TextNode, Data: note})
	return em
}

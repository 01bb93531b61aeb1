package importer

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// removeApart removes a node. Words before and after it do not become one.
func removeApart(n *html.Node) {
	before, after := &look{left: mostBeside}, &look{left: mostBeside, after: true}
	if n.Parent != nil && wordy(before.beside(n)) && wordy(after.beside(n)) {
		n.Parent.InsertBefore(&html.Node{Type: html.TextNode, Data: " "}, n)
	}
	remove(n)
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// mostBeside bounds the nodes that are looked at for a character.
const mostBeside = 100

// look is a search for the character next to a node, in front of it or after it.
type look struct {
	after bool
	left  int // nodes to look at
}

// beside is the character that stands next to a node in its line; a blank where the line
// begins or ends.
func (l *look) beside(n *html.Node) rune {
	for l.left > 0 {
		next := l.step(n)
		if next == nil {
			if n = n.Parent; n == nil || blockTags[n.Data] {
				return ' '
			}
			l.left--
			continue
		}
		n = next
		if r, found := l.edge(n); found {
			return r
		}
	}
	return 'x' // it may be a word
}

func (l *look) step(n *html.Node) *html.Node {
	if l.after {
		return n.NextSibling
	}
	return n.PrevSibling
}

// edge is the nearest character of a node's text, a blank for a block.
func (l *look) edge(n *html.Node) (rune, bool) {
	if l.left--; l.left <= 0 {
		return 'x', true
	}
	switch {
	case n.Type == html.TextNode && n.Data != "":
		if l.after {
			r, _ := utf8.DecodeRuneInString(n.Data)
			return r, true
		}
		r, _ := utf8.DecodeLastRuneInString(n.Data)
		return r, true
	case n.Type != html.ElementNode:
		return 0, false
	case blockTags[n.Data] || n.Data == "img" || isMedium(n):
		return ' ', true
	}
	child := n.LastChild
	if l.after {
		child = n.FirstChild
	}
	for ; child != nil; child = l.step(child) {
		if r, found := l.edge(child); found {
			return r, true
		}
	}
	return 0, false
}

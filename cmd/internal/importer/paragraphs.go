package importer

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// looseParagraphs adds the paragraphs that old pages lack: around text separated by
// two line breaks, or loose between other blocks. So every rule about blocks sees it.
func looseParagraphs(root *html.Node) {
	for _, n := range goquery.NewDocumentFromNode(root).Find("body, div, td, th, section, article, main, center, form, font, span, blockquote, b").AddNodes(root).Nodes {
		if needsParagraphs(n) {
			wrapRuns(n)
		}
	}
}

// needsParagraphs reports whether an element has loose text next to blocks, or
// two line breaks in a row.
func needsParagraphs(n *html.Node) bool {
	loose, blocks, breaks := false, false, 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case isBreak(c):
			if breaks++; breaks > 1 {
				return true
			}
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case c.Type == html.ElementNode && blockTags[c.Data] && c.Data != "picture":
			blocks, breaks = true, 0
		default:
			loose, breaks = true, 0
		}
	}
	return loose && blocks
}

// wrapRuns puts each run of inline content into a paragraph.
func wrapRuns(parent *html.Node) {
	var paragraph, pending *html.Node
	for c := parent.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case isBreak(c):
			parent.RemoveChild(c)
			if pending != nil {
				paragraph = nil // the second in a row
			}
			pending = c
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" && (paragraph == nil || pending != nil):
		case c.Type == html.ElementNode && blockTags[c.Data] && c.Data != "picture":
			paragraph, pending = nil, nil
		default:
			if paragraph == nil {
				paragraph, pending = &html.Node{Type: html.ElementNode, Data: "p"}, nil
				parent.InsertBefore(paragraph, c)
			}
			if pending != nil {
				paragraph.AppendChild(pending)
				pending = nil
			}
			parent.RemoveChild(c)
			paragraph.AppendChild(c)
		}
		c = next
	}
}

func isBreak(n *html.Node) bool { return n.Type == html.ElementNode && n.Data == "br" }

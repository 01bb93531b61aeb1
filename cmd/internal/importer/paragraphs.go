package importer

import (
	"strings"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// looseParagraphs adds the paragraphs that old pages lack: around text separated by
// two line breaks, or loose between other blocks. So every rule about blocks sees it.
func looseParagraphs(root *html.Node) {
	around := map[*html.Node]bool{}
	aroundBlocks(root, around)
	for _, n := range goquery.NewDocumentFromNode(root).Find("body, div, td, th, section, article, main, center, form, font, span, blockquote, b").AddNodes(root).Nodes {
		if needsParagraphs(n, around) {
			wrapRuns(n, around)
		}
	}
}

// aroundBlocks lists the elements in which blocks stand. Of those that are no blocks
// themselves, such as a deletion of two paragraphs, no paragraph can be around.
func aroundBlocks(n *html.Node, all map[*html.Node]bool) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (aroundBlocks(c, all) || endsRun(c)) {
			all[n] = true
		}
	}
	return all[n]
}

// endsRun reports whether an element is a block, beside which loose text is a paragraph.
func endsRun(n *html.Node) bool {
	return n.Type == html.ElementNode && blockTags[n.Data] && n.Data != "picture" && n.Data != "br" && n.Data != "option"
}

// needsParagraphs reports whether an element has loose text next to blocks, or
// two line breaks in a row.
func needsParagraphs(n *html.Node, around map[*html.Node]bool) bool {
	loose, blocks, breaks := false, false, 0
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case isBreak(c):
			if breaks++; breaks > 1 {
				return true
			}
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		case endsRun(c) || around[c]:
			blocks, breaks = true, 0
		default:
			loose, breaks = true, 0
		}
	}
	return loose && blocks
}

// wrapRuns puts each run of inline content into a paragraph.
func wrapRuns(parent *html.Node, around map[*html.Node]bool) {
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
		case endsRun(c) || around[c]:
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

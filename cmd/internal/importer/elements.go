package importer

import (
	"slices"

	"golang.org/x/net/html"
)

// Elements that are looked for again and again. Whether a page has one is asked of each of its
// blocks, and a selector would be read anew each time.
var (
	pictureElements = set("img")
	linkElements    = set("a")
	headElements    = set("h1 h2 h3 h4 h5 h6")
	formElements    = set("form")
	// seenElements say something without words.
	seenElements = set("img math area iframe object embed video audio canvas")
)

// firstIn is the first element below a node that is one of some.
func firstIn(n *html.Node, names map[string]bool) *html.Node {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && names[c.Data] {
			return c
		}
	}
	return nil
}

// allIn are the elements below a node that are one of some, in their order.
func allIn(n *html.Node, names map[string]bool) (found []*html.Node) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode && names[c.Data] {
			found = append(found, c)
		}
	}
	return found
}

// linksIn are the links below a node.
func linksIn(n *html.Node) []*html.Node {
	return slices.DeleteFunc(allIn(n, linkElements), func(a *html.Node) bool { return !hasAttr(a, "href") })
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

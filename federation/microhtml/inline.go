package microhtml

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// keptInline are the inline elements that receivers keep as they are.
var keptInline = map[string]bool{
	"strong": true, "b": true, "em": true, "i": true, "u": true, "s": true, "code": true, "ruby": true, "rt": true, "rp": true,
}

func (c *cutter) inlines(parent *html.Node) string {
	var b strings.Builder
	for n := parent.FirstChild; n != nil; n = n.NextSibling {
		b.WriteString(c.inline(n))
	}
	return b.String()
}

func (c *cutter) inlineRun(run []*html.Node) string {
	var b strings.Builder
	for _, n := range run {
		b.WriteString(c.inline(n))
	}
	return b.String()
}

func (c *cutter) inline(n *html.Node) string {
	if n.Type == html.TextNode {
		return escape(n.Data)
	}
	content := func() string { return c.inlines(n) }
	switch {
	case richtext.IsBackLink(n):
		return "" // from a footnote to its mark, which nobody follows in a post
	case n.Data == "br":
		return "<br>"
	case keptInline[n.Data]:
		return c.open(n.Data, n) + c.within(content) + "</" + n.Data + ">"
	case n.Data == "cite":
		return c.open("i", n) + c.within(content) + "</i>"
	case n.Data == "a":
		return c.anchor(n)
	case n.Data == "img":
		return c.picture(n)
	}
	return isolate(n, c.spanned(n, func() string { return c.rewritten(n) }))
}

// rewritten expresses in characters what an element meant that is not kept.
func (c *cutter) rewritten(n *html.Node) string {
	text := c.inlines(n)
	switch n.Data {
	case "q":
		return c.words.openQuote + text + c.words.closeQuote
	case "abbr":
		return text + c.explanation(n, text)
	}
	return text
}

// explanation is the long form of an abbreviation, where it appears first.
func (c *cutter) explanation(n *html.Node, text string) string {
	title, _ := attribute(n, "title")
	if title == "" || c.explained[title] || strings.EqualFold(title, plain(text)) {
		return ""
	}
	c.explained[title] = true
	return " (" + escape(title) + ")"
}

// isolate keeps a run of text from changing the direction of the text around it, as
// its dir attribute did (UAX #9 §2.4).
func isolate(n *html.Node, text string) string {
	dir, _ := attribute(n, "dir")
	start := map[string]string{"ltr": "\u2066", "rtl": "\u2067", "auto": "\u2068"}[dir]
	if start == "" || text == "" {
		return text
	}
	return start + text + "\u2069"
}

// anchor keeps a link to the web. Other addresses, which receivers turn into text,
// follow the link's text.
func (c *cutter) anchor(n *html.Node) string {
	href, _ := attribute(n, "href")
	c.inLink = true
	text := c.spanned(n, func() string { return c.inlines(n) })
	c.inLink = false
	if plain(text) == "" {
		text = escape(href)
	}
	scheme, address, _ := strings.Cut(href, ":")
	switch scheme {
	case "http", "https":
		return c.link(href, text)
	case "mailto", "tel":
		address, err := url.PathUnescape(strings.SplitN(address, "?", 2)[0])
		if err == nil && !strings.Contains(plain(text), address) {
			text += " (" + escape(address) + ")"
		}
	}
	return text
}

func (c *cutter) link(href, text string) string {
	return `<a href="` + html.EscapeString(href) + `">` + text + "</a>"
}

// picture is a link to it with its alternative text, apart from the words around;
// inside of a link, the text alone.
func (c *cutter) picture(n *html.Node) string {
	before, after := "", ""
	if letter(beside(n, backwards)) {
		before = " "
	}
	if letter(beside(n, forwards)) {
		after = " "
	}
	return before + c.pictureLink(n) + after
}

// direction is where the tree of a text goes on from a node.
type direction struct {
	sibling, child func(*html.Node) *html.Node
	edge           func(string) (rune, int)
}

var (
	backwards = direction{func(n *html.Node) *html.Node { return n.PrevSibling }, func(n *html.Node) *html.Node { return n.LastChild }, utf8.DecodeLastRuneInString}
	forwards  = direction{func(n *html.Node) *html.Node { return n.NextSibling }, func(n *html.Node) *html.Node { return n.FirstChild }, utf8.DecodeRuneInString}
)

// beside is the character that a node stands beside in its block; a letter for
// another picture.
func beside(n *html.Node, to direction) rune {
	for {
		for to.sibling(n) == nil {
			if n = n.Parent; n == nil || isBlock[n.Data] || n.Data == "td" || n.Data == "th" {
				return 0
			}
		}
		if n.Parent != nil && n.Parent.Data == "figure" {
			return 0 // where each picture has its line
		}
		n = to.sibling(n)
		for to.child(n) != nil && !isBlock[n.Data] {
			n = to.child(n)
		}
		switch {
		case n.Type == html.TextNode && n.Data != "":
			r, _ := to.edge(n.Data)
			return r
		case n.Data == "img":
			return 'x'
		case isBlock[n.Data] || n.Data == "br":
			return 0
		}
	}
}

func letter(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }

func (c *cutter) pictureLink(n *html.Node) string {
	alt, _ := attribute(n, "alt")
	src, _ := attribute(n, "src")
	label := c.words.picture
	if alt != "" {
		label += c.words.colon + alt
	}
	if c.inLink {
		return escape(label)
	}
	return c.link(src, escape(label))
}

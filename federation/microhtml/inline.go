package microhtml

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
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
	case "sup":
		return raised(text, superscripts)
	case "sub":
		return raised(text, subscripts)
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
	u, err := url.Parse(href)
	switch {
	case err == nil && (u.Scheme == "http" || u.Scheme == "https"):
		return c.link(href, text)
	case err == nil && u.Opaque != "":
		address, err := url.PathUnescape(u.Opaque)
		if err == nil && !strings.Contains(plain(text), address) {
			text += " (" + escape(address) + ")"
		}
	}
	return text
}

func (c *cutter) link(href, text string) string {
	return `<a href="` + html.EscapeString(href) + `">` + text + "</a>"
}

// picture is a link to it with its alternative text; inside of a link, the
// text alone.
func (c *cutter) picture(n *html.Node) string {
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

var (
	superscripts = map[rune]rune{
		'0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴', '5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹',
		'+': '⁺', '-': '⁻', '−': '⁻', '=': '⁼', '(': '⁽', ')': '⁾', 'n': 'ⁿ', 'i': 'ⁱ',
	}
	subscripts = map[rune]rune{
		'0': '₀', '1': '₁', '2': '₂', '3': '₃', '4': '₄', '5': '₅', '6': '₆', '7': '₇', '8': '₈', '9': '₉',
		'+': '₊', '-': '₋', '−': '₋', '=': '₌', '(': '₍', ')': '₎',
	}
)

// raised writes numbers as superscripts or subscripts, so that ten to the
// sixth is not a hundred and six. Text with anything else in it stays.
func raised(text string, table map[rune]rune) string {
	var b strings.Builder
	for _, r := range text {
		other, ok := table[r]
		if !ok {
			return text
		}
		b.WriteRune(other)
	}
	return b.String()
}

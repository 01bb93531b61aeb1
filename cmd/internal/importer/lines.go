package importer

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"communique/storage/lazyregexp"
	"communique/storage/richtext"
)

// line is the visible text between two block boundaries.
type line struct {
	text  string     // as it is compared with other lines
	shown string     // as readers are to see it; of shownLines only
	html  string     // the same with its links and what is set off, before it is cleaned
	node  *html.Node // the element in which the text begins; nil in a saved text
	links int        // characters of the text that are links
}

func (l line) length() int { return utf8.RuneCountInString(l.text) }

// linked reports whether most of the line is links.
func (l line) linked() bool { return l.links*2 > l.length() }

// blockTags end a line.
var blockTags = set("address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p picture pre section summary table tbody td tfoot th thead tr ul option")

// silentTags have no visible text.
var silentTags = set("script style noscript template head svg math textarea select iframe object video audio canvas button")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// flatten returns the visible lines of a tree.
func flatten(root *html.Node) []line {
	f := flattener{}
	f.walk(root, false)
	f.flush()
	return f.lines
}

// shownLines is [flatten] with what readers are to see: blanks that do not break,
// raised and lowered text, and nothing of what was struck out.
func shownLines(root *html.Node) []line {
	f := flattener{shows: true}
	f.walk(root, false)
	f.flush()
	return f.lines
}

// placed elements say something else than their text alone.
var placed = set("sup sub s del strike a b strong i em cite q u mark bdo")

// placedBy are the attributes that matter of them.
var placedBy = set("href id name lang dir " + positionMark)

// placing is the tags around an element that says something else than its text alone.
func placing(n *html.Node) (opening, closing string) {
	if n.Type != html.ElementNode {
		return "", ""
	}
	if placed[n.Data] {
		opening, closing = "<"+n.Data, "</"+n.Data+">"
		for _, a := range n.Attr {
			if placedBy[a.Key] {
				opening += " " + a.Key + `="` + html.EscapeString(a.Val) + `"`
			}
		}
		opening += ">"
	}
	if strings.Contains(strings.ToLower(attr(n, "style")), "line-through") {
		return "<s>" + opening, closing + "</s>"
	}
	return opening, closing
}

type flattener struct {
	lines []line
	text  strings.Builder
	shows bool
	shown strings.Builder // HTML of the line
	links int
	node  *html.Node
}

func (f *flattener) flush() {
	if text := richtext.CleanText(f.text.String()); text != "" {
		l := line{text: text, node: f.node, links: f.links}
		if f.shows {
			cleaned, _ := richtext.Clean(f.shown.String(), nil)
			l.shown, l.html = richtext.Line(richtext.Text(cleaned)), f.shown.String()
		}
		f.lines = append(f.lines, l)
	}
	f.text.Reset()
	f.shown.Reset()
	f.links, f.node = 0, nil
}

func (f *flattener) walk(n *html.Node, inLink bool) {
	switch n.Type {
	case html.TextNode:
		if f.node == nil && strings.TrimSpace(n.Data) != "" {
			f.node = n.Parent
		}
		f.text.WriteString(n.Data)
		if f.shows {
			f.shown.WriteString(html.EscapeString(n.Data))
		}
		if inLink {
			f.links += utf8.RuneCountInString(strings.TrimSpace(n.Data))
		}
		return
	case html.ElementNode:
		if silentTags[n.Data] || hiddenElement(n) {
			return
		}
	}
	block := n.Type == html.ElementNode && blockTags[n.Data]
	if block {
		f.flush()
	}
	opening, closing := "", ""
	if f.shows {
		opening, closing = placing(n)
	}
	f.shown.WriteString(opening)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.walk(c, inLink || n.Data == "a")
	}
	f.shown.WriteString(closing)
	if block {
		f.flush()
	}
}

var (
	visible    = lazyregexp.New(`(?i)visibility\s*:\s*visible`)
	screenOnly = namesLike(`(sr-only|visually-?hidden|screen-reader(-text)?|is-aural|aural|element-invisible|invisible|offscreen|skip-?(link|nav|to).*)($|\s)`)
)

// hiddenElement reports whether a reader of the page does not see an element.
func hiddenElement(n *html.Node) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" || a.Key == hiddenMark })
}

// marked reports whether class or id of an element is of a kind. Most have neither.
func marked(k interface{ MatchString(name string) bool }, marks string) bool {
	return marks != "" && k.MatchString(marks)
}

// reveals reports whether something in a hidden element says that it is visible: the
// cleaning knows what of such an element is seen.
func reveals(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if visible.MatchString(attr(c, "style")) && !strings.Contains(attr(n, "style"), "none") || reveals(c) {
			return true
		}
	}
	return false
}

// attr returns an attribute of an element.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// marks are class and id of an element, which tell its purpose in the template.
func marks(n *html.Node) string {
	class, id := attr(n, "class"), attr(n, "id")
	if class == "" {
		return id
	}
	return class + " " + id
}

// within reports whether n is root or below it.
func within(n, root *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == root {
			return true
		}
	}
	return false
}

// ancestor returns the closest element, n included, for which is holds.
func ancestor(n *html.Node, is func(*html.Node) bool) *html.Node {
	for ; n != nil; n = n.Parent {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for _, l := range flatten(n) {
		b.WriteString(l.text + " ")
	}
	return strings.TrimSpace(b.String())
}

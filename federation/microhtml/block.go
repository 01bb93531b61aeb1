package microhtml

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"communique/storage/richtext"
)

// isBlock lists the elements of article text that end a paragraph.
var isBlock = map[string]bool{
	"p": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "pre": true, "hr": true, "blockquote": true, "ul": true, "ol": true, "li": true,
	"dl": true, "dt": true, "dd": true, "figure": true, "figcaption": true, "table": true,
}

// runs divides the content of an element into blocks and runs of inline nodes
// between them. White space between blocks is dropped.
func runs(parent *html.Node) [][]*html.Node {
	var all [][]*html.Node
	var run []*html.Node
	flush := func() {
		for _, n := range run {
			if n.Type != html.TextNode || strings.TrimSpace(n.Data) != "" {
				all = append(all, run)
				break
			}
		}
		run = nil
	}
	for n := parent.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode && isBlock[n.Data] {
			flush()
			all = append(all, []*html.Node{n})
			continue
		}
		run = append(run, n)
	}
	flush()
	return all
}

// isInline reports whether an element holds text and no block.
func isInline(parent *html.Node) bool {
	for n := parent.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode && isBlock[n.Data] {
			return false
		}
	}
	return true
}

// blocks are the blocks in an element.
func (c *cutter) blocks(parent *html.Node) string {
	var b strings.Builder
	for _, run := range runs(parent) {
		b.WriteString(c.block(run))
	}
	return b.String()
}

// flow is the content of an element that may hold text alone, such as a list item.
func (c *cutter) flow(parent *html.Node) string {
	if isInline(parent) {
		return strings.TrimSpace(c.inlines(parent))
	}
	return c.blocks(parent)
}

// block is one of [runs].
func (c *cutter) block(run []*html.Node) string {
	n := run[0]
	if n.Type != html.ElementNode || !isBlock[n.Data] {
		return c.paragraph("p", nil, "", func() string { return c.inlineRun(run) })
	}
	content := func() string { return c.inlines(n) }
	switch n.Data {
	case "p":
		return c.paragraph("p", n, "", content)
	case "h2", "h3", "h4", "h5", "h6":
		return c.paragraph("p", n, "strong", content)
	case "figcaption":
		if isInline(n) {
			return c.paragraph("p", n, "em", content)
		}
	case "pre":
		return c.paragraph("pre", n, "", content)
	case "hr":
		return "<p>* * *</p>"
	case "blockquote":
		return c.quotation(n)
	case "ul", "ol":
		if counted(n) {
			return c.without(n, func() string { return c.counted(n) })
		}
		return c.element(n.Data, n, func() string { return c.items(n) })
	case "dl":
		return c.definitions(n)
	case "figure":
		return c.figure(n)
	case "table":
		return c.table(n)
	}
	return c.without(n, func() string { return c.blocks(n) })
}

// paragraph is an element's text as a paragraph, inside an inline element if one is
// named; empty without text.
func (c *cutter) paragraph(name string, n *html.Node, mark string, content func() string) string {
	tag := c.open(name, n)
	inner := c.within(content)
	if name != "pre" {
		inner = strings.TrimSpace(inner)
	}
	if inner == "" {
		return ""
	}
	if mark != "" {
		inner = "<" + mark + ">" + inner + "</" + mark + ">"
	}
	return tag + inner + "</" + name + ">"
}

func (c *cutter) element(name string, n *html.Node, content func() string) string {
	tag := c.open(name, n)
	inner := c.within(content)
	if inner == "" {
		return ""
	}
	return tag + inner + "</" + name + ">"
}

// quotation shows the address of the source, which no reader would see in an
// attribute.
func (c *cutter) quotation(n *html.Node) string {
	return c.element("blockquote", n, func() string {
		text := c.blocks(n)
		if source, ok := attribute(n, "cite"); ok && text != "" {
			text += "<p>" + c.link(source, escape(source)) + "</p>"
		}
		return text
	})
}

// figure puts each of its pictures on a line of its own.
func (c *cutter) figure(n *html.Node) string {
	return c.without(n, func() string {
		var b strings.Builder
		for _, run := range runs(n) {
			for i := range run {
				b.WriteString(c.block(run[i : i+1]))
			}
		}
		return b.String()
	})
}

func (c *cutter) items(list *html.Node) string {
	var b strings.Builder
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode && n.Data == "li" {
			b.WriteString(c.element("li", n, func() string { return c.flow(n) }))
		}
	}
	return b.String()
}

// counted tells whether a list does not simply count from one, or is one of points with
// numbers among them: receivers keep neither a type nor, all of them, where a list begins.
func counted(list *html.Node) bool {
	ordered := list.Data == "ol"
	if ordered && has(list, "type", "start", "reversed") {
		return true
	}
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		switch {
		case n.Data != "li":
		case has(n, "type"), ordered && has(n, "value"):
			return true
		case ordered && n.FirstChild == nil:
			return true // receivers may leave an empty item out
		}
	}
	return false
}

func has(n *html.Node, keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool {
		_, ok := attribute(n, key)
		return ok
	})
}

// counted writes the numbers of a list as text: a paragraph an item.
func (c *cutter) counted(list *html.Node) string {
	var b strings.Builder
	count := richtext.NewCounter(list)
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		if n.Type != html.ElementNode || n.Data != "li" {
			continue
		}
		label := count.Label(n) + " "
		if isInline(n) {
			b.WriteString(c.paragraph("p", n, "", func() string {
				if text := strings.TrimSpace(c.inlines(n)); text != "" || n.FirstChild == nil {
					return strings.TrimSpace(label + text)
				}
				return ""
			}))
			continue
		}
		blocks := c.without(n, func() string { return c.blocks(n) })
		if end := strings.IndexByte(blocks, '>') + 1; strings.HasPrefix(blocks, "<p>") || strings.HasPrefix(blocks, "<p ") {
			blocks = blocks[:end] + label + blocks[end:]
		} else if blocks != "" {
			blocks = "<p>" + strings.TrimSpace(label) + "</p>" + blocks
		}
		b.WriteString(blocks)
	}
	return b.String()
}

// definitions make a list of a list of terms: each item begins with its terms
// in bold.
func (c *cutter) definitions(list *html.Node) string {
	return c.element("ul", list, func() string {
		var b strings.Builder
		for _, group := range termGroups(list) {
			if item := c.definition(group); item != "" {
				b.WriteString("<li>" + item + "</li>")
			}
		}
		return b.String()
	})
}

// termGroups divides a definition list into terms with the definitions that follow.
func termGroups(list *html.Node) [][]*html.Node {
	var groups [][]*html.Node
	last := ""
	for n := list.FirstChild; n != nil; n = n.NextSibling {
		if n.Type != html.ElementNode {
			continue
		}
		if len(groups) == 0 || n.Data == "dt" && last != "dt" {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], n)
		last = n.Data
	}
	return groups
}

func (c *cutter) definition(group []*html.Node) string {
	var lines []line
	for _, n := range group {
		mark := ""
		if n.Data == "dt" {
			mark = "strong"
		}
		l := c.line(n, "", mark)
		if n.FirstChild == nil {
			l.text = richtext.Unsaid
		}
		lines = append(lines, l)
	}
	return joined(lines, "<br>")
}

package richtexttest

import "strings"

func (n node) html() string {
	var b strings.Builder
	n.writeHTML(&b)
	return b.String()
}

func (n node) writeHTML(b *strings.Builder) {
	b.WriteString(n.text)
	switch n.name {
	case "":
		for _, c := range n.kids {
			c.writeHTML(b)
		}
		return
	case "br", "wbr":
		b.WriteString("<" + n.name + ">")
		return
	case "img":
		b.WriteString("<img" + n.attrs + ` alt="` + n.kids[0].text + `">`)
		return
	}
	b.WriteString("<" + n.name + n.attrs + ">")
	for _, c := range n.kids {
		c.writeHTML(b)
	}
	b.WriteString("</" + n.name + ">")
}

// markdown writes a text with the marks of Markdown where there are some, and
// with tags where not.
func (n node) markdown() string {
	var b strings.Builder
	for _, c := range n.kids {
		c.blockMarkdown(&b, "")
	}
	return b.String()
}

// blockMarkdown writes a block; each of its lines begins with the prefix.
func (n node) blockMarkdown(b *strings.Builder, prefix string) {
	switch n.name {
	case "ul", "ol":
		for _, item := range n.kids {
			sign := "- "
			if n.name == "ol" {
				sign = "1. "
			}
			item.contentMarkdown(b, prefix+sign, prefix+strings.Repeat(" ", len(sign)))
		}
		b.WriteString(prefix + "\n" + prefix + "<!-- -->\n" + prefix + "\n") // or two lists would be one
	case "blockquote":
		n.contentMarkdown(b, prefix+"> ", prefix+"> ")
		b.WriteString(prefix + "\n")
	case "h1", "h2", "h3", "h6":
		b.WriteString(prefix + strings.Repeat("#", int(n.name[1]-'0')) + " " + n.line() + "\n" + prefix + "\n")
	case "p":
		b.WriteString(prefix + n.line() + "\n" + prefix + "\n")
	case "s", "del", "ins", "b", "a", "span", "section": // tags around blocks of Markdown
		b.WriteString(prefix + "<" + n.name + n.attrs + ">\n" + prefix + "\n")
		for _, c := range n.kids {
			c.blockMarkdown(b, prefix)
		}
		b.WriteString(prefix + "</" + n.name + ">\n" + prefix + "\n")
	default: // as HTML, in a block of its own
		b.WriteString(prefix + "<div>" + n.html() + "</div>\n" + prefix + "\n")
	}
}

// contentMarkdown writes what is in a block that holds blocks or a line.
func (n node) contentMarkdown(b *strings.Builder, first, rest string) {
	var inner strings.Builder
	if n.holdsBlocks() {
		for _, c := range n.kids {
			c.blockMarkdown(&inner, "")
		}
	} else {
		inner.WriteString(n.line() + "\n\n")
	}
	for i, line := range strings.Split(strings.TrimRight(inner.String(), "\n"), "\n") {
		if i == 0 {
			b.WriteString(first + line + "\n")
		} else {
			b.WriteString(rest + line + "\n")
		}
	}
	b.WriteString(strings.TrimRight(rest, " ") + "\n")
}

func (n node) holdsBlocks() bool {
	for _, c := range n.kids {
		if strings.Contains(" p h1 h2 h3 h6 pre ul ol dl table blockquote figure div section details ", " "+c.name+" ") || c.holdsBlocks() {
			return true
		}
	}
	return false
}

// line writes inline nodes.
func (n node) line() string {
	var b strings.Builder
	for _, c := range n.kids {
		c.inlineMarkdown(&b)
	}
	return strings.TrimSpace(b.String())
}

func (n node) inlineMarkdown(b *strings.Builder) {
	marks := map[string]string{"strong": "**", "em": "*", "del": "~~"}
	inner := ""
	if n.name != "" && n.name != "br" && n.name != "wbr" && n.name != "img" {
		var in strings.Builder
		for _, c := range n.kids {
			c.inlineMarkdown(&in)
		}
		inner = in.String()
	}
	switch mark := marks[n.name]; {
	case n.name == "":
		b.WriteString(n.text)
	case mark != "" && solid(inner):
		b.WriteString(mark + inner + mark)
	case n.name == "img":
		b.WriteString("![" + n.kids[0].text + "](" + strings.TrimSuffix(strings.TrimPrefix(n.attrs, ` src="`), `"`) + ")")
	case n.name == "br" || n.name == "wbr":
		b.WriteString("<" + n.name + ">")
	case n.name == "o:p":
		b.WriteString(inner) // in Markdown it would be text
	default:
		b.WriteString("<" + n.name + n.attrs + ">" + inner + "</" + n.name + ">")
	}
}

// solid text can stand in marks: it begins and ends with a letter or a digit.
func solid(s string) bool {
	return s != "" && strings.IndexByte("x9", s[0]) >= 0 && strings.IndexByte("z9", s[len(s)-1]) >= 0
}

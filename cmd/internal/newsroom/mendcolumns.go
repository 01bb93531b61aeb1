package newsroom

import (
	"slices"
	"strings"

	"communique/storage/lazyregexp"
)

var (
	// fieldBehind is a field behind signs that do not belong there.
	fieldBehind = lazyregexp.New(`^[-*•·{\["'?!&%/<>#\s]+([A-Za-z_]+)["']?\s*[:：]\s*(.*)$`)
	// bulleted is an item of a list, with whichever sign before it.
	bulleted = lazyregexp.New(`^(?:[-*•·–—+]|[0-9]{1,3}[.)])\s*(\S.*)$`)
)

// itemField refuses the field of an image or a contact at the start of a line, where it is
// none of the article.
func (m *mender) itemField(v value, rest string) error {
	if !slices.Contains(itemFields[m.field], v.key) {
		return nil
	}
	if m.item < 0 {
		return m.refuse(v.line, "each "+itemNames[m.field]+" begins with a dash, and its fields stand below each other", "  - "+rest)
	}
	return m.refuse(v.line, "the fields of "+anItem(m.field)+" stand below each other", strings.Repeat(" ", max(m.inner, m.item+2))+rest)
}

// inColumn refuses an item of a list, or a field of one, that does not stand below
// the one before it.
func (m *mender) inColumn(v value, dashes, rest string, keyed bool) error {
	if !isList(m.field) {
		if part := keyedLine.FindStringSubmatch(rest); dashes != "" && part != nil && slices.Contains(fields, part[1]) {
			m.field = ""
			return m.refuse(v.line, "a field begins at the start of its line", rest)
		}
		return nil
	}
	indent := len(v.before) - len(strings.TrimLeft(v.before, " "))
	switch {
	case (dashes != "" || rest == "-") && m.inline != "" && m.field == "tags":
		return m.listedTwice(v, rest)
	case dashes == "" && rest != "-":
		if !keyed || v.line == 0 || indent == 0 || itemFields[m.field] == nil {
			return nil
		}
		if m.item < 0 {
			return m.refuse(v.line, "each "+itemNames[m.field]+" begins with a dash, and its fields stand below each other", strings.Repeat(" ", indent)+"- "+rest)
		}
		if m.inner < 0 {
			m.inner = indent
		}
		if indent != m.inner {
			return m.refuse(v.line, "the fields of "+anItem(m.field)+" stand below each other", strings.Repeat(" ", m.inner)+rest)
		}
	case m.item < 0 || rest == "-" && indent == m.item:
		m.item, m.inner = indent, innerOf(indent, dashes, keyed)
	case indent != m.item:
		return m.refuse(v.line, "the items of a list stand one below the other", strings.Repeat(" ", m.item)+dashes+rest)
	default:
		m.inner = innerOf(indent, dashes, keyed)
	}
	return nil
}

// anItem calls an item of a list with its article.
func anItem(field string) string {
	if field == "images" {
		return "an image"
	}
	return "a " + itemNames[field]
}

// innerOf is the column in which the fields of an item stand that begins in a line with
// an indent.
func innerOf(indent int, dashes string, keyed bool) int {
	if !keyed {
		return -1
	}
	return indent + len(dashes)
}

// listedTwice refuses a tag in a line of its own where the field has its list in its line.
func (m *mender) listedTwice(v value, tag string) error {
	return m.refuse(v.line, "the list stands in the line of its field already", "tags: "+tagList(m.inline+", "+tag)+" there, and take this line out")
}

// looseItem is about a line in a list that is no item of it.
func (m *mender) looseItem(v value) error {
	item := v.text
	if item == "-" && itemFields[m.field] != nil {
		return nil // its fields stand below
	}
	if item == "-" {
		return m.refuse(v.line, "an item of the list is empty, take it out or", strings.Repeat(" ", max(m.item, 0))+"- visit")
	}
	if part := bulleted.FindStringSubmatch(item); part != nil {
		item = part[1]
	} else if itemFields[m.field] != nil || v.before != "" || m.inline == "" && m.item < 0 {
		return nil
	}
	if m.field == "tags" && m.inline != "" {
		return m.listedTwice(v, item)
	}
	return m.refuse(v.line, "each item of a list begins with a dash and a space", strings.Repeat(" ", max(m.item, 0))+"- "+item)
}

// inBlock refuses a line of a text of lines that is indented less than the first.
func (m *mender) inBlock(v value, first *int) error {
	text := strings.TrimSpace(m.lines[m.at])
	if text == "" || strings.ContainsAny(v.text, "123456789") || m.checkIndent(m.at) != nil {
		return nil
	}
	if *first < 0 {
		*first = indentOf(m.lines[m.at])
	}
	if indentOf(m.lines[m.at]) < *first && !m.beginsField(m.at) {
		return m.refuse(m.at, "the lines of the text are indented as its first one is", strings.Repeat(" ", *first)+text)
	}
	return nil
}

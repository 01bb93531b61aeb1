package desk

import (
	"fmt"
	"strings"

	"communique/cmd/internal/newsroom"
)

// documents compares two documents: by what the form calls their fields, each value on a line of
// its own, so that it is read in the direction of its script; or as they stand, if the form has no
// place for something of one.
func documents(from, to string) []diffLine {
	before, err := newsroom.ReadComposition([]byte(from))
	after, other := newsroom.ReadComposition([]byte(to))
	if err != nil || other != nil {
		return difference(from, to)
	}
	if a, b := worded(before), worded(after); a != b {
		return difference(a, b)
	}
	return difference(from, to) // what the form does not show
}

// worded is what stands in a form, in lines.
func worded(c newsroom.Composition) string {
	var b strings.Builder
	add := func(label, value string) {
		if value != "" {
			b.WriteString(label + ":\n" + value + "\n")
		}
	}
	field := func(name, value string) {
		label, _ := fieldIn(name)
		add(label, value)
	}
	list := func(parts ...string) string {
		var all []string
		for _, part := range parts {
			if part != "" {
				all = append(all, part)
			}
		}
		return strings.Join(all, "\n")
	}
	field("title", c.Title)
	field("section", c.Section)
	field("language", c.Language)
	field("kind", c.Kind)
	field("place", c.Place)
	field("published", c.Published)
	field("lead", c.Lead)
	field("text", c.Text)
	field("tags", strings.Join(c.Tags, "\n"))
	field("notes_to_editors", strings.Join(c.NotesToEditors, "\n"))
	for n, one := range c.Contacts {
		add(fmt.Sprintf("Contact %d", n+1), list(one.Name, one.Role, one.Telephone, one.Email))
	}
	field("translation_of", c.TranslationOf)
	for n, i := range c.Images {
		focus := ""
		if i.Focus != nil {
			focus = fmt.Sprint("cut around ", *i.Focus)
		}
		add(fmt.Sprintf("Picture %d", n+1), list(i.Src, i.Alt, i.Caption, i.Credit, i.Terms, focus))
	}
	return b.String()
}

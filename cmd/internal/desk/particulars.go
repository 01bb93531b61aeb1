package desk

import (
	"slices"
	"strconv"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// Kind is a kind of article that the site has, and what the people of the desk call it.
type Kind struct {
	Name  press.ArticleKind
	Label string
}

// kindLabel is what people call a kind; one that the site has no longer is called as
// documents call it.
func (d *Desk) kindLabel(kind press.ArticleKind) string {
	for _, k := range d.Kinds {
		if k.Name == kind {
			return k.Label
		}
	}
	return string(kind)
}

// kindChoices are the kinds that a form offers, with the one that is chosen.
func (d *Desk) kindChoices(chosen string) []Kind {
	for _, k := range d.Kinds {
		if string(k.Name) == chosen {
			return d.Kinds
		}
	}
	if chosen == "" {
		return d.Kinds
	}
	return append(slices.Clip(d.Kinds), Kind{press.ArticleKind(chosen), chosen})
}

// freeContacts is how many contacts can be added at once.
const freeContacts = 1

// contactRow is a contact in the form.
type contactRow struct {
	press.Contact
	At     string // which part of the form's fields is it
	Number int
	New    bool
}

func contactRows(contacts []press.Contact) (rows []contactRow) {
	for n := range min(len(contacts)+freeContacts, press.MaxContacts) {
		row := contactRow{At: "contact" + strconv.Itoa(n), Number: n + 1, New: n >= len(contacts)}
		if !row.New {
			row.Contact = contacts[n]
		}
		rows = append(rows, row)
	}
	return rows
}

// particularsIn reads the fields of the form about what stands beside the text.
func particularsIn(u upload, c *newsroom.Composition) {
	c.Kind, c.Place = strings.TrimSpace(u.Get("kind")), strings.TrimSpace(u.Get("place"))
	for note := range strings.Lines(lines(u.Get("notes_to_editors"))) {
		if note = strings.TrimSpace(note); note != "" {
			c.NotesToEditors = append(c.NotesToEditors, note)
		}
	}
	for n := range press.MaxContacts {
		get := func(name string) string { return strings.TrimSpace(u.Get("contact" + strconv.Itoa(n) + name)) }
		one := press.Contact{Name: get("name"), Role: get("role"), Telephone: get("telephone"), Email: get("email")}
		if one != (press.Contact{}) {
			c.Contacts = append(c.Contacts, one)
		}
	}
}

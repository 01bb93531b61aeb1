package newsroom

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"communique/storage/press"
	"communique/storage/richtext"
)

// notesField is the field of the notes to editors.
const notesField = "notes_to_editors"

// contactFields are the fields of a contact of the front matter.
var contactFields = []string{"name", "role", "telephone", "email"}

// itemFields are the fields of the items of a list, by the field that has the list.
var itemFields = map[string][]string{"images": imageFields, "contacts": contactFields}

// itemNames call an item of such a list.
var itemNames = map[string]string{"images": "image", "contacts": "contact"}

// listsTexts reports whether a field has a list of texts.
func listsTexts(field string) bool { return field == "tags" || field == notesField }

// isList reports whether a field has a list.
func isList(field string) bool { return listsTexts(field) || itemFields[field] != nil }

// readKind reads what kind of text it is. Whether the site has that kind is known later.
func (d *Document) readKind(text string, fail failure) error {
	kind, err := press.ParseArticleKind(richtext.CleanText(text))
	if err != nil {
		return fail("%q is no kind: kinds have small letters, figures and hyphens, as in press-release", text)
	}
	d.Kind = kind
	return nil
}

// checkKind refuses a kind that the site does not have, but for the one that the article
// has already: it may have been one of the site's then.
func (d Desk) checkKind(doc Document, before press.Article) error {
	kinds := d.Kinds
	if kinds == nil {
		kinds = press.UsualKinds()
	}
	if doc.Kind == "" || doc.Kind == before.Kind || slices.Contains(kinds, doc.Kind) {
		return nil
	}
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return doc.Problem("kind", fmt.Sprintf("there is no kind %q here: the kinds are %s", doc.Kind, strings.Join(names, ", ")))
}

func (d *Document) readContacts(n ast.Node, fail failure) error {
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		return fail("it must be a list of contacts: write a line like - {name: Press Office, telephone: +351 21 555 0100, email: press@mfa.example}")
	}
	for i, item := range items.Values {
		if err := d.checkFieldsShown(item, "contacts"); err != nil {
			return err
		}
		entries, ok := mapping(item)
		if !ok {
			return fail("contact %d: it must have name or role, and telephone or email: write {name: Press Office, email: press@mfa.example}", i+1)
		}
		var c press.Contact
		for _, e := range entries {
			key, at := e.Key.GetToken().Value, e.Key.GetToken().Position.Line+1
			into := map[string]*string{"name": &c.Name, "role": &c.Role, "telephone": &c.Telephone, "email": &c.Email}[key]
			if into == nil {
				return d.atLine(at, "contacts", "contact %d: there is no field %q: the fields are %s", i+1, key, strings.Join(contactFields, ", "))
			}
			if _, ok := scalar(e.Value); !ok {
				return d.atLine(at, "contacts", "contact %d: %s must be a text: write it in quotation marks", i+1, key)
			}
			*into = line(e.Value)
			d.lines[ofContact(key, i)] = at
		}
		if err := c.Check(); err != nil {
			return d.atLine(item.GetToken().Position.Line+1, "contacts", "contact %d: %s", i+1, strings.TrimPrefix(err.Error(), press.ErrInvalid.Error()+" contacts: "))
		}
		d.Contacts = append(d.Contacts, c)
	}
	return nil
}

// ofContact names a field of a contact, which has a line of its own.
func ofContact(field string, contact int) string {
	return fmt.Sprintf("%s of contact %d", field, contact+1)
}

// noteAt names a note to editors, which has a line of its own.
func noteAt(number int) string { return fmt.Sprintf("note to editors %d", number) }

// readNotesToEditors reads a list of texts, or one text of which each line is one.
func (d *Document) readNotesToEditors(n ast.Node, fail failure) error {
	add := func(text string, at int) {
		if text = richtext.Line(text); text != "" {
			d.NotesToEditors = append(d.NotesToEditors, text)
			d.lines[noteAt(len(d.NotesToEditors))] = at
		}
	}
	items, ok := n.(*ast.SequenceNode)
	if !ok {
		text, ok := scalar(n)
		if !ok {
			return fail("it must be a list of texts: write a line like - The conference was held in public.")
		}
		if err := d.checkShown(n, notesField, text); err != nil {
			return err
		}
		for text := range strings.Lines(text) {
			add(text, n.GetToken().Position.Line+1)
		}
		return nil
	}
	for _, item := range items.Values {
		text, ok := scalar(item)
		if !ok || strings.TrimSpace(text) == "" {
			return d.atLine(item.GetToken().Position.Line+1, notesField, "every note must be a text: write it in quotation marks")
		}
		if err := d.checkShown(item, notesField, text); err != nil {
			return err
		}
		add(text, item.GetToken().Position.Line+1)
	}
	return nil
}

// atLine makes the problem of a line of a field that has several.
func (d *Document) atLine(at int, field, format string, args ...any) error {
	return &Problem{File: d.File, Line: at, Field: field, Text: fmt.Sprintf(format, args...)}
}

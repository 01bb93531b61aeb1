package newsroom

import (
	"bytes"
	"fmt"

	"communique/storage/manuscripts"
	"communique/storage/richtext"
)

// checkCharacters refuses, by the field in which it stands, a character that nobody would be
// shown, such as a NUL, which PostgreSQL does not keep in a text either.
func checkCharacters(text []byte, read composed, how manuscripts.How) error {
	fields := [][2]string{{"note", how.Note}, {"reason", how.Reason}}
	if read.err == nil { // it has them escaped
		fields = append(fields, read.fields()...)
	}
	for _, f := range fields {
		if _, why := richtext.Unshown(f[1]); why != "" {
			return &Problem{File: "the text", Field: f[0], Text: why}
		}
	}
	if i, why := richtext.Unshown(string(text)); why != "" {
		return &Problem{File: "the text", Line: 1 + bytes.Count(text[:i], []byte("\n")), Text: why}
	}
	return nil
}

// fields are what stands in the fields of a composition, apart from its text, by their names.
func (c Composition) fields() [][2]string {
	all := [][2]string{
		{"title", c.Title}, {"section", c.Section}, {"language", c.Language}, {"published", c.Published}, {"lead", c.Lead},
		{"kind", c.Kind}, {"place", c.Place}, {"translation_of", c.TranslationOf}, {"article", c.Article}, {"revision", c.Revision},
	}
	for n, tag := range c.Tags {
		all = append(all, [2]string{fmt.Sprintf("tag %d", n+1), tag})
	}
	for _, note := range c.NotesToEditors {
		all = append(all, [2]string{notesField, note})
	}
	for _, one := range c.Contacts {
		for _, text := range []string{one.Name, one.Role, one.Telephone, one.Email} {
			all = append(all, [2]string{"contacts", text})
		}
	}
	for n, i := range c.Images {
		for _, f := range [][2]string{{"src", i.Src}, {"alt", i.Alt}, {"caption", i.Caption}, {"credit", i.Credit}, {"terms", i.Terms}} {
			all = append(all, [2]string{fmt.Sprintf("%s of image %d", f[0], n+1), f[1]})
		}
	}
	return all
}

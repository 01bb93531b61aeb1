package desk

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"communique/cmd/internal/newsroom"
)

// TestProblemsByTheForm: what is wrong with a document is told by the field of the form, which
// it leads to.
func TestProblemsByTheForm(t *testing.T) {
	t.Parallel()
	var form []byte
	for _, name := range []string{"write.html", "frame.html"} { // which has what forms share
		part, err := os.ReadFile(filepath.Join("templates", name))
		if err != nil {
			t.Fatal(err)
		}
		form = append(form, part...)
	}
	for field, want := range map[string]lack{
		"title": {Field: "Title", At: "title"}, "published": {Field: "When it goes out", At: "date"}, "kind": {Field: "Kind", At: "kind"},
		"place": {Field: "Place, as in a dateline", At: "place"}, "notes_to_editors": {Field: "Notes to editors", At: "notes-to-editors"},
		"contacts": {Field: "Contacts", At: "contact0name"}, "alt of image 2": {Field: "Picture 2, What it shows", At: "image1alt"}, "tag 3": {Field: "Tags, line 3", At: "tags"},
	} {
		got := lackOf(&newsroom.Problem{File: "the text", Line: 4, Field: field, Text: "it is too long"}, "")
		if got.Field != want.Field || got.At != want.At || got.Line != 0 {
			t.Errorf("%s: %+v, want %+v", field, got, want)
		}
	}
	for field, at := range formFields {
		if id := at[1]; !bytes.Contains(form, []byte(`id="`+id+`"`)) && field != "images" && field != "contacts" {
			t.Errorf("%s leads to %q, which the form does not have", field, id)
		}
	}
}

package desk

import (
	"errors"
	"fmt"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/lazyregexp"
)

// lack is why a manuscript cannot go out, or cannot be saved, in the words of the form.
type lack struct {
	Field string // as the form calls it
	At    string // the id of the field in the form; empty if it has no place there
	Text  string
	Line  int // of the text as the form has it, or of the document
}

// formFields are the fields of a document as the form calls them, with their ids there.
var formFields = map[string][2]string{
	"title": {"Title", "title"}, "section": {"Section", "section"}, "language": {"Language", "language"},
	"published": {"When it goes out", "date"}, "lead": {"Lead", "lead"}, "tags": {"Tags", "tags"},
	"translation_of": {"Translates", "translation"}, "images": {"Pictures", "image0alt"},
	"kind": {"Kind", "kind"}, "place": {"Place, as in a dateline", "place"}, "text": {"Text", "text"}, "note": {"Note on the correction", "note"}, "contacts": {"Contacts", "contact0name"}, "notes_to_editors": {"Notes to editors", "notes-to-editors"},
}

// imageFields are those of an image.
var imageFields = map[string]string{
	"src": "File beside the text, or address", "alt": "What it shows", "caption": "Caption", "credit": "Credit", "terms": "Terms of use", "focus": "Focus",
}

var (
	ofImage = lazyregexp.New(`^([a-z]+) of image ([0-9]+)$`)
	ofTag   = lazyregexp.New(`^tag ([0-9]+)$`)
)

// fieldIn is a field of a document as the form calls it.
func fieldIn(field string) (label, at string) {
	if known, ok := formFields[field]; ok {
		return known[0], known[1]
	}
	if found := ofImage.FindStringSubmatch(field); found != nil && imageFields[found[1]] != "" {
		var number int
		_, _ = fmt.Sscan(found[2], &number) // digits
		return "Picture " + found[2] + ", " + imageFields[found[1]], fmt.Sprintf("image%d%s", number-1, found[1])
	}
	if found := ofTag.FindStringSubmatch(field); found != nil {
		return "Tags, line " + found[1], "tags"
	}
	return strings.ReplaceAll(field, "_", " "), ""
}

// lackOf is why a document is refused, by the fields of the form if the form has a place for
// all of it.
func lackOf(err error, document string) *lack {
	p, ok := errors.AsType[*newsroom.Problem](err)
	if !ok {
		return &lack{Text: inSentence(plainly(err))}
	}
	l := &lack{Text: inSentence(p.Text), Line: p.Line}
	l.Field, l.At = fieldIn(p.Field)
	if p.Field != "" {
		l.Line = 0
	}
	if l.Line > 0 {
		l.Line, l.Field, l.At = lineIn(document, p.Line)
	}
	return l
}

// lineIn is a line of a document as the form has it: of its text, or of the front matter, which
// the form has in fields.
func lineIn(document string, line int) (in int, field, at string) {
	if _, err := newsroom.ReadComposition([]byte(document)); err != nil {
		return line, "", "" // it is edited as text
	}
	if before := linesBeforeText(document); before > 0 && line > before {
		return line - before, "Text", "text"
	}
	return 0, "", ""
}

// linesBeforeText counts the lines of a document before its text; 0 if it has no front matter.
func linesBeforeText(document string) int {
	front := true
	for n, line := range strings.Split(document, "\n") {
		line = strings.TrimRight(line, " \t\r")
		switch {
		case n == 0:
			front = line == "---"
		case front && line == "---":
			return n + 2 // with the empty line that the form does not show
		}
	}
	return 0
}

// said is a refusal in one sentence, in the words of the form.
func said(err error, document string) string {
	l := lackOf(err, document)
	var where string
	switch {
	case l.Line > 0 && l.Field != "":
		where = fmt.Sprintf("%s, line %d: ", l.Field, l.Line)
	case l.Field != "":
		where = l.Field + ": "
	case l.Line > 0:
		where = fmt.Sprintf("Line %d: ", l.Line)
	}
	return where + l.Text
}

// notesIn are the notes to the writer, with their lines as the form has them.
func notesIn(notes []newsroom.Note, document string) (all []newsroom.Note) {
	for _, n := range notes {
		if n.Line > 0 {
			n.Line, _, _ = lineIn(document, n.Line)
		}
		all = append(all, n)
	}
	return all
}

package textindex

import (
	"encoding/hex"
	"fmt"
	"strings"

	"communique/storage/press"
)

// What documents are narrowed by are terms, too, of letters and figures alone; nothing that
// anybody looks for is looked for among them.

// Section is the term of a section.
func Section(id press.SectionID) string { return fmt.Sprintf("s%d", id) }

// Language is a tag as one term: "lzhhant".
func Language(lang press.Language) string {
	return "l" + strings.ReplaceAll(strings.ToLower(string(lang)), "-", "")
}

// Kind is the term of a kind of articles.
func Kind[T ~string](kind T) string { return spelt('k', kind) }

// Author is the term of who began something, by the id of a person.
func Author(person string) string { return spelt('a', person) }

// Assigned is the term of who is to work on something next.
func Assigned(person string) string { return spelt('w', person) }

// State is the term of a state.
func State[T ~string](state T) string { return spelt('e', state) }

// spelt is a value of whatever letters as one term; nothing is no term.
func spelt[T ~string](of byte, value T) string {
	if value == "" {
		return ""
	}
	return string(of) + hex.EncodeToString([]byte(value))
}

// Filed puts terms together.
func Filed(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }

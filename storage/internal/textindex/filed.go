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

// Kept are the terms of a document of which there are many: those of its section, its author, its
// kind and its language, and each two or more of them as one. What is narrowed by several things reads
// a list of documents for each of them, or one list of what has all of them.
func Kept(section, author, kind, language string) string {
	joined := []string{""}
	for _, term := range []string{section, author, kind, language} {
		if term == "" {
			continue
		}
		for _, before := range joined {
			joined = append(joined, before+term)
		}
	}
	return Filed(joined...)
}

// mostJoined is how many terms are looked for instead of those of which they are made.
const mostJoined = 100

// Narrowed are the groups of a [Match] by which a list of kept documents is narrowed, in the order of
// [Kept]; an empty one is no condition.
func Narrowed(sections, authors, kinds, languages []string) [][]string {
	joined := []string{""}
	var apart [][]string
	for _, group := range [][]string{sections, authors, kinds, languages} {
		if len(group) == 0 {
			continue
		}
		apart = append(apart, group)
		var longer []string
		for _, before := range joined {
			for _, term := range group {
				longer = append(longer, before+term)
			}
		}
		joined = longer
	}
	if len(apart) < 2 || len(joined) > mostJoined {
		return apart
	}
	return [][]string{joined}
}

// Terms are those that are none but one, or nothing.
func Terms(one string) []string { return strings.Fields(one) }

// Filed puts terms together.
func Filed(all ...string) string { return strings.Join(strings.Fields(strings.Join(all, " ")), " ") }

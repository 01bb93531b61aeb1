package federation

import (
	"html"
	"strings"

	"communique/storage/press"
)

// correctionWord introduces the note of a correction, by language. A language that
// is not listed gets the English one.
var correctionWord = map[string]string{
	"ar": "تصحيح:", "de": "Berichtigung:", "en": "Correction:", "es": "Corrección:", "fr": "Rectification :",
	"it": "Rettifica:", "pt": "Correção:", "ru": "Исправление:", "zh": "更正：",
}

// correctionNotes are the notes of an article's corrections as paragraphs, the
// oldest first. Servers say that a post was edited but not what was changed; where
// the text of the post stays the same, readers see nothing of the correction but
// its note.
func correctionNotes(lang press.Language, history []press.Revision) string {
	base, _, _ := strings.Cut(string(lang), "-")
	word, ok := correctionWord[base]
	if !ok {
		word = correctionWord["en"]
	}
	var b strings.Builder
	for _, r := range history {
		if r.Minor || r.Note == "" {
			continue
		}
		b.WriteString("<p><em>" + word + "</em> " + html.EscapeString(r.Note) + "</p>")
	}
	return b.String()
}

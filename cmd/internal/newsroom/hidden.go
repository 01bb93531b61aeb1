package newsroom

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/wording"
)

// Hidden is what became of what an article said before, when it was hidden.
type Hidden struct {
	// Revisions are the numbers of the wordings that the public can read no more.
	Revisions []int
	// Notes are those of earlier corrections, which are hidden with the wordings.
	Notes []string
	// Told are the names and figures that the note of this correction tells the public,
	// although only earlier wordings had them.
	Told []string
}

// hidden finds what a correction hides, and what its note gives away.
func (c Correction) hidden(tx *storage.Tx, before, after press.Article) (h Hidden, err error) {
	if !c.HideEarlier || before.State != press.Published {
		return h, nil
	}
	history, err := tx.NotedHistory(before.ID, before.Revision)
	if err != nil {
		return h, err
	}
	past := map[string]bool{}
	for _, r := range history {
		if !r.Hidden {
			h.Revisions = append(h.Revisions, r.Number)
		}
		if r.Note != "" && !r.Hidden {
			h.Notes = append(h.Notes, r.Note)
		}
		said, err := tx.WordingAt(before.ID, r.Number)
		if err != nil {
			return h, err
		}
		for _, w := range allWords(said) {
			past[strings.ToLower(w)] = true
		}
	}
	for _, w := range allWords(after) {
		delete(past, strings.ToLower(w))
	}
	for _, w := range wording.Words(c.Note) {
		if first, _ := utf8.DecodeRuneInString(w); isWord(w) && !unicode.IsLower(first) && past[strings.ToLower(w)] && !slices.Contains(h.Told, w) {
			h.Told = append(h.Told, w)
		}
	}
	return h, nil
}

// allWords are all words that an article says.
func allWords(a press.Article) []string {
	all := slices.Concat(wording.Words(a.Title), wording.Words(a.Lead), htmlWords(a.Body), imageWords(a.Images))
	for _, tag := range a.Tags {
		all = append(all, wording.Words(tag)...)
	}
	for _, l := range a.Lines() {
		all = append(all, wording.Words(l.Text)...)
	}
	return all
}

package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/wording"
)

// shortTitle is how many words a title has at most that no comparison of texts knows again: a
// name alone, such as that of a ship.
const shortTitle = 3

// checkShortTitles refuses a note that has in it the whole title of an article under embargo, if
// that is short and readers have not heard all of its words: the name alone may be the news.
func (d Document) checkShortTitles(tx *storage.Tx, site press.Site, what, note string) error {
	drafts, err := tx.Drafts()
	if err != nil || len(drafts) == 0 {
		return err
	}
	said := skeletons(note)
	var h *heard
	for _, a := range drafts {
		title := skeletons(a.Title)
		if len(title) == 0 || len(title) > shortTitle || !hasInARow(said, title) {
			continue
		}
		if h == nil {
			if h, err = newestHeard(tx); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(title, func(word string) bool { return !h.words[word] }) {
			return fmt.Errorf("%s: %w", what, d.again(site, twin{Article: a, what: hasSome, passage: a.Title}))
		}
	}
	return nil
}

// skeletons are the words of a text, as they are compared.
func skeletons(text string) (all []string) {
	for _, w := range wording.Words(text) {
		if strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			all = append(all, wording.Skeleton(w))
		}
	}
	return all
}

// hasInARow tells whether words have others in them, in a row.
func hasInARow(words, others []string) bool {
	for i := 0; i+len(others) <= len(words); i++ {
		if slices.Equal(words[i:i+len(others)], others) {
			return true
		}
	}
	return false
}

package newsroom

import (
	"fmt"
	"slices"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// checkLanguage refuses a language in which the site has no pages.
func (d Desk) checkLanguage(lang press.Language) error {
	if slices.Contains(d.Languages, lang) {
		return nil
	}
	return fmt.Errorf("%w language: %s", press.ErrInvalid, d.noPagesIn(lang))
}

func (d Desk) noPagesIn(lang press.Language) string {
	var all []string
	for _, l := range d.Languages {
		all = append(all, string(l))
	}
	return fmt.Sprintf("the site has no pages in %s: take one of %s, or add it to languages in the configuration", lang, strings.Join(all, ", "))
}

// checkSpoken refuses a document in a language in which the site has no pages: no list,
// no feed and no menu would lead to it. An article that is in one since the site had
// them can still be corrected; now is the language that it has, or empty.
func (d Desk) checkSpoken(doc Document, now press.Language) error {
	if doc.Language == now || slices.Contains(d.Languages, doc.Language) {
		return nil
	}
	return doc.Problem("language", d.noPagesIn(doc.Language))
}

// checkPageSpoken is [Desk.checkSpoken] for a page of others, whose language may be
// taken for another.
func (d Desk) checkPageSpoken(p importer.Page) error {
	switch {
	case slices.Contains(d.Languages, p.Language):
		return nil
	case p.Language == "":
		return &IncompleteError{Reason: "its language is not known: say which with --language"}
	}
	return &IncompleteError{Reason: d.noPagesIn(p.Language) + "; if the page is in another language, say which with --language"}
}

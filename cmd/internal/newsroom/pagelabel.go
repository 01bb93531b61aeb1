package newsroom

import (
	"fmt"
	"slices"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/richtext"
)

// The reasons for which a page is put aside that nobody has looked at, beside those of the
// importer: it calls itself a draft, or says that it is under embargo.
const (
	LabelledDraft   = "draft"
	LabelledEmbargo = "embargo"
)

// labels are the reasons to put a page aside that readers would see call itself a draft, or
// say that it is under embargo, in its title, its lead or the first line of its text.
func (d Desk) labels(p importer.Page, accept []string) (all Reasons) {
	doc := Document{Language: p.Language, zone: d.Zone}
	text, _, _ := strings.Cut(strings.TrimSpace(richtext.Text(p.Body)), "\n")
	for _, f := range []struct {
		name, text string
		top        bool // it is above the text
	}{{"title", p.Title, true}, {"lead", p.Lead, true}, {"text", text, false}} {
		line := plainLine(f.text)
		draft, embargo := draftLabel(line) != "", doc.headEmbargo(line)
		if !f.top {
			draft, embargo = isDraftLabel(line) || beginsAsDraft(line), doc.labelled(line, false) || doc.whollyLabel(line, true)
		}
		what := ""
		switch {
		case line == "":
		case draft && !slices.Contains(accept, LabelledDraft):
			what = fmt.Sprintf("calls it a draft (%s): mend the page, or accept it with --accept %s", richtext.Quoted(richtext.Shorten(f.text, lineLooked)), LabelledDraft)
		case embargo && !slices.Contains(accept, LabelledEmbargo):
			what = fmt.Sprintf("says that it is under embargo (%s): mend the page, or accept it with --accept %s", richtext.Quoted(richtext.Shorten(f.text, lineLooked)), LabelledEmbargo)
		}
		if what != "" {
			all = append(all, &IncompleteError{Reason: "its " + f.name + " " + what})
		}
	}
	return all
}

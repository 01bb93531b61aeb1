package command

import (
	"slices"
	"strings"

	"communique/cmd/internal/importer"
	"communique/cmd/internal/newsroom"
)

// again accepts pages that say what an article says.
const again = "again"

// knownReasons refuses a reason for which no page is put aside: what was meant would be
// put aside, and nobody would know why.
func (f importFlags) knownReasons() error {
	all := append(importer.Doubtful(), newsroom.LabelledDraft, newsroom.LabelledEmbargo, again)
	for _, reason := range f.accept {
		if !slices.Contains(all, reason) {
			return usagef("--accept: no page is put aside for %q: the reasons are %s", reason, strings.Join(all, ", "))
		}
	}
	return nil
}

// acceptWords accepts that words of a page were left out. With --accept-doubts that is for
// whatever reason, also where --accept names some.
func (f importFlags) acceptWords(page *importer.Page) {
	switch {
	case f.acceptDoubts:
		page.Accept()
	case len(f.accept) > 0:
		page.Accept(f.accept...)
	}
}

// acceptedLabels are the labels of pages that are imported all the same.
func (f importFlags) acceptedLabels() []string {
	if f.acceptDoubts {
		return []string{newsroom.LabelledDraft, newsroom.LabelledEmbargo, importer.MissingFile}
	}
	return f.accept
}

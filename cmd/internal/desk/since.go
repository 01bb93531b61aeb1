package desk

import (
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// shown is what somebody was shown who would approve it.
type shown struct {
	revision int
	parts    string // as the form has them
}

// sinceView is what has changed in a manuscript since it was shown to who would approve it.
type sinceView struct {
	Parts []string // what of it is another
	From  int      // the revision that was shown, if there is a later one
	Diff  []diffLine
}

// partNames are the parts of what goes out, in the order in which they are told of.
var partNames = []struct{ name, said string }{
	{"Title", "the title"}, {"Lead", "the lead"}, {"Body", "the text"}, {"Images", "the pictures"}, {"Files", "the files"},
	{"Section", "the section"}, {"Path", "the address of the section"}, {"Language", "the language"}, {"kind", "the kind"}, {"place", "the place"}, {"contacts", "the contacts"},
	{"notes_to_editors", "the notes to editors"}, {"Tags", "the tags"}, {"Translates", "what it translates"},
	{"Instant", "when it goes out"}, {"Precision", "when it goes out"}, {"Local", "when it goes out"}, {"State", "whether it is under embargo"}, {"Inherits", "whose embargo it is under"}, {"Alone", "whose embargo it is under"},
	{"How", "how it goes out"}, {"Silent", "whether servers are told"}, {"Actors", "who announces it"}, {"Before", "the article that it changes"}, {"Set", "its set of languages"}, {"Together", "how its set of languages goes out"},
}

// partsIn are the parts of what goes out as a form has them, for who sends it.
func partsIn(look newsroom.Looked) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(look.Parts)) {
		all = append(all, name+"="+look.Parts[name])
	}
	return strings.Join(all, " ")
}

// since tells what has changed since it was shown.
func (d *Desk) since(r *http.Request, look newsroom.Looked, was shown) (*sinceView, error) {
	view := &sinceView{}
	before := map[string]string{}
	for part := range strings.FieldsSeq(was.parts) {
		name, digest, _ := strings.Cut(part, "=")
		before[name] = digest
	}
	for _, part := range partNames {
		if len(before) > 0 && len(look.Parts) > 0 && before[part.name] != look.Parts[part.name] && !slices.Contains(view.Parts, part.said) {
			view.Parts = append(view.Parts, part.said)
		}
	}
	m := look.Manuscript
	if was.revision <= 0 || was.revision >= m.Revision || m.Kind == manuscripts.Withdrawal {
		return view, nil
	}
	text, err := visitOf(r).Room.RevisionText(r.Context(), m.ID, was.revision)
	if errors.Is(err, press.ErrNotFound) || err == nil && len(text.Document) == 0 {
		return view, nil // a correction has taken it out of the history
	}
	if a, b := string(text.Document), string(look.Revision.Document); err == nil && a != b {
		view.From, view.Diff = was.revision, documents(a, b)
	}
	return view, err
}

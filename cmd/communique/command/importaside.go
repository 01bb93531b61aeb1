package command

import (
	"errors"
	"fmt"
	"strings"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// reasonsAside are those for which a page is put aside, each with what to do about it; ok is
// false if the error is none of the page's.
func reasonsAside(err error) (text string, ok bool) {
	all := []error{err}
	errors.As(err, (*newsroom.Reasons)(&all))
	var texts []string
	for _, reason := range all {
		text := fmt.Sprint(reason)
		switch {
		case errors.As(reason, new(*newsroom.NewSectionsError)):
			text += ": import with --new-sections to make it"
		case errors.Is(reason, newsroom.ErrNoSection):
			text += ": name one with --section"
		case errors.Is(reason, newsroom.ErrAgain):
			text += ": leave it out, or import it beside that one with --accept again"
		case !errors.Is(reason, press.ErrConflict) && !errors.Is(reason, press.ErrInvalid):
			return "", false
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, "; "), true
}

// put puts a page aside.
func (i *importing) put(line pageLine, reason string) error {
	if err := i.aside.add(line.File + ": " + strings.Join(strings.Fields(reason), " ")); err != nil {
		return err
	}
	return i.print(line, reason)
}

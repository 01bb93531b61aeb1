package press

import (
	"fmt"
	"regexp"
	"strconv"
)

// Edition is which text of an article a document is: a revision, and for the first
// one, which may have been replaced while it was under embargo, which draft of it.
type Edition struct{ Revision, Draft int }

// String is the edition as documents name it: "2", or "1 (draft 3)".
func (e Edition) String() string {
	if e.Revision == 1 && e.Draft > 1 {
		return fmt.Sprintf("1 (draft %d)", e.Draft)
	}
	return strconv.Itoa(e.Revision)
}

var edition = regexp.MustCompile(`^([1-9][0-9]{0,8})(?: \(draft ([1-9][0-9]{0,8})\))?$`)

// ParseEdition parses what [Edition.String] writes, and returns [ErrInvalid] for
// anything else.
func ParseEdition(text string) (Edition, error) {
	m := edition.FindStringSubmatch(text)
	if m == nil {
		return Edition{}, fmt.Errorf("%w revision: %q is not the number of one", ErrInvalid, text)
	}
	e := Edition{Draft: 1}
	e.Revision, _ = strconv.Atoi(m[1]) // nine digits always are a number
	if m[2] != "" {
		e.Draft, _ = strconv.Atoi(m[2])
	}
	return e, nil
}

// Same reports whether two editions are the same text. Drafts are counted of the first
// revision only.
func (e Edition) Same(other Edition) bool {
	return e.Revision == other.Revision && (e.Revision > 1 || e.Draft == other.Draft)
}

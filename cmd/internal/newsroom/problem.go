package newsroom

import (
	"fmt"

	"communique/storage/press"
)

// Problem is why a document cannot be taken: one line for a person, which names the
// place and says what to do. It wraps press.ErrInvalid, or what else is at the root
// of it, such as press.ErrNotFound of a section.
type Problem struct {
	File  string // as the document was named
	Line  int    // from 1; 0 if the problem is not in a line
	Field string // of the front matter; empty if the problem is not in a field
	Text  string // what is wrong and what to do
	Cause error  // nil is press.ErrInvalid
}

func (p *Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	if p.Field != "" {
		return where + ": " + p.Field + ": " + p.Text
	}
	return where + ": " + p.Text
}

func (p *Problem) Unwrap() error {
	if p.Cause != nil {
		return p.Cause
	}
	return press.ErrInvalid
}

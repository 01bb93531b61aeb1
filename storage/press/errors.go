package press

import (
	"errors"
	"fmt"
	"time"
)

// What callers decide by.
var (
	// ErrNotFound: there is no such thing, or it is not public.
	ErrNotFound = errors.New("not found")
	// ErrConflict: the thing is in a state that does not allow this.
	ErrConflict = errors.New("conflict")
	// ErrInvalid: what was handed in breaks a rule; the text says which.
	ErrInvalid = errors.New("invalid")
	// ErrBusy: another process holds the database; the same call may succeed later.
	ErrBusy = errors.New("the database is busy")
	// ErrFull: the disk (or its quota) is full; nothing was written.
	ErrFull = errors.New("no space left for the database")
)

// WithdrawnError says that an article was public and is withdrawn.
type WithdrawnError struct {
	ID       ArticleID
	Language Language
	At       time.Time
	Reason   string
}

func (e *WithdrawnError) Error() string {
	return fmt.Sprintf("article %s was withdrawn on %s: %s", e.ID, e.At.UTC().Format("2006-01-02"), e.Reason)
}

// MovedError says where the thing that was asked for is now.
type MovedError struct{ Location string }

func (e *MovedError) Error() string { return "moved to " + e.Location }

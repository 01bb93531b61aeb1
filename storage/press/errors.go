package press

import (
	"errors"
	"fmt"
	"time"
)

// Errors that callers distinguish.
var (
	// ErrNotFound: it does not exist or is not public.
	ErrNotFound = errors.New("not found")
	// ErrGone: it was public and was withdrawn, and is no article.
	ErrGone = errors.New("withdrawn")
	// ErrConflict: its state does not allow the operation.
	ErrConflict = errors.New("conflict")
	// ErrInvalid: the input breaks a rule; the text says which.
	ErrInvalid = errors.New("invalid")
	// ErrBusy: another process has locked the database; a retry may succeed.
	ErrBusy = errors.New("the database is busy")
	// ErrAway: the server of the database cannot be reached. It is ErrBusy, too.
	ErrAway error = awayError{}
	// ErrUnsure: the database was lost at the very end of writing. What was to be
	// written may stand, so look before it is written again.
	ErrUnsure = errors.New("it is not known whether it was written")
	// ErrFull: the disk or its quota is full; nothing was written.
	ErrFull = errors.New("no space left for the database")
)

type awayError struct{}

func (awayError) Error() string { return "the database cannot be reached" }

func (awayError) Is(target error) bool { return target == ErrBusy }

// WithdrawnError says that an article was public and has been withdrawn.
type WithdrawnError struct {
	ID       ArticleID
	Language Language
	At       time.Time
	Reason   string
}

func (e *WithdrawnError) Error() string {
	return fmt.Sprintf("article %s was withdrawn on %s: %s", e.ID, e.At.UTC().Format("2006-01-02"), e.Reason)
}

// MovedError says at which absolute URL the requested resource is now.
type MovedError struct{ Location string }

func (e *MovedError) Error() string { return "moved to " + e.Location }

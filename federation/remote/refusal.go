package remote

import (
	"context"
	"errors"
	"fmt"
)

// refusal is kept in the place of a key or an actor that could not be had.
type refusal struct {
	what  string
	err   error
	doubt doubt
}

const (
	maxRefusals = 10_000
	// maxRefused is what refusals may weigh in memory, in bytes. They are kept apart,
	// so that ids that were made up push out no good ones.
	maxRefused = 4 << 20
	// maxReason is how much of an error's text is kept.
	maxReason = 200
)

func (r refusal) weight() int {
	const itself = 256
	return itself + len(r.what) + len(r.err.Error()) + r.doubt.weight()
}

// refuse keeps an error of something for as long as it is believed.
func (c *Client) refuse(what string, err error, d doubt) {
	if refused(err) {
		c.refusals.put(what, refusal{what: what, err: reason(err), doubt: d}, nil, believedFor)
	}
}

// reason is an error without what it holds: that of a connection may hold the other
// side's certificates, and all of them the address in full.
func reason(err error) error {
	for _, class := range []error{errForeign, ErrForbidden, ErrNotFound, ErrGone, ErrUntrusted} {
		if errors.Is(err, class) {
			return shortened{class, cut(err.Error())}
		}
	}
	return shortened{ErrUnavailable, cut(err.Error())}
}

func cut(text string) string {
	if len(text) <= maxReason {
		return text
	}
	return fmt.Sprintf("%s…", text[:maxReason])
}

// shortened is an error of a class.
type shortened struct {
	class error
	text  string
}

func (e shortened) Error() string { return e.text }
func (e shortened) Unwrap() error { return e.class }

// errNotAsked says that nothing was sent and so nothing is known of a server. Nothing
// is kept: to find out again costs nothing.
var errNotAsked = errors.New("not asked")

// notAsked marks an error that came before the first request.
func notAsked(err error) error { return unasked{err} }

type unasked struct{ error }

func (e unasked) Unwrap() error        { return e.error }
func (e unasked) Is(target error) bool { return target == errNotAsked }

// refused reports whether an error tells something of a key or an actor, or of their
// server.
func refused(err error) bool {
	for _, none := range []error{context.Canceled, errSpent, errNotAsked, errOutdated} {
		if errors.Is(err, none) {
			return false
		}
	}
	return err != nil
}

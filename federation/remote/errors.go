package remote

import (
	"errors"
	"fmt"

	"communique/storage/delivery/outbound"
)

// The errors that callers decide by. A key that cannot be fetched for one of the
// first four reasons counts as missing (401); with ErrUnavailable the sender should
// try again later (503).
var (
	// ErrForbidden: the address is not one that we connect to.
	ErrForbidden = outbound.ErrForbidden
	// ErrNotFound: the server has nothing at the address (404).
	ErrNotFound = errors.New("not found at its server")
	// ErrGone: the server says that it is gone for good (410).
	ErrGone = errors.New("gone from its server")
	// ErrUntrusted: there was an answer, but it proves nothing: it is of another
	// media type, too large, malformed, under another id, or another owner's.
	ErrUntrusted = errors.New("untrustworthy answer")
	// ErrUnavailable: there was no answer, or one that may be different later.
	ErrUnavailable = errors.New("server unavailable")
)

func forbidden(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrForbidden, fmt.Sprintf(format, args...))
}

func untrusted(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUntrusted, fmt.Sprintf(format, args...))
}

// failed is the error of a request without an answer. A refusal to connect stays
// ErrForbidden; everything else may be temporary.
func failed(err error) error {
	err = outbound.Fault(err)
	if errors.Is(err, ErrForbidden) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

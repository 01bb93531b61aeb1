package remote

import (
	"errors"
	"fmt"

	"communique/storage/delivery/outbound"
)

// What callers decide by. A key that cannot be had for one of the first four
// reasons is no key (401); with ErrUnavailable the sender should try later (503).
var (
	// ErrForbidden: the address is none that we connect to.
	ErrForbidden = outbound.ErrForbidden
	// ErrNotFound: the server says that there is no such thing (404).
	ErrNotFound = errors.New("not found at its server")
	// ErrGone: the server says that the thing is gone for good (410).
	ErrGone = errors.New("gone from its server")
	// ErrUntrusted: there was an answer, and it proves nothing: another media
	// type, too large, malformed, under another id, or of another owner.
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

// failed is the error of a request without an answer. A refusal to connect
// stays what it is; everything else may pass.
func failed(err error) error {
	err = outbound.Fault(err)
	if errors.Is(err, ErrForbidden) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

package websub

import (
	"errors"
	"fmt"
	"time"
)

// Reasons for refusing a request; the texts are for the subscriber's developers
// (WebSub §5.1.2).
var (
	// ErrRefused: the request is invalid and must be changed (400).
	ErrRefused = errors.New("refused")
	// ErrMediaType: the request is not a form (415).
	ErrMediaType = errors.New("unsupported media type")
	// ErrBusy: too many verifications are queued (503).
	ErrBusy = errors.New("busy")
	// ErrPostOnly: the hub only accepts POST (405).
	ErrPostOnly = errors.New("the hub only accepts POST")
)

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRefused, fmt.Sprintf(format, args...))
}

// ThrottledError refuses a request that may be accepted later (429).
type ThrottledError struct {
	Reason     string
	RetryAfter time.Duration
}

func (e *ThrottledError) Error() string { return e.Reason }

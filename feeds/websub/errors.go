package websub

import (
	"errors"
	"fmt"
	"time"
)

// What a request is refused for; the texts are for the subscriber's developer
// (WebSub §5.1.2).
var (
	// ErrRefused: it breaks a rule, and will as long as it stays as it is (400).
	ErrRefused = errors.New("refused")
	// ErrMediaType: it is no form (415).
	ErrMediaType = errors.New("unsupported media type")
	// ErrBusy: too much is to be verified already (503).
	ErrBusy = errors.New("busy")
	// ErrPostOnly: the hub is asked by POST (405).
	ErrPostOnly = errors.New("a hub answers POST")
)

func refused(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrRefused, fmt.Sprintf(format, args...))
}

// ThrottledError refuses a request that may be taken later (429).
type ThrottledError struct {
	Reason     string
	RetryAfter time.Duration
}

func (e *ThrottledError) Error() string { return e.Reason }

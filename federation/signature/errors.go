package signature

import (
	"errors"
	"fmt"
)

// ErrInvalid is every reason not to believe a signature. Inboxes answer it
// with 401, upon which senders that know another scheme try that one.
var ErrInvalid = errors.New("invalid signature")

// ErrUnsupportedScheme is an [ErrInvalid]: the request is signed by RFC 9421
// (HTTP Message Signatures) and not by draft-cavage.
var ErrUnsupportedScheme = fmt.Errorf("%w: RFC 9421 is not supported, sign by draft-cavage-http-signatures", ErrInvalid)

// ErrKey says that a text is no key that we use: not PEM, not RSA, or an RSA
// key shorter than 2048 bits.
var ErrKey = errors.New("unusable key")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

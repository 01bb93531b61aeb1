package signature

import (
	"errors"
	"fmt"
)

// ErrInvalid is every reason not to believe a signature. Inboxes answer it
// with 401, upon which senders that know another scheme try that one.
var ErrInvalid = errors.New("invalid signature")

// ErrKey says that a text is no key that we use: not PEM or Multikey, neither
// RSA nor Ed25519, or an RSA key shorter than 2048 bits.
var ErrKey = errors.New("unusable key")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

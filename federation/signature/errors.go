package signature

import (
	"errors"
	"fmt"
)

// ErrInvalid says that a signature is not valid. Inboxes answer 401, on which
// senders that know another scheme try that one.
var ErrInvalid = errors.New("invalid signature")

// ErrKey says that a key cannot be used: it is not PEM or a Multikey, neither RSA
// nor Ed25519, or an RSA key shorter than 2048 bits or longer than 8192, or with an
// exponent above 65537.
var ErrKey = errors.New("unusable key")

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrInvalid, fmt.Sprintf(format, args...))
}

package federation

import "errors"

// The errors that cmd/internal/web turns into status codes, beside those of press,
// signature, moderation and remote.
var (
	// ErrMalformed: the request is not one that this address understands (400).
	ErrMalformed = errors.New("malformed request")
	// ErrMediaType: the body is not ActivityStreams, or it is encoded (415).
	ErrMediaType = errors.New("unsupported media type")
	// ErrPostOnly: an inbox cannot be read (405).
	ErrPostOnly = errors.New("an inbox accepts POST only")
	// ErrForbidden: the signature is good, but its owner has no right to this (401).
	ErrForbidden = errors.New("the signer is not allowed to do this")
)

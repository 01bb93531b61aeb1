package federation

import "errors"

// What cmd/internal/web decides status codes by, beside the errors of press,
// signature and remote.
var (
	// ErrMalformed: the request is not what its address takes (400).
	ErrMalformed = errors.New("malformed request")
	// ErrMediaType: the body is of another type than ActivityStreams, or
	// encoded (415).
	ErrMediaType = errors.New("unsupported media type")
	// ErrPostOnly: an inbox cannot be read (405).
	ErrPostOnly = errors.New("an inbox takes POST only")
	// ErrForbidden: the signature is good and its owner has no right to this (401).
	ErrForbidden = errors.New("not allowed to the signer")
)

package signature

import (
	"crypto"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// window is how far the time of signing may be from our clock, either way.
	window = time.Hour
	// maxKeyID bounds the ids of keys, in bytes: no address is longer.
	maxKeyID = 2048
	// maxLifetime is the longest time after signing at which a signature may expire.
	maxLifetime = 12 * time.Hour
)

// Signature is the signature of a request after all checks but the one that needs
// the key, [Signature.Verify].
type Signature struct {
	// KeyID is the address of the key, as the sender claims.
	KeyID string
	// Signed is when the sender signed, by its own clock: the signed Date, or
	// created. It tells replayed messages from new ones.
	Signed time.Time

	covered []string // names of headers or components, in lower case
	proof   proof

	request *http.Request // and its body, as [Parse] got them
	body    []byte

	verifiedBy crypto.PublicKey // see [Signature.WithKey]
}

// WithKey is the signature with the key that has verified it.
func (s Signature) WithKey(public crypto.PublicKey) Signature {
	s.verifiedBy = public
	return s
}

// VerifiedBy is the key that has verified it; nil if none was said to have.
func (s Signature) VerifiedBy() crypto.PublicKey { return s.verifiedBy }

// Covers reports whether a header was signed. One that was not may be anybody's.
func (s Signature) Covers(header string) bool {
	return slices.Contains(s.covered, strings.ToLower(header))
}

// Scheme is how it was signed.
func (s Signature) Scheme() Scheme {
	if _, ok := s.proof.(message); ok {
		return RFC9421
	}
	return Cavage
}

// proof is what differs between the schemes: which text was signed, and how.
type proof interface {
	verify(key string, public crypto.PublicKey) error
	bytes() []byte // the signature alone, a copy of it
}

// Parse reads the signature of a received request, by either scheme, and checks
// everything that can be checked without the key. body is the exact body that was
// received; base is our own base URL, "https://mfa.example", which the sender must
// have signed, whatever a proxy or a forged header says; now is the current time.
//
// A request with a body must cover method, target, host, digest and the time of
// signing; a GET or HEAD needs no digest. Every error is [ErrInvalid].
func Parse(r *http.Request, body []byte, base string, now time.Time) (Signature, error) {
	_, host, _ := strings.Cut(base, "://")
	if err := checkRecipient(r, host); err != nil {
		return Signature{}, err
	}
	// A request that is signed by both schemes is refused: the Signature field can
	// only be that of one.
	parse := parseCavage
	if len(r.Header.Values("Signature-Input")) > 0 {
		parse = func(r *http.Request, body []byte, now time.Time) (Signature, error) {
			return parseMessage(r, body, base, now)
		}
	}
	signed, err := parse(r, body, now)
	if err == nil && len(signed.KeyID) > maxKeyID {
		return Signature{}, invalid("the id of the key is longer than %d bytes", maxKeyID)
	}
	signed.request, signed.body = r, body
	return signed, err
}

func checkRecipient(r *http.Request, host string) error {
	// net/http moves the one Host header to Request.Host.
	if len(r.Header.Values("Host")) > 0 {
		return invalid("a second Host header")
	}
	if !strings.EqualFold(r.Host, host) {
		return invalid("signed for the host %q, this is %q", r.Host, host)
	}
	if !strings.HasPrefix(r.RequestURI, "/") {
		return invalid("the request target %q is not a path", r.RequestURI)
	}
	return nil
}

func checkWindow(signed, expires, now time.Time) error {
	if off := now.Sub(signed).Abs(); off > window {
		return invalid("signed at %s, which is not within %s of now", signed.UTC().Format(time.RFC3339), window)
	}
	if expires.IsZero() {
		return nil
	}
	if !now.Before(expires) {
		return invalid("it expired at %s", expires.UTC().Format(time.RFC3339))
	}
	if expires.Sub(signed) > maxLifetime {
		return invalid("it expires more than %s after signing", maxLifetime)
	}
	return nil
}

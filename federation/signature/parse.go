package signature

import (
	"crypto"
	"net/http"
	"strings"
	"time"
)

const (
	// window is how far the time of signing may be from ours, either way.
	window = time.Hour
	// maxLifetime is how long after signing a signature may claim to hold.
	maxLifetime = 12 * time.Hour
)

// Signature is a signature that a request carries, sound in all respects but
// the one that needs the key: see [Signature.Verify].
type Signature struct {
	// KeyID is where the key is found, as the sender claims.
	KeyID string
	// Signed is when the sender signed, by its own clock: the signed Date, or
	// created. It tells a replayed message from a new one.
	Signed time.Time

	proof proof
}

// proof is what differs between the schemes: the text that was signed, and how.
type proof interface {
	verify(key string, public crypto.PublicKey) error
}

// Parse reads the signature of a request that we received, by whichever of the
// two schemes, and checks all that can be checked before the key is known. body
// is the exact body received; base is our own base URL, "https://mfa.example":
// what the sender must have signed, whatever a proxy or a forged header says;
// now is the current time.
//
// A request with a body must cover method, target, host, digest and the time of
// signing; a GET or HEAD needs no digest. Every error is [ErrInvalid].
func Parse(r *http.Request, body []byte, base string, now time.Time) (Signature, error) {
	_, host, _ := strings.Cut(base, "://")
	if err := checkRecipient(r, host); err != nil {
		return Signature{}, err
	}
	// A signature by the other scheme beside it is no Signature field of this
	// one: with both, what is said could not be held to either.
	if len(r.Header.Values("Signature-Input")) > 0 {
		return parseMessage(r, body, base, now)
	}
	return parseCavage(r, body, now)
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
		return invalid("the request target %q is no path", r.RequestURI)
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

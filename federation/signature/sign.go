package signature

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-fed/httpsig"
)

// Signer signs outgoing requests by draft-cavage-12. It is safe for concurrent
// use; its zero value is not usable.
type Signer struct {
	now func() time.Time
}

// NewSigner returns a signer that dates requests by a clock.
func NewSigner(now func() time.Time) Signer { return Signer{now: now} }

// SignPost gives a request Date, Digest and Signature; the signature covers
// "(request-target) host date digest". The digest is that of the body, made
// by [Digest]. A request may be signed again: the headers are replaced.
func (s Signer) SignPost(r *http.Request, key Key, digest string) error {
	r.Header.Set("Digest", digest)
	return s.sign(r, key, httpsig.RequestTarget, "host", "date", "digest")
}

// SignGet gives a request Date and Signature; the signature covers
// "(request-target) host date".
func (s Signer) SignGet(r *http.Request, key Key) error {
	return s.sign(r, key, httpsig.RequestTarget, "host", "date")
}

func (s Signer) sign(r *http.Request, key Key, headers ...string) error {
	if key.Private == nil || key.ID == "" || strings.ContainsAny(key.ID, "\"\\\r\n") {
		return fmt.Errorf("signing a request to %s: %w: id %q", r.URL.Host, ErrKey, key.ID)
	}
	r.Header.Set("Date", s.now().UTC().Format(http.TimeFormat))
	// One signer each time: go-fed's are not safe for concurrent use, and
	// making one costs nothing beside the RSA operation.
	signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, headers, httpsig.Signature, 0)
	if err != nil {
		return fmt.Errorf("making a signer: %w", err)
	}
	draft := signable(r)
	if err := signer.SignRequest(key.Private, key.ID, draft, nil); err != nil {
		return fmt.Errorf("signing a request to %s: %w", r.URL.Host, err)
	}
	value, err := nameAlgorithm(draft.Header.Get("Signature"))
	if err != nil {
		return err
	}
	r.Header.Set("Signature", value)
	return nil
}

// signable is the request as go-fed must see it to sign what the wire will
// carry: it takes Host from the headers only, and signs URL.Path, which net/http
// decodes, where the receiver sees the escaped target.
func signable(r *http.Request) *http.Request {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	header := http.Header{"Host": {host}}
	for _, name := range []string{"Date", "Digest"} {
		if v := r.Header.Get(name); v != "" {
			header.Set(name, v)
		}
	}
	return &http.Request{Method: r.Method, URL: &url.URL{Path: r.URL.RequestURI()}, Header: header}
}

// nameAlgorithm replaces go-fed's "hs2019", under which cavage-12 leaves the
// algorithm to the key's metadata (that nobody publishes), by the plain name
// that every receiver knows. The parameter is no part of what is signed.
func nameAlgorithm(value string) (string, error) {
	const hidden, named = `",algorithm="hs2019",`, `",algorithm="rsa-sha256",`
	if !strings.Contains(value, hidden) {
		return "", errors.New("signing a request: the signature names no algorithm")
	}
	return strings.Replace(value, hidden, named, 1), nil
}

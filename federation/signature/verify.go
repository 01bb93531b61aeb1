package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-fed/httpsig"
)

// Verify checks the signature with the sender's public key: an *rsa.PublicKey
// of 2048 bits or more, or an ed25519.PublicKey. Every error is [ErrInvalid].
func (s Signature) Verify(public crypto.PublicKey) error {
	if err := checkKey(public); err != nil {
		return fmt.Errorf("%w: the key %s: %w", ErrInvalid, s.KeyID, err)
	}
	return s.proof.verify(s.KeyID, public)
}

// verify accepts a (request-target) with or without the query: older versions of
// Mastodon leave it out.
func (c cavage) verify(key string, public crypto.PublicKey) error {
	algorithm := httpsig.RSA_SHA256
	switch public.(type) {
	case *rsa.PublicKey:
		if c.algorithm == algorithmEd25519 {
			return invalid("the key %s is RSA", key)
		}
	case ed25519.PublicKey:
		if c.algorithm == "rsa-sha256" {
			return invalid("the key %s is Ed25519", key)
		}
		algorithm = httpsig.ED25519
	}
	if c.verifyTarget(public, algorithm, c.target) {
		return nil
	}
	if path, _, query := strings.Cut(c.target, "?"); query && c.verifyTarget(public, algorithm, path) {
		return nil
	}
	return invalid("the key %s does not verify it", key)
}

// verifyTarget gives go-fed a request made for it: nothing but the signed headers, a
// Signature header of the one form that it parses correctly, and the raw request
// target as path (it signs the decoded path). In addition to our own window, go-fed
// refuses a created that is more than 10 s ahead of the system clock.
func (c cavage) verifyTarget(public crypto.PublicKey, algorithm httpsig.Algorithm, target string) bool {
	request := &http.Request{Method: c.method, URL: &url.URL{Path: target}, Header: c.values.Clone()}
	request.Header.Set("Signature", c.header())
	verifier, err := httpsig.NewVerifier(request)
	return err == nil && verifier.Verify(public, algorithm) == nil
}

// header writes the parameters again. The key's id, which go-fed misreads if it has
// a comma, is not signed and is left out.
func (c cavage) header() string {
	var b strings.Builder
	fmt.Fprintf(&b, `keyId="key",headers="%s",signature="%s"`, strings.Join(c.headers, " "), c.encoded)
	if slices.Contains(c.headers, "(created)") {
		fmt.Fprintf(&b, `,created=%d`, c.created.Unix())
	}
	if slices.Contains(c.headers, "(expires)") {
		fmt.Fprintf(&b, `,expires=%d`, c.expires.Unix())
	}
	return b.String()
}

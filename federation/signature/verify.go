package signature

import (
	"crypto"
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-fed/httpsig"
)

// Verify checks the signature with the sender's public key, an *rsa.PublicKey
// of 2048 bits or more. Every error is [ErrInvalid].
//
// A (request-target) with or without the query is accepted: older versions of
// Mastodon left it out.
func (s Signature) Verify(public crypto.PublicKey) error {
	key, ok := public.(*rsa.PublicKey)
	if !ok {
		return invalid("the key %s is a %T, only RSA is supported", s.KeyID, public)
	}
	if err := checkSize(key); err != nil {
		return fmt.Errorf("%w: the key %s: %w", ErrInvalid, s.KeyID, err)
	}
	return s.verifyRSA(key)
}

func (s Signature) verifyRSA(key *rsa.PublicKey) error {
	err := s.verifyTarget(key, s.target)
	if path, _, query := strings.Cut(s.target, "?"); err != nil && query {
		err = s.verifyTarget(key, path)
	}
	return err
}

// verifyTarget hands go-fed a request made for it: nothing but the signed
// headers, a Signature header of the one form that it parses correctly, and as
// path the raw request target (it would sign the decoded path). Beyond our own
// window go-fed refuses a created that its system clock says is more than 10 s
// in the future.
func (s Signature) verifyTarget(key *rsa.PublicKey, target string) error {
	request := &http.Request{Method: s.method, URL: &url.URL{Path: target}, Header: s.values.Clone()}
	request.Header.Set("Signature", s.header())
	verifier, err := httpsig.NewVerifier(request)
	if err != nil {
		return invalid("%v", err)
	}
	if err := verifier.Verify(key, httpsig.RSA_SHA256); err != nil {
		return invalid("the key %s does not verify it", s.KeyID)
	}
	return nil
}

// header writes the parameters again; the key's id, in which go-fed stumbles
// over a comma, is no part of what is signed.
func (s Signature) header() string {
	var b strings.Builder
	fmt.Fprintf(&b, `keyId="key",headers="%s",signature="%s"`, strings.Join(s.headers, " "), s.encoded)
	if slices.Contains(s.headers, "(created)") {
		fmt.Fprintf(&b, `,created=%d`, s.created.Unix())
	}
	if slices.Contains(s.headers, "(expires)") {
		fmt.Fprintf(&b, `,expires=%d`, s.expires.Unix())
	}
	return b.String()
}

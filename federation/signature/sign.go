package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Scheme is a way to sign requests.
type Scheme string

// The two schemes of the fediverse. Every server knows the first; some are
// giving it up for the second.
const (
	Cavage  Scheme = "cavage"  // draft-cavage-http-signatures-12
	RFC9421 Scheme = "rfc9421" // HTTP Message Signatures
)

// Other is the scheme to try when a receiver does not take this one.
func (s Scheme) Other() Scheme {
	if s == RFC9421 {
		return Cavage
	}
	return RFC9421
}

// Signer signs outgoing requests. It is safe for concurrent use; [NewSigner] makes
// one.
type Signer struct {
	now    func() time.Time
	scheme Scheme
	rsa    RSA
	drafts *drafts
}

// NewSigner returns a signer by [Cavage], with Go's RSA; now is the clock that dates
// requests.
func NewSigner(now func() time.Time) Signer {
	return Signer{now: now, scheme: Cavage, rsa: GoRSA, drafts: &drafts{}}
}

// With returns a signer whose signatures with RSA keys are made by another one.
func (s Signer) With(by RSA) Signer {
	s.rsa = by
	return s
}

// By returns a signer that uses a scheme.
func (s Signer) By(scheme Scheme) Signer {
	s.scheme = scheme
	return s
}

// SignPost gives a request its signature and what that covers: by [Cavage]
// Date and Digest, "(request-target) host date digest"; by [RFC9421]
// Content-Digest, "@method @target-uri content-digest content-type". A
// Collection-Synchronization that the request has is covered as well. The digest is that of the body, made by
// [Digest]. A request may be signed again, also by the other scheme: the headers are
// replaced.
func (s Signer) SignPost(r *http.Request, key Key, digest string) error {
	if s.scheme == RFC9421 {
		r.Header.Set("Content-Digest", contentDigest(digest))
		return s.signMessage(r, key, withPresent(r, []string{"@method", "@target-uri", "content-digest"}, "content-type", Synchronization)...)
	}
	r.Header.Set("Digest", digest)
	if r.Header.Get(Synchronization) != "" {
		return s.signCavage(r, key, &s.drafts.synchronization)
	}
	return s.signCavage(r, key, &s.drafts.post)
}

// Synchronization is the field of FEP-8fcf. What is not signed of it proves nothing.
const Synchronization = "Collection-Synchronization"

// withPresent adds those fields to what is covered that a request has.
func withPresent(r *http.Request, covered []string, fields ...string) []string {
	for _, name := range fields {
		if r.Header.Get(name) != "" {
			covered = append(covered, strings.ToLower(name))
		}
	}
	return covered
}

// SignGet gives a request its signature: by [Cavage] with Date, over
// "(request-target) host date"; by [RFC9421] over "@method @target-uri".
func (s Signer) SignGet(r *http.Request, key Key) error {
	if s.scheme == RFC9421 {
		return s.signMessage(r, key, "@method", "@target-uri")
	}
	return s.signCavage(r, key, &s.drafts.get)
}

// usable returns the name in RFC 9421 of the algorithm that a key signs with;
// [ErrKey] if it cannot be used.
func usable(r *http.Request, key Key) (algorithm string, err error) {
	if key.ID != "" && !strings.ContainsAny(key.ID, "\"\\\r\n") {
		switch key.Private.(type) {
		case *rsa.PrivateKey:
			return algorithmRSA, nil
		case ed25519.PrivateKey:
			return algorithmEd25519, nil
		}
	}
	return "", fmt.Errorf("signing a request to %s: %w: a %T with the id %q", r.URL.Host, ErrKey, key.Private, key.ID)
}

// signMessage signs by RFC 9421 under one label. The text to sign is made by the
// code that also verifies, from the request as its receiver will see it.
func (s Signer) signMessage(r *http.Request, key Key, components ...string) error {
	algorithm, err := usable(r, key)
	if err != nil {
		return err
	}
	in := input{label: "sig1", components: components, parameters: []parameter{
		{"created", s.now().Unix()}, {"keyid", key.ID}, {"alg", algorithm},
	}}
	seen := &http.Request{Method: r.Method, Host: requestHost(r), RequestURI: r.URL.RequestURI(), Header: r.Header}
	text, err := signatureBase(seen, in, r.URL.Scheme+"://"+requestHost(r))
	if err != nil {
		return err
	}
	made, err := signText(s.rsa, key.Private, []byte(text))
	if err != nil {
		return fmt.Errorf("signing a request to %s: %w", r.URL.Host, err)
	}
	r.Header.Del("Date")
	r.Header.Del("Digest")
	r.Header.Set("Signature-Input", in.label+"="+in.String())
	r.Header.Set("Signature", in.label+"=:"+base64.StdEncoding.EncodeToString(made)+":")
	return nil
}

// signText makes the signature of RFC 9421 §3.3.2 or §3.3.6.
func signText(by RSA, key crypto.Signer, text []byte) ([]byte, error) {
	if key, ok := key.(*rsa.PrivateKey); ok {
		return by.Sign(key, sha256.Sum256(text))
	}
	return key.Sign(rand.Reader, text, crypto.Hash(0))
}

// requestHost is the host that a request will name.
func requestHost(r *http.Request) string {
	if r.Host != "" {
		return r.Host
	}
	return r.URL.Host
}

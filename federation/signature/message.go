package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The algorithms of RFC 9421 §3.3 that the fediverse uses. A request need not name
// its own: it follows from the key.
const (
	algorithmRSA     = "rsa-v1_5-sha256"
	algorithmEd25519 = "ed25519"
)

// message is a signature by RFC 9421: the text that was signed, and the signature.
type message struct {
	base      string
	algorithm string // empty if the request named none
	signature []byte
}

// parseMessage reads a signature by RFC 9421 and checks what [Parse] promises.
func parseMessage(r *http.Request, body []byte, base string, now time.Time) (Signature, error) {
	in, err := parseInput(field(r.Header, "Signature-Input"))
	if err != nil {
		return Signature{}, err
	}
	made, err := signatureOf(r.Header, in.label)
	if err != nil {
		return Signature{}, err
	}
	key, err := in.text("keyid")
	if err != nil {
		return Signature{}, err
	}
	if key == "" {
		return Signature{}, invalid("the parameter keyid is missing")
	}
	algorithm, err := in.text("alg")
	if err != nil {
		return Signature{}, err
	}
	if algorithm != "" && algorithm != algorithmRSA && algorithm != algorithmEd25519 {
		return Signature{}, invalid("the algorithm %q is not supported", algorithm)
	}
	created, err := checkTimes(in, now)
	if err != nil {
		return Signature{}, err
	}
	if err := checkComponents(r, in.components); err != nil {
		return Signature{}, err
	}
	if err := checkContent(r, body); err != nil {
		return Signature{}, err
	}
	text, err := signatureBase(r, in, base)
	if err != nil {
		return Signature{}, err
	}
	return Signature{KeyID: key, Signed: created, covered: in.components, proof: message{text, algorithm, made}}, nil
}

// field is a field in one line (RFC 9110 §5.3).
func field(h http.Header, name string) string { return strings.Join(h.Values(name), ", ") }

// signatureOf returns the one signature, which must have the label of the one
// Signature-Input.
func signatureOf(h http.Header, label string) ([]byte, error) {
	all, err := byteSequences(field(h, "Signature"))
	if err != nil {
		return nil, err
	}
	made, ok := all[label]
	if !ok || len(all) != 1 {
		return nil, invalid("the Signature field does not have the one signature %s", label)
	}
	return made, nil
}

func checkTimes(in input, now time.Time) (created time.Time, err error) {
	if created, err = in.instant("created"); err != nil {
		return created, err
	}
	if created.IsZero() {
		return created, invalid("the parameter created is missing")
	}
	expires, err := in.instant("expires")
	if err != nil {
		return created, err
	}
	return created, checkWindow(created, expires, now)
}

// checkComponents demands the same coverage as for cavage: the method, the whole
// target with its host, and the body.
func checkComponents(r *http.Request, covered []string) error {
	has := func(name string) bool { return slices.Contains(covered, name) }
	_, _, query := strings.Cut(r.RequestURI, "?")
	path := has("@request-target") || has("@path") && (has("@query") || !query)
	switch {
	case !has("@method"):
		return invalid("@method is not covered")
	case !has("@target-uri") && !((has("@authority") || has("host")) && path):
		return invalid("the target is not covered: neither @target-uri nor @authority with path and query")
	case needsDigest(r.Method) && !has("content-digest"):
		return invalid("content-digest is not covered")
	}
	return nil
}

// checkContent compares the body with a Content-Digest (RFC 9530 §2) by
// SHA-256 or SHA-512; other algorithms may stand beside them.
func checkContent(r *http.Request, body []byte) error {
	values := r.Header.Values("Content-Digest")
	switch {
	case len(values) == 0 && !needsDigest(r.Method):
		return nil
	case len(values) != 1:
		return invalid("%d Content-Digest fields, expected one", len(values))
	}
	digests, err := byteSequences(values[0])
	if err != nil {
		return err
	}
	return matchDigests(digests, body)
}

// signatureBase is the text that is signed (RFC 9421 §2.5).
func signatureBase(r *http.Request, in input, base string) (string, error) {
	var b strings.Builder
	for _, name := range in.components {
		value, err := componentValue(r, name, base)
		if err != nil {
			return "", err
		}
		b.WriteString(`"` + name + `": ` + value + "\n")
	}
	b.WriteString(`"@signature-params": ` + in.String())
	return b.String(), nil
}

// componentValue is a derived component (RFC 9421 §2.2), or a field (§2.1).
// Scheme and authority are those of the base URL.
func componentValue(r *http.Request, name, base string) (string, error) {
	scheme, authority, _ := strings.Cut(base, "://")
	path, query, _ := strings.Cut(r.RequestURI, "?")
	switch name {
	case "@method":
		return r.Method, nil
	case "@target-uri":
		return base + r.RequestURI, nil
	case "@authority":
		return strings.ToLower(authority), nil
	case "@scheme":
		return scheme, nil
	case "@request-target":
		return r.RequestURI, nil
	case "@path":
		return path, nil
	case "@query":
		return "?" + query, nil
	case "host":
		return r.Host, nil
	}
	if name == "" || strings.Trim(name, fieldChars) != "" || strings.HasPrefix(name, "signature") {
		return "", invalid("the component %q cannot be covered", name)
	}
	values := slices.Clone(r.Header.Values(name))
	if len(values) == 0 {
		return "", invalid("the field %s is covered but missing", name)
	}
	for i := range values {
		values[i] = strings.Trim(values[i], blanks)
	}
	return strings.Join(values, ", "), nil
}

// fieldChars make the name of a field, in lower case as RFC 9421 §2.1 demands.
const fieldChars = lower + digits + "-_.!#$%&'*+^`|~"

func (m message) bytes() []byte { return slices.Clone(m.signature) }

func (m message) verify(key string, public crypto.PublicKey) error {
	switch public := public.(type) {
	case *rsa.PublicKey:
		sum := sha256.Sum256([]byte(m.base))
		if m.algorithm != algorithmEd25519 && rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], m.signature) == nil {
			return nil
		}
	case ed25519.PublicKey:
		if m.algorithm != algorithmRSA && ed25519.Verify(public, []byte(m.base), m.signature) {
			return nil
		}
	}
	return invalid("the key %s does not verify it", key)
}

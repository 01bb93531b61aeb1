package signature

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// cavage is a signature by draft-cavage-http-signatures-12.
type cavage struct {
	method    string
	target    string // as on the request line, escapes and all
	algorithm string
	headers   []string
	values    http.Header // of the signed headers alone
	created   time.Time
	expires   time.Time
	encoded   string
}

// parseCavage reads a signature by draft-cavage-12 and checks what [Parse]
// promises: coverage is (request-target), host, date or (created), and digest.
func parseCavage(r *http.Request, body []byte, now time.Time) (Signature, error) {
	header, err := signatureHeader(r.Header)
	if err != nil {
		return Signature{}, err
	}
	p, err := parseParameters(header)
	if err != nil {
		return Signature{}, err
	}
	for _, check := range []func() error{
		func() error { return checkAlgorithm(p) },
		func() error { return checkCoverage(r.Method, p.headers) },
		func() error { return checkUnambiguous(r.Header) },
		func() error { return checkBody(r, body) },
	} {
		if err := check(); err != nil {
			return Signature{}, err
		}
	}
	signed, err := signedAt(r.Header, p)
	if err != nil {
		return Signature{}, err
	}
	if err := checkWindow(signed, p.expires, now); err != nil {
		return Signature{}, err
	}
	values, err := signedValues(r, p.headers)
	if err != nil {
		return Signature{}, err
	}
	return Signature{KeyID: p.keyID, Signed: signed, covered: p.headers, proof: cavage{
		method: r.Method, target: r.RequestURI, algorithm: p.algorithm, headers: p.headers, values: values,
		created: p.created, expires: p.expires, encoded: p.signature,
	}}, nil
}

func (c cavage) bytes() []byte {
	made, err := base64.StdEncoding.DecodeString(c.encoded)
	if err != nil {
		return nil // [parseParameters] has refused it
	}
	return made
}

// signatureHeader returns the one Signature header. The Authorization header,
// which cavage-12 §3 allows as well, is used by no server for inboxes and not
// read, so that a proxy's credentials are never taken for a signature.
func signatureHeader(h http.Header) (string, error) {
	values := h.Values("Signature")
	if len(values) != 1 {
		return "", invalid("%d Signature headers, expected one", len(values))
	}
	return values[0], nil
}

// checkAlgorithm accepts the names that the fediverse uses. Whatever the name, an
// RSA key signs PKCS #1 v1.5 over SHA-256.
func checkAlgorithm(p parameters) error {
	switch p.algorithm {
	case "", "rsa-sha256":
		// cavage-12 §2.3: (created) and (expires) must not be used with the
		// algorithms of older drafts, whose verifiers would ignore them.
		if slices.Contains(p.headers, "(created)") || slices.Contains(p.headers, "(expires)") {
			return invalid("(created) and (expires) need the algorithm hs2019, this is %q", p.algorithm)
		}
	case "hs2019", algorithmEd25519:
	default:
		return invalid("the algorithm %q is not supported", p.algorithm)
	}
	return nil
}

func checkCoverage(method string, headers []string) error {
	needed := []string{"(request-target)", "host"}
	if needsDigest(method) {
		needed = append(needed, "digest")
	}
	for _, name := range needed {
		if !slices.Contains(headers, name) {
			return invalid("%s is not signed", name)
		}
	}
	if !slices.Contains(headers, "date") && !slices.Contains(headers, "(created)") {
		return invalid("neither date nor (created) is signed")
	}
	return nil
}

// checkUnambiguous refuses a second Date or Digest: the one that was signed might
// not be the one that is read.
func checkUnambiguous(h http.Header) error {
	for _, name := range []string{"Date", "Digest"} {
		if n := len(h.Values(name)); n > 1 {
			return invalid("%d %s headers", n, name)
		}
	}
	return nil
}

func checkBody(r *http.Request, body []byte) error {
	header := r.Header.Get("Digest")
	if header == "" {
		if needsDigest(r.Method) {
			return invalid("no Digest header")
		}
		return nil
	}
	return checkDigest(header, body)
}

// signedAt is the time of signing: the signed Date, else the signed created.
func signedAt(h http.Header, p parameters) (time.Time, error) {
	if slices.Contains(p.headers, "(expires)") && p.expires.IsZero() {
		return time.Time{}, invalid("(expires) is signed but missing")
	}
	if slices.Contains(p.headers, "(created)") && p.created.IsZero() {
		return time.Time{}, invalid("(created) is signed but missing")
	}
	if !slices.Contains(p.headers, "date") {
		return p.created, nil
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}, invalid("the Date header %q is not an HTTP date", h.Get("Date"))
	}
	return date, nil
}

// signedValues returns the headers that are signed: verification can depend on
// nothing else.
func signedValues(r *http.Request, headers []string) (http.Header, error) {
	values := make(http.Header)
	for _, name := range headers {
		switch {
		case name == "host":
			values.Set("Host", r.Host)
		case strings.HasPrefix(name, "("):
			if name != "(request-target)" && name != "(created)" && name != "(expires)" {
				return nil, invalid("%q is not known", name)
			}
		default:
			v := r.Header.Values(name)
			if len(v) == 0 {
				return nil, invalid("the header %s is signed but missing", name)
			}
			values[http.CanonicalHeaderKey(name)] = v
		}
	}
	return values, nil
}

package signature

import (
	"bytes"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"net/http"
	"strings"
)

const digestPrefix = "SHA-256="

// Digest returns the value of the Digest header (RFC 3230 §4.3.2) for a body:
// "SHA-256=" and the base64 of the hash. The name is in upper case because
// Friendica compares it by case.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return digestPrefix + base64.StdEncoding.EncodeToString(sum[:])
}

// contentDigest writes a [Digest] as a Content-Digest (RFC 9530 §2).
func contentDigest(digest string) string {
	return "sha-256=:" + strings.TrimPrefix(digest, digestPrefix) + ":"
}

// needsDigest reports whether requests of a method have a body.
func needsDigest(method string) bool { return method != http.MethodGet && method != http.MethodHead }

// checkDigest compares the SHA-256 among the instances of a Digest header with
// the body. Other algorithms beside it are ignored.
func checkDigest(header string, body []byte) error {
	found := false
	for instance := range strings.SplitSeq(header, ",") {
		algorithm, value, ok := strings.Cut(strings.TrimSpace(instance), "=")
		if !ok {
			return invalid("the Digest header %q is malformed", header)
		}
		// RFC 3230 §4.1.1: algorithm names are compared without case.
		if !strings.EqualFold(algorithm, "SHA-256") {
			continue
		}
		if found {
			return invalid("two SHA-256 values in the Digest header")
		}
		found = true
		sum := sha256.Sum256(body)
		claimed, err := base64.StdEncoding.Strict().DecodeString(value)
		if err != nil || !bytes.Equal(claimed, sum[:]) {
			return invalid("the body does not match its digest")
		}
	}
	if !found {
		return invalid("the Digest header has no SHA-256")
	}
	return nil
}

// matchDigests compares a body with its digests, by the names of their algorithms:
// at least one must be known, and all known ones must match.
func matchDigests(digests map[string][]byte, body []byte) error {
	short, known := digests["sha-256"]
	if sum := sha256.Sum256(body); known && !bytes.Equal(short, sum[:]) {
		return invalid("the body does not match its digest")
	}
	long, also := digests["sha-512"]
	if sum := sha512.Sum512(body); also && !bytes.Equal(long, sum[:]) {
		return invalid("the body does not match its digest")
	}
	if !known && !also {
		return invalid("neither sha-256 nor sha-512 in the Content-Digest field")
	}
	return nil
}

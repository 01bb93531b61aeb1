package signature

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzDigests: whatever a sender writes, a body passes only if its own hash
// stands there.
func FuzzDigests(f *testing.F) {
	body := []byte("what was said")
	for _, header := range []string{
		Digest(body), "sha-256=" + strings.TrimPrefix(Digest(body), digestPrefix), "MD5=x," + Digest(body), Digest(nil), "SHA-256=", ",", "=",
		contentDigest(Digest(body)), "sha-512=:AAAA:, " + contentDigest(Digest(body)), "sha-256=::", "sha-256=:" + strings.Repeat("A", 200) + ":",
	} {
		f.Add(header, body)
	}
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		short := strings.TrimPrefix(Digest(body), digestPrefix)
		if checkDigest(header, body) == nil && !strings.Contains(header, short) {
			t.Errorf("%q passes for %q", header, body)
		}
		r := &http.Request{Method: http.MethodPost, Header: http.Header{"Content-Digest": {header}}}
		if checkContent(r, body) == nil && !strings.Contains(header, short) && !strings.Contains(strings.ToLower(header), "sha-512") {
			t.Errorf("%q passes for %q", header, body)
		}
	})
}

package websub

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // WebSub names it; SHA-256 is the default
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"

	"communique/storage/press"
)

// Method is the name of a signature algorithm (WebSub §7.1.1).
type Method string

// methods are the algorithms that WebSub names.
var methods = map[Method]func() hash.Hash{
	"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// check returns press.ErrInvalid for an unknown method.
func (m Method) check() error {
	if methods[m] == nil {
		return fmt.Errorf("%w signature method %q: use sha1, sha256, sha384 or sha512", press.ErrInvalid, m)
	}
	return nil
}

// Sign returns the X-Hub-Signature of a body (WebSub §7.1).
func (m Method) Sign(secret string, body []byte) string {
	mac := hmac.New(methods[m], []byte(secret))
	_, _ = mac.Write(body) // a hash's Write never fails
	return string(m) + "=" + hex.EncodeToString(mac.Sum(nil))
}

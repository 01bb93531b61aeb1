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

// Method is an algorithm for signatures, by its name (WebSub §7.1.1).
type Method string

// methods are those that have a name.
var methods = map[Method]func() hash.Hash{
	"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// check reports a method that has no name as press.ErrInvalid.
func (m Method) check() error {
	if methods[m] == nil {
		return fmt.Errorf("%w signature method %q: sha1, sha256, sha384 and sha512 are known", press.ErrInvalid, m)
	}
	return nil
}

// Sign makes the X-Hub-Signature of a body (WebSub §7.1).
func (m Method) Sign(secret string, body []byte) string {
	mac := hmac.New(methods[m], []byte(secret))
	_, _ = mac.Write(body) // a hash's Write never fails
	return string(m) + "=" + hex.EncodeToString(mac.Sum(nil))
}

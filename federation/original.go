package federation

import (
	"bufio"
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/audience"
)

// originalOf is the request that brought a post, to be stored with it, and the key that
// verified it: they prove what the author said. Nothing if it only names the post, whose text is
// fetched then, or is too long.
func originalOf(post vocab.Reference, signed signature.Signature) (o audience.Original) {
	if post.Raw == nil {
		return o
	}
	if original := signed.Original(); len(original) <= audience.MaxOriginal {
		o = audience.Original{Request: original, Key: writtenKey(signed)}
	}
	return o
}

// writtenKey is the key that verified a signature, in PEM.
func writtenKey(signed signature.Signature) string {
	der, err := x509.MarshalPKIXPublicKey(signed.VerifiedBy())
	if err != nil {
		return ""
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// VerifyOriginal verifies a request again with the key that was kept beside it, as of when it
// came to the site at base. It asks nobody.
func VerifyOriginal(o audience.Original, base string, received time.Time) error {
	block, _ := pem.Decode([]byte(o.Key))
	if block == nil {
		return errors.New("no key is kept beside it")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return fmt.Errorf("read the key: %w", err)
	}
	r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(o.Request)))
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("read the request: %w", err)
	}
	signed, err := signature.Parse(r, body, base, received)
	if err != nil {
		return err
	}
	return signed.Verify(key)
}

package signature

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	_ "embed"
	"encoding/pem"
	"errors"
	"fmt"
)

// knownPEM is a key that signs nothing else, and its signature of knownText. Signatures
// by PKCS #1 v1.5 have nothing random in them (RFC 8017 §8.2.1).
//
//go:embed selftest.pem
var knownPEM string

const knownText = "What is signed here, everybody may read."

// known is the key and what it must sign how.
type known struct {
	key       *rsa.PrivateKey
	digest    [sha256.Size]byte
	signature []byte
}

func readKnown() (known, error) {
	k := known{digest: sha256.Sum256([]byte(knownText))}
	parsed, err := ParsePrivateKey(knownPEM)
	if err != nil {
		return k, err
	}
	_, rest := pem.Decode([]byte(knownPEM))
	block, _ := pem.Decode(rest)
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok || block == nil {
		return k, errors.New("the known key or signature cannot be read")
	}
	k.key, k.signature = key, block.Bytes
	return k, nil
}

// testRSA holds what makes signatures to the known one, more than once, for what is kept
// of a key is used again.
func testRSA(by RSA) error {
	k, err := readKnown()
	if err != nil {
		return err
	}
	for range 3 {
		made, err := by.Sign(k.key, k.digest)
		switch {
		case err != nil:
			return fmt.Errorf("the test of %s: %w", by, err)
		case rsa.VerifyPKCS1v15(&k.key.PublicKey, crypto.SHA256, k.digest[:], made) != nil:
			return fmt.Errorf("the test of %s: the signature is wrong", by)
		case !bytes.Equal(made, k.signature):
			return fmt.Errorf("the test of %s: the signature is not the one that is known", by)
		}
	}
	return nil
}

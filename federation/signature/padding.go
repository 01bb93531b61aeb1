package signature

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"math/big"
)

// MadeWith reports whether the signature was certainly made with the private half of
// an RSA key, whatever text was signed: the key then turns it into a block padded by
// PKCS #1 (RFC 8017 §9.2), and any other key into noise. If such a signature does not
// verify, the text is another one, and no newer key of its sender would help. An
// Ed25519 signature does not show its key.
func (s Signature) MadeWith(public crypto.PublicKey) bool {
	key, ok := public.(*rsa.PublicKey)
	if !ok || checkKey(key) != nil {
		return false
	}
	made := s.proof.bytes()
	if len(made) != key.Size() {
		return false
	}
	block := new(big.Int).Exp(new(big.Int).SetBytes(made), big.NewInt(int64(key.E)), key.N)
	padded, ok := bytes.CutPrefix(block.FillBytes(made), []byte{0, 1})
	_, hash, ended := bytes.Cut(padded, []byte{0})
	padding := len(padded) - len(hash) - 1
	return ok && ended && padding >= minPadding && bytes.Count(padded[:padding], []byte{0xff}) == padding
}

const minPadding = 8 // RFC 8017 §9.2, step 3

package signature

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// The multicodec prefixes of the keys that we read: ed25519-pub (0xed) and
// rsa-pub (0x1205), each as a varint.
var (
	codecEd25519 = []byte{0xed, 0x01}
	codecRSA     = []byte{0x85, 0x24}
)

// maxMultikey bounds the text of a Multikey: an RSA key of [maxKeyBits] fits.
const maxMultikey = 1600

// EncodeMultikey returns a key as publicKeyMultibase (FEP-521a): "z" and the
// base58btc of its multicodec prefix and its bytes, of an RSA key those of PKCS #1.
// Its error is [ErrKey].
func EncodeMultikey(key crypto.PublicKey) (string, error) {
	switch key := key.(type) {
	case ed25519.PublicKey:
		return "z" + base58(slices.Concat(codecEd25519, key)), nil
	case *rsa.PublicKey:
		return "z" + base58(slices.Concat(codecRSA, x509.MarshalPKCS1PublicKey(key))), nil
	}
	return "", fmt.Errorf("%w: a %T is neither Ed25519 nor RSA", ErrKey, key)
}

// ParseMultikey reads the publicKeyMultibase of a Multikey: Ed25519, or RSA as
// PKCS #1. Its errors are [ErrKey].
func ParseMultikey(text string) (crypto.PublicKey, error) {
	encoded, ok := strings.CutPrefix(text, "z")
	if !ok || len(text) > maxMultikey {
		return nil, fmt.Errorf("%w: not base58btc of at most %d characters", ErrKey, maxMultikey)
	}
	raw, ok := unbase58(encoded)
	if !ok {
		return nil, fmt.Errorf("%w: not base58btc", ErrKey)
	}
	if key, ok := bytes.CutPrefix(raw, codecEd25519); ok && len(key) == ed25519.PublicKeySize {
		return ed25519.PublicKey(key), nil
	}
	if der, ok := bytes.CutPrefix(raw, codecRSA); ok {
		key, err := x509.ParsePKCS1PublicKey(der)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrKey, err)
		}
		return key, checkKey(key)
	}
	return nil, fmt.Errorf("%w: neither Ed25519 nor RSA", ErrKey)
}

// alphabet is that of base58btc (draft-msporny-base58-03 §2).
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// base58 writes a number in another base, byte by byte as by hand. Leading
// zero bytes have no value and are written one for one.
func base58(raw []byte) string {
	zeros := len(raw) - len(bytes.TrimLeft(raw, "\x00"))
	digits := convert(raw, 256, 58)
	text := make([]byte, len(digits))
	for i, d := range digits {
		text[i] = alphabet[d]
	}
	return strings.Repeat("1", zeros) + string(text)
}

func unbase58(text string) ([]byte, bool) {
	zeros := len(text) - len(strings.TrimLeft(text, "1"))
	digits := make([]byte, len(text))
	for i := range len(text) {
		d := strings.IndexByte(alphabet, text[i])
		if d < 0 {
			return nil, false
		}
		digits[i] = byte(d)
	}
	return append(make([]byte, zeros), convert(digits, 58, 256)...), true
}

// convert turns the digits of one base into those of another, the most
// significant first and without leading zeros.
func convert(digits []byte, from, to int) []byte {
	var out []byte // the least significant first
	for _, d := range digits {
		carry := int(d)
		for i := range out {
			carry += int(out[i]) * from
			out[i] = byte(carry % to)
			carry /= to
		}
		for ; carry > 0; carry /= to {
			out = append(out, byte(carry%to))
		}
	}
	slices.Reverse(out)
	return out
}

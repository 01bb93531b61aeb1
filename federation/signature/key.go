package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
)

// keyBits is the size of the smallest RSA key that we accept and of those that we
// make: what every server accepts, at half the work of 3072 bits.
const keyBits = 2048

// maxKeyBits bounds the work that a stranger's key can cause: verifying with an RSA
// key of a megabit takes seconds.
const maxKeyBits = 8192

// costlyBits is more than an RSA key has of any server that is known, and maxExponent
// what all of them use. The work grows with both: an exponent of 2³¹-1 doubles it.
const (
	costlyBits  = 4096
	maxExponent = 1<<16 + 1
)

// Costly reports whether it takes many times as long to verify with a key as with those
// of servers that are known.
func Costly(public crypto.PublicKey) bool {
	key, ok := public.(*rsa.PublicKey)
	return ok && key.N.BitLen() > costlyBits
}

// Key is a private key, an *rsa.PrivateKey or an ed25519.PrivateKey, together
// with the id under which others find its public half,
// "https://mfa.example/actors/press#main-key".
type Key struct {
	ID      string
	Private crypto.Signer
}

// NewPrivateKey generates an RSA key of 2048 bits.
func NewPrivateKey() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("making an RSA key: %w", err)
	}
	return key, nil
}

// NewEd25519Key generates an Ed25519 key.
func NewEd25519Key() (ed25519.PrivateKey, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("making an Ed25519 key: %w", err)
	}
	return key, nil
}

// EncodePrivateKey returns the key as PKCS #8 in PEM ("BEGIN PRIVATE KEY").
func EncodePrivateKey(key crypto.Signer) (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", fmt.Errorf("encoding a private key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// ParsePrivateKey reads what [EncodePrivateKey] wrote. Its errors are [ErrKey] and
// never quote the text.
func ParsePrivateKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, fmt.Errorf("%w: not a PEM block BEGIN PRIVATE KEY", ErrKey)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: not a PKCS #8 private key", ErrKey)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%w: %T does not sign", ErrKey, parsed)
	}
	return key, checkKey(key.Public())
}

// EncodePublicKey returns the key as SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) in
// PEM ("BEGIN PUBLIC KEY"), the only form that every server reads in publicKeyPem.
func EncodePublicKey(key crypto.PublicKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("encoding a public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// ParsePublicKey reads the publicKeyPem of an actor: SubjectPublicKeyInfo, or PKCS
// #1 ("BEGIN RSA PUBLIC KEY") as a few servers write it. Every error is [ErrKey].
func ParsePublicKey(text string) (crypto.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, fmt.Errorf("%w: not PEM", ErrKey)
	}
	key, err := parsePublic(block)
	if err != nil {
		return nil, err
	}
	return key, checkKey(key)
}

func parsePublic(block *pem.Block) (key crypto.PublicKey, err error) {
	switch block.Type {
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	default:
		return nil, fmt.Errorf("%w: a PEM block %q", ErrKey, block.Type)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrKey, err)
	}
	return key, nil
}

// checkKey accepts Ed25519, and RSA of 2048 to 8192 bits with an exponent of at most
// 65537.
func checkKey(public crypto.PublicKey) error {
	switch key := public.(type) {
	case ed25519.PublicKey:
		if len(key) == ed25519.PublicKeySize {
			return nil
		}
		return fmt.Errorf("%w: Ed25519 of %d bytes", ErrKey, len(key))
	case *rsa.PublicKey:
		if bits := key.N.BitLen(); bits < keyBits || bits > maxKeyBits {
			return fmt.Errorf("%w: RSA of %d bits, between %d and %d are accepted", ErrKey, bits, keyBits, maxKeyBits)
		}
		if key.E > maxExponent {
			return fmt.Errorf("%w: RSA with the exponent %d, at most %d is accepted", ErrKey, key.E, maxExponent)
		}
		return nil
	}
	return fmt.Errorf("%w: %T is neither RSA nor Ed25519", ErrKey, public)
}

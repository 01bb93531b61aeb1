package signature

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"sync"

	"golang.org/x/crypto/scrypt"
)

// The errors of encrypted keys, beside [ErrKey].
var (
	// ErrSealed says that a key is encrypted but there is no passphrase.
	ErrSealed = errors.New("the key is encrypted")
	// ErrPassphrase says that the passphrase is wrong for a key, or the label is, if that
	// cannot be told apart.
	ErrPassphrase = errors.New("the passphrase does not open the key")
)

// Passphrase encrypts private keys at rest, by AES-256-GCM under a key that scrypt
// (RFC 7914) derives from it. A nil *Passphrase is none. It is safe for concurrent
// use.
type Passphrase struct {
	text string
	cost int // N of scrypt

	mu      sync.Mutex
	salt    []byte // of what it seals: the first that it met or drew
	ciphers map[string]derived
}

// derived is what follows from a passphrase and a salt.
type derived struct {
	cipher.AEAD
	fingerprint string
}

const (
	sealedType = "COMMUNIQUE ENCRYPTED KEY"
	saltHeader = "Scrypt-Salt"
	saltSize   = 16
	// fingerprintHeader names the passphrase, for who has several: to guess it by that costs
	// what it costs by the key itself.
	fingerprintHeader = "Passphrase-Fingerprint"
	fingerprintSize   = 4
	// scryptN makes a guess cost some 0.2 s and 64 MiB.
	scryptN = 1 << 16
)

// NewPassphrase returns a passphrase; nil if the text is empty.
func NewPassphrase(text string) *Passphrase {
	if text == "" {
		return nil
	}
	return &Passphrase{text: text, cost: scryptN, ciphers: map[string]derived{}}
}

// IsSealed reports whether a key is encrypted.
func IsSealed(text string) bool { return strings.HasPrefix(text, "-----BEGIN "+sealedType) }

// SealOf names what a key was encrypted with: keys that were encrypted together have it
// in common. It is empty for a key that is not encrypted.
func SealOf(text string) string {
	if !IsSealed(text) {
		return ""
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return ""
	}
	return block.Headers[saltHeader]
}

// FingerprintOf is that of the passphrase which opens a key; empty for a key that is not
// encrypted, or that a version has encrypted which did not tell.
func FingerprintOf(text string) string {
	if !IsSealed(text) {
		return ""
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return ""
	}
	return block.Headers[fingerprintHeader]
}

// Name adds the fingerprint to an encrypted key that lacks it. A key that the passphrase does
// not open stays as it is, as does one that is not encrypted.
func (p *Passphrase) Name(text, label string) (string, error) {
	if p == nil || !IsSealed(text) || FingerprintOf(text) != "" {
		return text, nil
	}
	if _, err := p.Open(text, label); err != nil {
		return text, err
	}
	block, salt, err := unwrap(text)
	if err != nil {
		return text, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	d, err := p.derive(salt)
	if err != nil {
		return text, err
	}
	block.Headers[fingerprintHeader] = d.fingerprint
	return string(pem.EncodeToMemory(block)), nil
}

// Seal encrypts a key and returns it as PEM. The label says what the key belongs
// to: it cannot be decrypted under another. Without a passphrase the key is
// returned as it is.
func (p *Passphrase) Seal(text, label string) (string, error) {
	if p == nil {
		return text, nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.salt == nil {
		p.salt = make([]byte, saltSize)
		_, _ = rand.Read(p.salt) // never fails
	}
	aead, err := p.derive(p.salt)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	return string(pem.EncodeToMemory(&pem.Block{
		Type:    sealedType,
		Headers: map[string]string{saltHeader: base64.StdEncoding.EncodeToString(p.salt), fingerprintHeader: aead.fingerprint},
		Bytes:   aead.Seal(nonce, nonce, []byte(text), []byte(label)),
	})), nil
}

// Open decrypts what [Passphrase.Seal] returned. Its errors are [ErrSealed],
// [ErrPassphrase] and [ErrKey].
func (p *Passphrase) Open(text, label string) (string, error) {
	if !IsSealed(text) {
		return text, nil
	}
	if p == nil {
		return "", ErrSealed
	}
	block, salt, err := unwrap(text)
	if err != nil {
		return "", err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	aead, err := p.derive(salt)
	if err != nil {
		return "", err
	}
	named := block.Headers[fingerprintHeader]
	if named != "" && named != aead.fingerprint {
		return "", fmt.Errorf("%w: it was encrypted with the one whose fingerprint is %s, and that of this one is %s", ErrPassphrase, named, aead.fingerprint)
	}
	if len(block.Bytes) < aead.NonceSize() {
		return "", fmt.Errorf("%w: cut off", ErrKey)
	}
	nonce, sealed := block.Bytes[:aead.NonceSize()], block.Bytes[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, sealed, []byte(label))
	switch {
	case err != nil && named != "":
		return "", fmt.Errorf("%w: it was changed, for the passphrase is the right one, or it belongs to another", ErrKey)
	case err != nil:
		return "", ErrPassphrase
	}
	p.salt = salt
	return string(plain), nil
}

// unwrap reads the form of an encrypted key.
func unwrap(text string) (block *pem.Block, salt []byte, err error) {
	if block, _ = pem.Decode([]byte(text)); block == nil {
		return nil, nil, fmt.Errorf("%w: not PEM", ErrKey)
	}
	if salt, err = base64.StdEncoding.DecodeString(block.Headers[saltHeader]); err != nil || len(salt) != saltSize {
		return nil, nil, fmt.Errorf("%w: no salt of %d bytes", ErrKey, saltSize)
	}
	return block, salt, nil
}

// derive derives the key for a salt, once.
func (p *Passphrase) derive(salt []byte) (derived, error) {
	if d, ok := p.ciphers[string(salt)]; ok {
		return d, nil
	}
	key, err := scrypt.Key([]byte(p.text), salt, p.cost, 8, 1, 32)
	if err != nil {
		return derived{}, fmt.Errorf("deriving a key from the passphrase: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return derived{}, fmt.Errorf("deriving a key from the passphrase: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return derived{}, fmt.Errorf("deriving a key from the passphrase: %w", err)
	}
	sum := sha256.Sum256(append([]byte("fingerprint of the passphrase\x00"), key...))
	p.ciphers[string(salt)] = derived{aead, hex.EncodeToString(sum[:fingerprintSize])}
	return p.ciphers[string(salt)], nil
}

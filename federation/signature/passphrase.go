package signature

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
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
	// ErrPassphrase says that the passphrase is wrong for a key, or the label is.
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
	ciphers map[string]cipher.AEAD
}

const (
	sealedType = "COMMUNIQUE ENCRYPTED KEY"
	saltHeader = "Scrypt-Salt"
	saltSize   = 16
	// scryptN makes a guess cost some 0.2 s and 64 MiB.
	scryptN = 1 << 16
)

// NewPassphrase returns a passphrase; nil if the text is empty.
func NewPassphrase(text string) *Passphrase {
	if text == "" {
		return nil
	}
	return &Passphrase{text: text, cost: scryptN, ciphers: map[string]cipher.AEAD{}}
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
	aead, err := p.cipher(p.salt)
	if err != nil {
		return "", err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce)
	return string(pem.EncodeToMemory(&pem.Block{
		Type:    sealedType,
		Headers: map[string]string{saltHeader: base64.StdEncoding.EncodeToString(p.salt)},
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
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return "", fmt.Errorf("%w: not PEM", ErrKey)
	}
	salt, err := base64.StdEncoding.DecodeString(block.Headers[saltHeader])
	if err != nil || len(salt) != saltSize {
		return "", fmt.Errorf("%w: no salt of %d bytes", ErrKey, saltSize)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	aead, err := p.cipher(salt)
	if err != nil {
		return "", err
	}
	if len(block.Bytes) < aead.NonceSize() {
		return "", fmt.Errorf("%w: cut off", ErrKey)
	}
	nonce, sealed := block.Bytes[:aead.NonceSize()], block.Bytes[aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, sealed, []byte(label))
	if err != nil {
		return "", ErrPassphrase
	}
	p.salt = salt
	return string(plain), nil
}

// cipher derives the key for a salt, once.
func (p *Passphrase) cipher(salt []byte) (cipher.AEAD, error) {
	if aead, ok := p.ciphers[string(salt)]; ok {
		return aead, nil
	}
	key, err := scrypt.Key([]byte(p.text), salt, p.cost, 8, 1, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving a key from the passphrase: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("deriving a key from the passphrase: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("deriving a key from the passphrase: %w", err)
	}
	p.ciphers[string(salt)] = aead
	return aead, nil
}

package signature

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"
)

// RSA makes signatures with RSA keys, PKCS #1 v1.5 over SHA-256, which is most of what a
// delivery costs. It is safe for concurrent use.
type RSA interface {
	// Sign signs a digest.
	Sign(key *rsa.PrivateKey, digest [sha256.Size]byte) ([]byte, error)
	// String is what makes them, for people.
	String() string
}

// GoRSA is Go's own.
var GoRSA RSA = goRSA{}

type goRSA struct{}

func (goRSA) String() string { return "Go" }

func (goRSA) Sign(key *rsa.PrivateKey, digest [sha256.Size]byte) ([]byte, error) {
	return rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
}

// The settings of [ChooseRSA].
const (
	RSAByGo      = "go"
	RSAByOpenSSL = "openssl"
	RSAAuto      = "auto"
)

// ErrNoOpenSSL is why [ChooseRSA] does not use OpenSSL, with the reason.
var ErrNoOpenSSL = errors.New("OpenSSL does not sign")

// ChooseRSA returns what a setting names: Go's own, or OpenSSL's libcrypto, if the
// machine has it and it passes a test with a key and a signature that are known. A call
// of it that fails later is made by Go, and warn is called for the first. [RSAAuto] is
// Go's where OpenSSL's is not to be had; why is the error then, which is [ErrNoOpenSSL],
// and beside it is a signer all the same.
func ChooseRSA(setting string, warn func(error)) (RSA, error) {
	return chooseRSA(setting, warn, openLibcrypto)
}

func chooseRSA(setting string, warn func(error), open func() (RSA, error)) (RSA, error) {
	if setting == RSAByGo {
		return GoRSA, nil
	}
	fast, err := open()
	if err == nil {
		if err = testRSA(fast); err == nil {
			return &fallingBack{fast: fast, warn: warn}, nil
		}
	}
	err = fmt.Errorf("%w: %w", ErrNoOpenSSL, err)
	if setting == RSAByOpenSSL {
		return nil, err
	}
	return GoRSA, err
}

// fallingBack signs with Go what a faster one fails to sign.
type fallingBack struct {
	fast RSA
	warn func(error)
	once sync.Once
}

func (f *fallingBack) String() string { return f.fast.String() }

func (f *fallingBack) Sign(key *rsa.PrivateKey, digest [sha256.Size]byte) ([]byte, error) {
	made, err := f.fast.Sign(key, digest)
	if err == nil {
		return made, nil
	}
	f.once.Do(func() { f.warn(err) })
	return GoRSA.Sign(key, digest)
}

// RateOf is how many signatures one processor makes in a second, measured for a while.
func RateOf(by RSA, during time.Duration) (float64, error) {
	known, err := readKnown()
	if err != nil {
		return 0, err
	}
	began, n := time.Now(), 0
	for time.Since(began) < during || n == 0 {
		if _, err := by.Sign(known.key, known.digest); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(began).Seconds(), nil
}

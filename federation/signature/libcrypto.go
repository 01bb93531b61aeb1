//go:build linux && (amd64 || arm64) && !static

package signature

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/ebitengine/purego"
)

// libcryptoName is the library of OpenSSL 3, wherever the loader finds it.
const libcryptoName = "libcrypto.so.3"

// libcrypto is OpenSSL's, loaded at run time and called without cgo. It is never
// unloaded: it has state in every thread that called it.
type libcrypto struct {
	version string
	sha256  uintptr

	// As in openssl/evp.h, openssl/rsa.h, openssl/x509.h and openssl/bio.h; int is
	// int32, size_t is uint64.
	openBuffer  func(bytes *byte, length int32) uintptr
	closeBuffer func(buffer uintptr) int32
	readKey     func(buffer, into uintptr) uintptr
	freeKey     func(key uintptr)
	newContext  func(key, engine uintptr) uintptr
	freeContext func(context uintptr)
	initSign    func(context uintptr) int32
	setPadding  func(context uintptr, padding int32) int32
	setDigest   func(context, digest uintptr) int32
	sign        func(context uintptr, into *byte, length *uint64, digest *byte, digestLength uint64) int32

	mu           sync.Mutex
	keys         map[*rsa.PrivateKey]*loadedKey
	idleContexts int // at most, for a key
}

const (
	rsaPKCS1Padding = 1 // RSA_PKCS1_PADDING
	opensslVersion  = 0 // OPENSSL_VERSION
	maxLoadedKeys   = 64
)

// openLibcrypto loads the library.
func openLibcrypto() (RSA, error) { return loadLibcrypto(libcryptoName) }

func loadLibcrypto(name string) (RSA, error) {
	library, err := purego.Dlopen(name, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", name, err)
	}
	// As many sign at once as remote lets, which is twice the processors.
	l := &libcrypto{keys: map[*rsa.PrivateKey]*loadedKey{}, idleContexts: 2 * runtime.GOMAXPROCS(0)}
	var version func(what int32) string
	var sha func() uintptr
	for name, function := range map[string]any{
		"OpenSSL_version": &version, "EVP_sha256": &sha, "d2i_PrivateKey_bio": &l.readKey, "BIO_new_mem_buf": &l.openBuffer, "BIO_free": &l.closeBuffer, "EVP_PKEY_free": &l.freeKey,
		"EVP_PKEY_CTX_new": &l.newContext, "EVP_PKEY_CTX_free": &l.freeContext, "EVP_PKEY_sign_init": &l.initSign,
		"EVP_PKEY_CTX_set_rsa_padding": &l.setPadding, "EVP_PKEY_CTX_set_signature_md": &l.setDigest, "EVP_PKEY_sign": &l.sign,
	} {
		address, err := purego.Dlsym(library, name)
		if err != nil {
			return nil, fmt.Errorf("look %s up: %w", name, err)
		}
		purego.RegisterFunc(function, address)
	}
	l.version, l.sha256 = version(opensslVersion), sha()
	if l.sha256 == 0 {
		return nil, errors.New("it has no SHA-256")
	}
	return l, nil
}

func (l *libcrypto) String() string { return l.version }

// Sign implements [RSA]. Nobody else uses the context meanwhile, nor its key: OpenSSL
// blinds under a lock of the key.
func (l *libcrypto) Sign(key *rsa.PrivateKey, digest [sha256.Size]byte) ([]byte, error) {
	k := l.load(key)
	context, err := k.take(l, key)
	if err != nil {
		return nil, err
	}
	made := make([]byte, key.Size())
	length := uint64(len(made))
	if l.sign(context, &made[0], &length, &digest[0], uint64(len(digest))) != 1 || length != uint64(len(made)) {
		l.freeContext(context)
		return nil, errors.New("EVP_PKEY_sign failed")
	}
	k.put(l, context)
	return made, nil
}

// loadedKey is a key with contexts that nobody uses now.
type loadedKey struct {
	mu      sync.Mutex
	idle    []uintptr
	dropped bool
}

// load returns what is kept of a key. Actors are few; those beyond the bound are loaded
// anew.
func (l *libcrypto) load(key *rsa.PrivateKey) *loadedKey {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k, ok := l.keys[key]; ok {
		return k
	}
	if len(l.keys) >= maxLoadedKeys {
		for other, k := range l.keys { // whichever comes first
			k.drop(l)
			delete(l.keys, other)
			break
		}
	}
	k := &loadedKey{}
	l.keys[key] = k
	return k
}

func (k *loadedKey) take(l *libcrypto, key *rsa.PrivateKey) (context uintptr, err error) {
	k.mu.Lock()
	if n := len(k.idle); n > 0 {
		context, k.idle = k.idle[n-1], k.idle[:n-1]
	}
	k.mu.Unlock()
	if context == 0 {
		return l.context(key)
	}
	return context, nil
}

func (k *loadedKey) put(l *libcrypto, context uintptr) {
	k.mu.Lock()
	kept := !k.dropped && len(k.idle) < l.idleContexts
	if kept {
		k.idle = append(k.idle, context)
	}
	k.mu.Unlock()
	if !kept {
		l.freeContext(context)
	}
}

func (k *loadedKey) drop(l *libcrypto) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropped = true
	for _, context := range k.idle {
		l.freeContext(context)
	}
	k.idle = nil
}

// context makes a context that signs, with a key of its own. The key goes from memory to
// memory, and the copy between is wiped.
func (l *libcrypto) context(key *rsa.PrivateKey) (uintptr, error) {
	der := x509.MarshalPKCS1PrivateKey(key)
	defer clear(der)
	buffer := l.openBuffer(&der[0], int32(len(der)))
	if buffer == 0 {
		return 0, errors.New("BIO_new_mem_buf failed")
	}
	theirs := l.readKey(buffer, 0)
	l.closeBuffer(buffer)
	if theirs == 0 {
		return 0, errors.New("d2i_PrivateKey_bio failed")
	}
	defer l.freeKey(theirs) // the context holds it
	context := l.newContext(theirs, 0)
	if context == 0 {
		return 0, errors.New("EVP_PKEY_CTX_new failed")
	}
	if l.initSign(context) != 1 || l.setPadding(context, rsaPKCS1Padding) != 1 || l.setDigest(context, l.sha256) != 1 {
		l.freeContext(context)
		return 0, errors.New("EVP_PKEY_sign_init failed")
	}
	return context, nil
}

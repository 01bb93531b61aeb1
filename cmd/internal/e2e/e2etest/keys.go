package e2etest

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"sync"
	"testing"
)

// peerKeys is how many keys peers have, the stranger's apart.
const peerKeys = 5

// pool are the RSA keys of all peers of a process, each drawn when it is needed
// first: to draw one takes as long as a hundred messages.
var pool = func() (all [peerKeys + 1]func() (*rsa.PrivateKey, error)) {
	for n := range all {
		all[n] = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })
	}
	return all
}()

// handedOut counts the peers by the name of their test.
var handedOut = struct {
	mu sync.Mutex
	by map[string]int
}{by: map[string]int{}}

// keyFor is the key of a test's next peer. Peers of one test that are made one
// after the other have different keys, and none of a subtest's peers has that of
// the first peer of the test around it, who may be the one to be robbed.
func keyFor(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	handedOut.mu.Lock()
	n := handedOut.by[t.Name()]
	handedOut.by[t.Name()]++
	handedOut.mu.Unlock()
	if strings.Contains(t.Name(), "/") {
		return drawn(t, 1+n%(peerKeys-1))
	}
	return drawn(t, n%peerKeys)
}

// StrangersKey is a key that no peer has.
func StrangersKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	return drawn(t, peerKeys)
}

func drawn(t testing.TB, n int) *rsa.PrivateKey {
	t.Helper()
	key, err := pool[n]()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// publicPEM is the public half of a key as actors publish it.
func publicPEM(t testing.TB, key *rsa.PrivateKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Error(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

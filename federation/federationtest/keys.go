package federationtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"sync"
	"testing"
)

// pool holds the RSA keys of a process, in the order in which they were generated.
var pool struct {
	mu    sync.Mutex
	keys  []*rsa.PrivateKey
	taken map[string]int // by test
}

// Key is one of the pool's RSA keys of 2,048 bits, by its number from 0: the same
// each time, generated when it is first asked for.
func Key(t testing.TB, n int) *rsa.PrivateKey {
	t.Helper()
	pool.mu.Lock()
	defer pool.mu.Unlock()
	for len(pool.keys) <= n {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		pool.keys = append(pool.keys, key)
	}
	return pool.keys[n]
}

// nextKey is a key that neither the test nor one that it is part of has had;
// subtests that stand side by side have the same ones. The first is the site's: no
// peer has it.
func nextKey(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	pool.mu.Lock()
	if pool.taken == nil {
		pool.taken = map[string]int{}
	}
	pool.taken[t.Name()]++
	n := 0
	for name := t.Name(); name != ""; name = name[:max(strings.LastIndexByte(name, '/'), 0)] {
		n += pool.taken[name]
	}
	pool.mu.Unlock()
	return Key(t, n)
}

func newEd25519(t testing.TB) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

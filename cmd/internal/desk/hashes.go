package desk

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/crypto/argon2"
)

// Hashing is what a hash of a password costs (RFC 9106 §3.1).
type Hashing struct {
	Memory     uint32 // KiB
	Iterations uint32
}

// StrongHashing is the second recommendation of RFC 9106 §4, on one lane: two at once take
// 128 MiB.
func StrongHashing() Hashing { return Hashing{Memory: 64 << 10, Iterations: 3} }

const (
	hashesWait   = 16 // for their turn in a queue, at most
	hashesOfOne  = 4  // of one network of strangers, with the one that runs
	hashPatience = 10 * time.Second
)

// hashes makes and compares hashes of passwords, so many at a time that memory is bounded: one
// for strangers, and one for those whom the desk knows, by their browser, their session or their
// invitation. However many strangers come, nobody whom the desk knows waits for them.
type hashes struct {
	params           argon2id.Params
	nobody           string // a hash that no password has
	strangers, known *queue
}

func newHashes(cost Hashing) *hashes {
	h := &hashes{
		params:    argon2id.Params{Memory: cost.Memory, Iterations: cost.Iterations, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		strangers: newQueue(hashesOfOne), known: newQueue(1 + hashesWait),
	}
	random := make([]byte, 48)
	_, _ = rand.Read(random) // never fails
	b64 := base64.RawStdEncoding
	h.nobody = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s", argon2.Version, cost.Memory, cost.Iterations, b64.EncodeToString(random[:16]), b64.EncodeToString(random[16:]))
	return h
}

// make makes a hash of a password, for somebody whom the desk knows.
func (h *hashes) make(ctx context.Context, password string) (string, error) {
	done, err := h.known.turn(ctx, "")
	if err != nil {
		return "", err
	}
	defer done()
	hash, err := argon2id.CreateHash(password, &h.params)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// fits tells whether a hash is of a password. Where there is no hash it takes as long to
// say no. stranger is the network of somebody whom the desk does not know, and empty for one
// whom it knows.
func (h *hashes) fits(ctx context.Context, stranger, password, hash string) (bool, error) {
	queue := h.known
	if stranger != "" {
		queue = h.strangers
	}
	done, err := queue.turn(ctx, stranger)
	if err != nil {
		return false, err
	}
	defer done()
	if hash == "" {
		hash = h.nobody
	}
	fits, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return fits, nil
}

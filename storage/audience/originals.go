package audience

import (
	"fmt"

	"communique/storage/internal/kernel"
)

const (
	// MaxOriginal is how long a signed request may be, in bytes, to be stored with what it
	// brought.
	MaxOriginal = 64 << 10
	// maxOriginals is how many are stored with replies, and with quotes.
	maxOriginals = 4_000
)

// Original is a request as its author signed it, and the public key that verified it, in PEM:
// with both, what was said is proven without asking anybody.
type Original struct {
	Request []byte
	Key     string
}

// values are the request and its key, or nothing of both if there is none, or it is too long.
func (o Original) values() (request any, key string) {
	if len(o.Request) == 0 || len(o.Request) > MaxOriginal {
		return nil, ""
	}
	return o.Request, o.Key
}

// pruneOriginals forgets the signed requests that brought what was decided thirty days ago,
// and the oldest of what is too much: they are there to be kept as evidence, see
// [Tx.KeepEvidence].
func (tx *Tx) pruneOriginals() error {
	for _, table := range []string{"replies", "quoting"} {
		err := tx.db.Exec(`UPDATE `+table+` SET original = NULL, original_key = '' WHERE original IS NOT NULL AND state <> 'pending' AND received < $1`,
			kernel.Micros(tx.db.Now().Add(-rejectedMemory)))
		if err == nil {
			err = tx.db.Exec(`UPDATE `+table+` SET original = NULL, original_key = '' WHERE original IS NOT NULL AND received <
				(SELECT received FROM `+table+` WHERE original IS NOT NULL ORDER BY received DESC LIMIT 1 OFFSET $1)`, maxOriginals-1)
		}
		if err != nil {
			return fmt.Errorf("forget the requests that brought %s: %w", table, err)
		}
	}
	return nil
}

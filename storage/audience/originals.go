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

// orNull is content, or nothing if it is empty.
func orNull(content []byte) any {
	if len(content) == 0 || len(content) > MaxOriginal {
		return nil
	}
	return content
}

// pruneOriginals forgets the signed requests that brought what was decided thirty days ago,
// and the oldest of what is too much: they are there to be kept as evidence, see
// [Tx.KeepEvidence].
func (tx *Tx) pruneOriginals() error {
	for _, table := range []string{"replies", "quoting"} {
		err := tx.db.Exec(`UPDATE `+table+` SET original = NULL WHERE original IS NOT NULL AND state <> 'pending' AND received < $1`,
			kernel.Micros(tx.db.Now().Add(-rejectedMemory)))
		if err == nil {
			err = tx.db.Exec(`UPDATE `+table+` SET original = NULL WHERE original IS NOT NULL AND received <
				(SELECT received FROM `+table+` WHERE original IS NOT NULL ORDER BY received DESC LIMIT 1 OFFSET $1)`, maxOriginals-1)
		}
		if err != nil {
			return fmt.Errorf("forget the requests that brought %s: %w", table, err)
		}
	}
	return nil
}

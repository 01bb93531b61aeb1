package certificates

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// LockCertificates takes a lock for a while, or keeps it for longer. It tells whether the
// holder has it now: another one may have it, and not be taken for dead.
func (tx *Tx) LockCertificates(name, holder string, within time.Duration) (held bool, err error) {
	now := tx.db.Now()
	held, err = tx.db.Any(`INSERT INTO certificate_locks (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = $2, until = $3
		WHERE certificate_locks.holder = $2 OR certificate_locks.until <= $4 RETURNING 1`,
		name, holder, kernel.Micros(now.Add(within)), kernel.Micros(now))
	if err != nil {
		return false, fmt.Errorf("take the lock %s: %w", name, err)
	}
	return held, nil
}

// UnlockCertificates gives a lock back. One that another holder has by now stays.
func (tx *Tx) UnlockCertificates(name, holder string) error {
	err := tx.db.Exec(`DELETE FROM certificate_locks WHERE name = $1 AND holder = $2`, name, holder)
	if err != nil {
		return fmt.Errorf("give the lock %s back: %w", name, err)
	}
	return nil
}

package storage

import (
	"fmt"

	"communique/storage/press"
)

// restoreJump is how far the log jumps when a backup is put back. What was
// appended after the backup and went out is forgotten here and remembered
// elsewhere: its seqs, and with them its activity ids, must not be used again
// for something else.
const restoreJump = 1_000_000

// Reopen prepares a database that was restored from a backup for going on. If it
// has drafts under embargo these are held: one may have been cancelled since, or
// given a new text or a later second.
func (tx *Tx) Reopen() (press.Seq, error) {
	var seq press.Seq
	err := tx.db.Row(`UPDATE log_head SET seq = seq + $1 WHERE id = 1 RETURNING seq`, restoreJump).Scan(&seq)
	if err != nil {
		return 0, fmt.Errorf("jump ahead in the log: %w", err)
	}
	next, err := tx.NextRelease()
	if err == nil && !next.IsZero() {
		err = tx.SetFact(factHeld, "a backup was restored, which does not know what became of drafts since")
	}
	return seq, err
}

package storage

import "communique/storage/press"

// Reopen prepares a database that was restored from a backup for going on, and
// returns the head of the log. If it has drafts under embargo these are held: one
// may have been cancelled since, or given a new text or a later second.
func (tx *Tx) Reopen() (press.Seq, error) {
	seq, err := tx.log.JumpAhead()
	if err != nil {
		return 0, err
	}
	next, err := tx.NextRelease()
	if err == nil && !next.IsZero() {
		err = tx.HoldEmbargoes("a backup was restored, which does not know what became of drafts since")
	}
	return seq, err
}

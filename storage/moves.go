package storage

import "fmt"

// MoveFollower puts the account that a follower has moved to in his place: the
// destination that serves the new one takes over what the old one has and still
// lacks. Of f, Accept is not sent: nobody asked. If the new account follows
// already, or has left since, the old one only leaves. f.Signed is when the Move
// was signed: an older Follow of the old account counts no more, and a newer one
// stays. Who does not follow is press.ErrNotFound.
func (tx *Tx) MoveFollower(from string, f Follow) error {
	if err := tx.lock(); err != nil {
		return err
	}
	before, err := tx.Follower(f.Source, from)
	if err != nil {
		return err
	}
	if before.Signed.After(f.Signed) {
		return nil
	}
	if news, err := tx.rememberUndo(f.Source, from, f.Signed); err != nil || !news {
		return err
	}
	f.ID, f.Accept = before.Follow, Directed{}
	known, err := tx.standingOf(f)
	if err != nil {
		return fmt.Errorf("look for %s: %w", f.Actor, err)
	}
	if !known.left(f) {
		if err := tx.joinInstead(before, known, f); err != nil {
			return err
		}
	}
	if err := tx.exec(`DELETE FROM followers WHERE source = $1 AND actor = $2`, f.Source, from); err != nil {
		return fmt.Errorf("remove follower %s: %w", from, err)
	}
	return tx.leaveDestination(f.Source, before.Destination)
}

// joinInstead lets a new account follow with what the one before it had.
func (tx *Tx) joinInstead(before Follower, known standing, f Follow) error {
	destination, err := tx.openDestination(f, known, before.Destination)
	if err != nil {
		return err
	}
	joined := 0
	if known.destination == 0 {
		joined = 1
		err := tx.exec(`INSERT INTO followers (source, actor, inbox, destination, follow, since, handle, signed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			f.Source, f.Actor, f.Inbox, destination, f.ID, micros(before.Since), f.Handle, micros(f.Signed))
		if err != nil {
			return fmt.Errorf("store follower %s: %w", f.Actor, err)
		}
	}
	return tx.countFollower(destination, known.served, joined)
}

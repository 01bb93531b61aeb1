package storage

import "fmt"

// MoveFollower puts the account that a follower has moved to in his place: the
// destination that serves the new one takes over what the old one has and still
// lacks. Of f, Accept is not sent: nobody asked. If the new account follows
// already, the old one only leaves. Who does not follow is press.ErrNotFound.
func (tx *Tx) MoveFollower(from string, f Follow) error {
	if err := tx.lock(); err != nil {
		return err
	}
	before, err := tx.Follower(f.Source, from)
	if err != nil {
		return err
	}
	f.ID, f.Accept = before.Follow, Directed{}
	known, err := tx.standingOf(f)
	if err != nil {
		return fmt.Errorf("look for %s: %w", f.Actor, err)
	}
	destination, err := tx.openDestination(f, known, before.Destination)
	if err != nil {
		return err
	}
	joined := 0
	if known.destination == 0 {
		joined = 1
		err := tx.exec(`INSERT INTO followers (source, actor, inbox, destination, follow, since, handle, signed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
			f.Source, f.Actor, f.Inbox, destination, f.ID, micros(before.Since), f.Handle, micros(before.Signed))
		if err != nil {
			return fmt.Errorf("store follower %s: %w", f.Actor, err)
		}
	}
	if err := tx.countFollower(destination, known.served, joined); err != nil {
		return err
	}
	if err := tx.exec(`DELETE FROM followers WHERE source = $1 AND actor = $2`, f.Source, from); err != nil {
		return fmt.Errorf("remove follower %s: %w", from, err)
	}
	return tx.leaveDestination(f.Source, before.Destination)
}

package audience

import (
	"fmt"

	"communique/storage/deliveries"
	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// ChangeInbox serves a follower at the inboxes that their account names now: the
// destination there takes over what the old one has and still lacks, as when they
// move. Of f, Accept is not sent. It returns press.ErrNotFound if the actor does
// not follow.
func (tx *Tx) ChangeInbox(f Follow) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	before, err := tx.Follower(f.Source, f.Actor)
	if err != nil {
		return err
	}
	f.ID, f.Accept = before.Follow, deliveries.Directed{}
	known, err := tx.standingOf(f)
	if err != nil {
		return fmt.Errorf("look for %s: %w", f.Actor, err)
	}
	destination, err := tx.ledger.Serve(known.opening(f, before.Destination))
	if err != nil {
		return err
	}
	err = tx.db.Exec(`UPDATE followers SET inbox = $1, destination = $2 WHERE source = $3 AND actor = $4`,
		f.Inbox, destination, f.Source, f.Actor)
	if err != nil {
		return fmt.Errorf("change the inbox of %s: %w", f.Actor, err)
	}
	if destination == before.Destination {
		return nil
	}
	if err := tx.ledger.Count(destination, known.served, 1); err != nil {
		return err
	}
	return tx.ledger.Leave(f.Source, before.Destination)
}

// InboxesOf returns a follower's own inbox and the one that entries are delivered
// to, or press.ErrNotFound if the actor does not follow.
func (tx *Tx) InboxesOf(source, actor string) (own, delivery string, err error) {
	err = tx.db.Row(`SELECT f.inbox, d.url FROM followers f JOIN destinations d ON d.id = f.destination
		WHERE f.source = $1 AND f.actor = $2`, source, actor).Scan(&own, &delivery)
	if err != nil {
		return "", "", fmt.Errorf("read the inboxes: %w", kernel.NotFound(err, "%s does not follow %s", actor, source))
	}
	return own, delivery, nil
}

// MoveFollower puts the account that a follower has moved to in their place: the
// destination that serves the new one takes over what the old one has and still
// lacks. Of f, Accept is not sent: nobody asked. If the new account follows
// already, or has left since, the old one only leaves. f.Signed is when the Move
// was signed: an older Follow of the old account counts no more, and a newer one
// stays. It returns press.ErrNotFound if the old account does not follow.
func (tx *Tx) MoveFollower(from string, f Follow) error {
	if err := tx.log.Lock(); err != nil {
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
	f.ID, f.Accept = before.Follow, deliveries.Directed{}
	known, err := tx.standingOf(f)
	if err != nil {
		return fmt.Errorf("look for %s: %w", f.Actor, err)
	}
	if !known.hasLeft(f) {
		if err := tx.joinInstead(before, known, f); err != nil {
			return err
		}
	}
	if err := tx.db.Exec(`DELETE FROM followers WHERE source = $1 AND actor = $2`, f.Source, from); err != nil {
		return fmt.Errorf("remove follower %s: %w", from, err)
	}
	if err := tx.left(f.Source, from); err != nil {
		return err
	}
	return tx.ledger.Leave(f.Source, before.Destination)
}

// joinInstead lets a new account follow with what the one before it had.
func (tx *Tx) joinInstead(before Follower, known standing, f Follow) error {
	destination, err := tx.ledger.Serve(known.opening(f, before.Destination))
	if err != nil {
		return err
	}
	joined := 0
	if known.destination == 0 {
		joined = 1
		err := tx.db.Exec(`INSERT INTO followers (source, actor, inbox, destination, follow, since, handle, signed, host) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			f.Source, f.Actor, f.Inbox, destination, f.ID, kernel.Micros(before.Since), f.Handle, kernel.Micros(f.Signed), press.HostOf(f.Actor))
		if err == nil {
			err = tx.joined(f.Source, f.Actor)
		}
		if err != nil {
			return fmt.Errorf("store follower %s: %w", f.Actor, err)
		}
	}
	return tx.ledger.Count(destination, known.served, joined)
}

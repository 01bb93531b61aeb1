package audience

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// maxEndedFollows is how many Follows of one actor are remembered by their ids. Of
// older ones only the time is.
const maxEndedFollows = 20

// EndFollow ends the follow that an Undo names by the Follow's id, and no other: one
// with another id stays, whichever of the two was signed later. Whether the id is known
// makes no difference: an Undo may overtake its Follow, which is over when it comes.
// Without an id the Undo is for whatever stood when it was signed (INTEROP I6).
func (tx *Tx) EndFollow(source, actor, follow string, signed time.Time) error {
	if follow == "" || signed.IsZero() {
		return tx.RemoveFollower(source, actor, signed)
	}
	if err := tx.log.Lock(); err != nil {
		return err
	}
	news, err := tx.rememberEnd(source, actor, follow, signed)
	if err != nil || !news {
		return err
	}
	f, found, err := tx.followerIfAny(source, actor)
	if err != nil || !found || f.Follow != "" && f.Follow != follow || f.Signed.After(signed) {
		return err
	}
	return tx.removeFollower(f)
}

// EndFollowOfLooseID is [Tx.EndFollow] for servers whose Undos have other ids in them
// than their Follows had: one that is unknown stands for none.
func (tx *Tx) EndFollowOfLooseID(source, actor, follow string, signed time.Time) error {
	if err := tx.log.Lock(); err != nil {
		return err
	}
	known, err := tx.db.Any(`SELECT 1 FROM ended_follows WHERE source = $1 AND actor = $2 AND follow = $3
		UNION ALL SELECT 1 FROM followers WHERE source = $1 AND actor = $2 AND follow = $3`, source, actor, follow)
	if err != nil {
		return fmt.Errorf("look which Follows of %s are known: %w", actor, err)
	}
	if !known {
		follow = ""
	}
	return tx.EndFollow(source, actor, follow, signed)
}

// rememberEnd notes that a Follow is over. It is not news if something that was
// signed no earlier ended it.
func (tx *Tx) rememberEnd(source, actor, follow string, signed time.Time) (news bool, err error) {
	news, err = tx.db.Any(`INSERT INTO ended_follows (source, actor, follow, signed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (source, actor, follow) DO UPDATE SET signed = excluded.signed WHERE ended_follows.signed < excluded.signed RETURNING 1`,
		source, actor, follow, kernel.Micros(signed))
	if err != nil {
		return false, fmt.Errorf("remember that %s is over: %w", follow, err)
	}
	return news, tx.boundEnds(source, actor)
}

// replaced notes that the Follow with which an actor follows is over, if another
// one takes its place.
func (tx *Tx) replaced(by Follow) error {
	err := tx.db.Exec(`INSERT INTO ended_follows (source, actor, follow, signed)
		SELECT source, actor, follow, signed FROM followers WHERE source = $1 AND actor = $2 AND follow NOT IN ('', $3)
		ON CONFLICT (source, actor, follow) DO NOTHING`, by.Source, by.Actor, by.ID)
	if err != nil {
		return fmt.Errorf("remember which Follow %s replaces: %w", by.ID, err)
	}
	return tx.boundEnds(by.Source, by.Actor)
}

// boundEnds keeps of the oldest ends of one actor's Follows no more than the time:
// whoever sends Follow after Follow fills nothing, and replays none of them.
func (tx *Tx) boundEnds(source, actor string) error {
	newest, err := tx.forgetEnds(`DELETE FROM ended_follows WHERE source = $1 AND actor = $2 AND follow IN (
		SELECT follow FROM ended_follows WHERE source = $1 AND actor = $2 ORDER BY signed DESC, follow LIMIT 1000 OFFSET $3) RETURNING signed`,
		source, actor, maxEndedFollows)
	if err != nil {
		return fmt.Errorf("forget the oldest Follows of %s: %w", actor, err)
	}
	if !newest.IsZero() {
		_, err = tx.rememberUndo(source, actor, newest)
	}
	return err
}

// forgetEnds deletes what was over, by a statement that returns when each of them was
// signed, and returns the time that is to be remembered of all, zero if there were none:
// just after the newest, for what has an id is refused only if it was signed before.
func (tx *Tx) forgetEnds(statement string, args ...any) (newest time.Time, err error) {
	var last int64
	err = tx.db.Each(func(scan func(...any) error) error {
		var signed int64
		err := scan(&signed)
		last = max(last, signed)
		return err
	}, statement, args...)
	if err != nil || last == 0 {
		return time.Time{}, err
	}
	return kernel.Instant(last).Add(time.Microsecond), nil
}

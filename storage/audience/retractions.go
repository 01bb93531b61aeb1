package audience

import (
	"database/sql"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// The kinds of retractions that are not kinds of interactions: a reply is deleted,
// an account is deleted (which has no subject), a name is changed (which takes
// back the one before), an activity that is not known yet is undone by its id alone.
const (
	kindReply    = "reply"
	kindActor    = "actor"
	kindName     = "name"
	kindActivity = "activity"
)

// maxEndedUnknown is how many activities of one actor are remembered that were undone
// before they came.
const maxEndedUnknown = 20

// EndUnknown notes that an actor has undone an activity that is named by its id alone and
// has not come yet: it is over when it comes, be it a Follow or a reaction.
func (tx *Tx) EndUnknown(actor, activity string, signed time.Time) error {
	if _, err := tx.rememberRetraction(kindActivity, actor, activity, signed); err != nil {
		return err
	}
	err := tx.db.Exec(`DELETE FROM undone WHERE kind = $1 AND actor = $2 AND subject IN (
		SELECT subject FROM undone WHERE kind = $1 AND actor = $2 ORDER BY signed DESC, subject LIMIT 1000 OFFSET $3)`,
		kindActivity, actor, maxEndedUnknown)
	if err != nil {
		return fmt.Errorf("forget the oldest that %s has undone: %w", actor, err)
	}
	return nil
}

// rememberRetraction notes when an actor took back what they did with a subject.
// It is not news if something that was signed no earlier took it back already:
// then this is a replay, and what has been done again since stays.
func (tx *Tx) rememberRetraction(kind, actor, subject string, signed time.Time) (news bool, err error) {
	if signed.IsZero() {
		return true, nil
	}
	news, err = tx.db.Any(`INSERT INTO undone (kind, actor, subject, signed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, actor, subject) DO UPDATE SET signed = excluded.signed WHERE undone.signed < excluded.signed RETURNING 1`,
		kind, actor, subject, kernel.Micros(signed))
	if err != nil {
		return false, fmt.Errorf("remember what %s took back: %w", actor, err)
	}
	return news, nil
}

// retractedSince reports whether something was taken back at or after the instant
// at which it was signed, by itself or with the account of its actor.
func (tx *Tx) retractedSince(kind, actor, subject string, signed time.Time) (bool, error) {
	var at sql.NullInt64
	err := tx.db.Row(`SELECT MAX(signed) FROM (
		SELECT signed FROM undone WHERE kind = $1 AND actor = $2 AND subject = $3
		UNION ALL SELECT signed FROM undone WHERE kind = $4 AND actor = $2 AND subject = '') u`,
		kind, actor, subject, kindActor).Scan(&at)
	if err != nil {
		return false, fmt.Errorf("read what %s took back: %w", actor, err)
	}
	return at.Valid && !signed.After(kernel.Instant(at.Int64)), nil
}

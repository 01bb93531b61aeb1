package audience

import (
	"database/sql"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// The kinds under which a deletion of a post is remembered, and one of an
// account, which has no subject, as the change of a name, which takes the one
// before back.
const (
	kindReply = "reply"
	kindActor = "actor"
	kindName  = "name"
)

// rememberUndone notes when what an actor did with a subject was taken back. It
// is no news if something signed no earlier took it back already: then this is a
// replay, and what has been done again since stays.
func (tx *Tx) rememberUndone(kind, actor, subject string, signed time.Time) (news bool, err error) {
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

// undoneSince tells whether something was taken back at or after the instant
// at which it was signed, by itself or with the account of whoever did it.
func (tx *Tx) undoneSince(kind, actor, subject string, signed time.Time) (bool, error) {
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

package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// kindReply is the kind under which a deletion of a reply is remembered.
const kindReply = "reply"

// rememberUndone notes when what an actor did with a subject was taken back.
func (tx *Tx) rememberUndone(kind, actor, subject string, signed time.Time) error {
	if signed.IsZero() {
		return nil
	}
	err := tx.exec(`INSERT INTO undone (kind, actor, subject, signed) VALUES ($1, $2, $3, $4)
		ON CONFLICT (kind, actor, subject) DO UPDATE SET signed = excluded.signed WHERE undone.signed < excluded.signed`,
		kind, actor, subject, micros(signed))
	if err != nil {
		return fmt.Errorf("remember what %s took back: %w", actor, err)
	}
	return nil
}

// undoneSince tells whether something was taken back at or after the instant
// at which it was signed.
func (tx *Tx) undoneSince(kind, actor, subject string, signed time.Time) (bool, error) {
	var at int64
	err := tx.row(`SELECT signed FROM undone WHERE kind = $1 AND actor = $2 AND subject = $3`, kind, actor, subject).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read what %s took back: %w", actor, err)
	}
	return !signed.After(instant(at)), nil
}

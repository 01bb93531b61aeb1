package deliveries

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Activity is what an actor says as of an entry; the three make its id.
type Activity struct {
	Actor string // its id
	Verb  string
	Seq   press.Seq
}

// Body is an activity as it was rendered first, and "" if it was not yet.
func (tx *Tx) Body(a Activity) (body string, err error) {
	err = tx.db.Row(`SELECT body FROM bodies WHERE actor = $1 AND verb = $2 AND seq = $3`, a.Actor, a.Verb, int64(a.Seq)).Scan(&body)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("read the body of %s %d: %w", a.Verb, a.Seq, err)
	}
	return body, nil
}

// KeepBody keeps the body of an activity, unless another program, or this one before it
// was upgraded, has rendered it before; it returns the one that stands.
func (tx *Tx) KeepBody(a Activity, body string) (stands string, err error) {
	err = tx.db.Exec(`INSERT INTO bodies (actor, verb, seq, body, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (actor, verb, seq) DO NOTHING`,
		a.Actor, a.Verb, int64(a.Seq), body, kernel.Micros(tx.db.Now()))
	if err != nil {
		return "", fmt.Errorf("keep the body of %s %d: %w", a.Verb, a.Seq, err)
	}
	return tx.Body(a)
}

// ForgetBodies forgets the bodies that were rendered before an instant.
func (tx *Tx) ForgetBodies(before time.Time) error {
	if err := tx.db.Exec(`DELETE FROM bodies WHERE at < $1`, kernel.Micros(before)); err != nil {
		return fmt.Errorf("forget the bodies of old activities: %w", err)
	}
	return nil
}

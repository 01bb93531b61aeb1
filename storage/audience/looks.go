package audience

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// When approved replies are looked at again: a day after they came, a week after that,
// then monthly. One that cannot be looked at is tried daily, and believed to be gone
// after three weeks.
const (
	day         = 24 * time.Hour
	firstLook   = day
	secondLook  = 7 * day
	laterLooks  = 30 * day
	retryLook   = day
	missingUpTo = 21 * day
	// lookWithin is when a look is tried again of which nothing was heard.
	lookWithin = time.Hour
)

// DueLooks takes up to limit approved replies that are to be looked at again, those
// that wait longest first, and at most perHost of what keyOf names alike. They are not
// due again within the hour, should nothing come of it.
func (tx *Tx) DueLooks(limit, perHost int, hostOf func(Reply) string) ([]Reply, error) {
	now := kernel.Micros(tx.db.Now())
	err := tx.db.Exec(`UPDATE replies SET next_look = received + $1 WHERE state = $2 AND next_look = 0`, firstLook.Microseconds(), ReplyApproved)
	if err != nil {
		return nil, fmt.Errorf("plan looks at replies: %w", err)
	}
	waiting, err := tx.replies(`SELECT `+replyColumns+` FROM replies WHERE state = $1 AND next_look <= $2 ORDER BY next_look, id LIMIT $3`,
		ReplyApproved, now, 10*limit)
	if err != nil {
		return nil, err
	}
	var due []Reply
	taken := map[string]int{}
	for _, r := range waiting {
		if host := hostOf(r); len(due) < limit && taken[host] < perHost {
			taken[host]++
			due = append(due, r)
		}
	}
	for _, r := range due {
		if err := tx.db.Exec(`UPDATE replies SET next_look = $1 WHERE id = $2`, now+lookWithin.Microseconds(), r.ID); err != nil {
			return nil, fmt.Errorf("note a look at %s: %w", r.ID, err)
		}
	}
	return due, nil
}

// Found notes that a reply is where it was written.
func (tx *Tx) Found(r Reply) error {
	now := tx.db.Now()
	err := tx.db.Exec(`UPDATE replies SET looks = looks + 1, missing_since = 0, next_look = CASE looks WHEN 0 THEN CAST($1 AS BIGINT) ELSE CAST($2 AS BIGINT) END
		WHERE id = $3`, kernel.Micros(now.Add(secondLook)), kernel.Micros(now.Add(laterLooks)), r.ID)
	if err != nil {
		return fmt.Errorf("note that %s was found: %w", r.ID, err)
	}
	return nil
}

// NotFound notes that a reply could not be looked at, and reports whether that has
// been so for so long that it counts as deleted.
func (tx *Tx) NotFound(r Reply) (gone bool, err error) {
	now := tx.db.Now()
	var since int64
	err = tx.db.Row(`UPDATE replies SET next_look = $1, missing_since = CASE missing_since WHEN 0 THEN CAST($2 AS BIGINT) ELSE missing_since END
		WHERE id = $3 RETURNING missing_since`, kernel.Micros(now.Add(retryLook)), kernel.Micros(now), r.ID).Scan(&since)
	if err != nil {
		return false, fmt.Errorf("note that %s was not found: %w", r.ID, kernel.NotFound(err, "reply %s", r.ID))
	}
	return now.Sub(kernel.Instant(since)) >= missingUpTo, nil
}

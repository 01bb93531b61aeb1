package audience

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
)

// The bounds of what strangers can fill, each checked by [Tx.Prune].
const (
	maxUndone         = 100_000
	maxFlags          = 1_000
	maxPendingReplies = 10_000
	// rejectedMemory is how long a rejected reply is remembered, so that its
	// author's edits of it are not asked about again.
	rejectedMemory = 30 * 24 * time.Hour
)

// Pruned is what was dropped to stay within the bounds, the oldest first.
type Pruned struct{ Undone, Flags, Pending int }

// Any reports whether something was lost that an operator may want to know of.
func (t Pruned) Any() bool { return t != Pruned{} }

// Prune forgets what has outlived its use, and the oldest of what exceeds the
// bounds. It is run now and then, so that no message pays for it.
func (tx *Tx) Prune() (t Pruned, err error) {
	old, rejected := kernel.Micros(tx.db.Now().Add(-undoMemory)), kernel.Micros(tx.db.Now().Add(-rejectedMemory))
	err = tx.db.Exec(`DELETE FROM undone WHERE signed < $1`, old)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM ended_follows WHERE signed < $1`, old)
	}
	if err == nil {
		err = tx.db.Exec(`DELETE FROM ended_reactions WHERE signed < $1`, old)
	}
	if err == nil {
		err = tx.db.Exec(`DELETE FROM replies WHERE state = 'rejected' AND received < $1`, rejected)
	}
	if err != nil {
		return t, fmt.Errorf("forget what is old: %w", err)
	}
	if err := tx.pruneOriginals(); err != nil {
		return t, err
	}
	for _, bound := range []struct {
		table, at, condition string
		most                 int
		dropped              *int
	}{
		{"undone", "signed", "1 = 1", maxUndone, &t.Undone},
		{"unfollows", "signed", "1 = 1", maxUndone, &t.Undone},
		{"ended_follows", "signed", "1 = 1", maxUndone, &t.Undone},
		{"ended_reactions", "signed", "1 = 1", maxUndone, &t.Undone},
		{"flags", "at", "1 = 1", maxFlags, &t.Flags},
		{"replies", "received", "state = 'pending'", maxPendingReplies, &t.Pending},
	} {
		n, err := tx.trim(bound.table, bound.at, bound.condition, bound.most)
		if err != nil {
			return t, err
		}
		*bound.dropped += n
	}
	return t, nil
}

// trim removes the rows of a table that are older than the newest so many.
func (tx *Tx) trim(table, at, condition string, most int) (n int, err error) {
	var last int64
	err = tx.db.Row(`SELECT `+at+` FROM `+table+` WHERE `+condition+` ORDER BY `+at+` DESC LIMIT 1 OFFSET $1`, most-1).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look for the oldest of %s: %w", table, err)
	}
	err = tx.db.Each(func(func(...any) error) error { n++; return nil },
		`DELETE FROM `+table+` WHERE `+condition+` AND `+at+` < $1 RETURNING 1`, last)
	if err != nil {
		return 0, fmt.Errorf("trim %s: %w", table, err)
	}
	return n, nil
}

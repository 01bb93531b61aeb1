package storage

import (
	"fmt"
	"time"

	"communique/storage/alarms"
	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// Census is how much there is of what an operator watches.
type Census struct {
	// At is when it was taken, by the clock of the database.
	At   time.Time
	Head publog.Head
	// Destinations are those in each state: "active", "failing" (tried again and again),
	// "paused", "unreachable" and "gone".
	Destinations map[string]int
	// Behind are those that lack an entry, Backlog since when the one lacks something that
	// lacks it for the longest, of those that are neither paused nor unreachable; zero if
	// none does.
	Behind  int
	Backlog time.Time
	// Followers are those of each source.
	Followers     map[string]int
	Replies       int // that wait for a decision
	Drafts        int // under embargo
	NextRelease   time.Time
	Held          bool // no embargo ends
	Subscriptions int
	Backups       Backups
	// Alarms are those of the desk that nobody has said they know of, by kind; HeldBack the
	// texts that have come to their instant unapproved; Unsent the letters to those on duty of
	// which an attempt has failed.
	Alarms   map[alarms.Kind]int
	HeldBack int
	Unsent   int
}

// Census counts. It reads each destination once, which takes a tenth of a second where
// there are a hundred thousand: it is for every few seconds.
func (tx *Tx) Census() (Census, error) {
	c := Census{At: tx.Now(), Destinations: map[string]int{}, Followers: map[string]int{}, Alarms: map[alarms.Kind]int{}}
	var held string
	for _, read := range []func() error{
		func() (err error) { c.Head, err = tx.Head(); return err },
		func() error { return tx.countDestinations(&c) },
		func() (err error) { _, c.Backlog, err = tx.LongestBehind(); return err },
		func() error { return tx.countFollowers(&c) },
		func() error {
			return tx.db.Row(`SELECT (SELECT COUNT(*) FROM replies WHERE state = 'pending'), (SELECT COUNT(*) FROM articles WHERE state = 'embargoed'),
				(SELECT COUNT(*) FROM subscriptions)`).Scan(&c.Replies, &c.Drafts, &c.Subscriptions)
		},
		func() (err error) { c.NextRelease, err = tx.NextRelease(); return err },
		func() (err error) { held, err = tx.ClockHeld(); return err },
		func() (err error) { c.Backups, err = tx.Backups(); return err },
		func() (err error) { c.Alarms, c.HeldBack, c.Unsent, err = tx.CountAlarms(); return err },
	} {
		if err := read(); err != nil {
			return c, fmt.Errorf("count what is watched: %w", err)
		}
	}
	c.Held = held != ""
	return c, nil
}

func (tx *Tx) countDestinations(c *Census) error {
	return tx.db.Each(func(scan func(...any) error) error {
		var state string
		var all, behind int
		err := scan(&state, &all, &behind)
		c.Destinations[state] += all
		c.Behind += behind
		return err
	}, `SELECT state, COUNT(*), SUM(behind) FROM (
			SELECT CASE WHEN d.state <> 'active' THEN d.state WHEN p.host IS NOT NULL THEN 'paused' WHEN d.failures > 0 THEN 'failing' ELSE 'active' END AS state,
				CASE WHEN d.cursor < h.seq AND d.state <> 'gone' THEN 1 ELSE 0 END AS behind
			FROM destinations d JOIN heads h ON h.source = d.source LEFT JOIN paused_hosts p ON p.host = d.host) counted
		GROUP BY state`)
}

func (tx *Tx) countFollowers(c *Census) error {
	return tx.db.Each(func(scan func(...any) error) error {
		var source string
		var n int
		err := scan(&source, &n)
		c.Followers[source] = n
		return err
	}, `SELECT h.source, (SELECT COUNT(*) FROM followers f WHERE f.source = h.source) FROM heads h WHERE h.kind IN ($1, $2)`, publog.Author, publog.Announcer)
}

// Size is how many bytes the database takes.
func (tx *Tx) Size() (bytes int64, err error) {
	if err := tx.db.Row(tx.sizeQuery).Scan(&bytes); err != nil {
		return 0, fmt.Errorf("read the size of the database: %w", err)
	}
	return bytes, nil
}

// EntriesSince is how many entries follow one, and when the first of them was appended.
func (tx *Tx) EntriesSince(seq press.Seq) (n int, first time.Time, err error) {
	var at int64
	if err := tx.db.Row(`SELECT COUNT(*), COALESCE(MIN(at), 0) FROM entries WHERE seq > $1`, seq).Scan(&n, &at); err != nil {
		return 0, first, fmt.Errorf("count the entries after %d: %w", seq, err)
	}
	return n, kernel.Instant(at), nil
}

// newestWithin bounds how far back the newest article that was sent out is looked for:
// behind it may stand a whole import, which was not.
const newestWithin = 10_000

// NewestPushed is the entry that published the newest article which was sent out, and the
// source of its author; the zero entry if there is none.
func (tx *Tx) NewestPushed() (e press.Entry, source string, err error) {
	var seq press.Seq
	err = tx.db.Row(`SELECT COALESCE(MAX(e.seq), 0), COALESCE((SELECT source FROM heads WHERE kind = $1 ORDER BY source LIMIT 1), '') FROM entries e
		WHERE e.seq > (SELECT MAX(seq) FROM entries) - $2 AND e.kind = 'published' AND e.silent = 0`, publog.Author, newestWithin).Scan(&seq, &source)
	if err == nil && seq > 0 {
		e, err = tx.Entry(seq)
	}
	if err != nil {
		return e, "", fmt.Errorf("look for the newest article that was sent out: %w", err)
	}
	return e, source, nil
}

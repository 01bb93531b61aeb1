package storage

import (
	"errors"
	"fmt"
	"time"

	"communique/storage/press"
)

// Directed is a message for one follower's own inbox, beside the log: the
// Accept of a Follow, for one.
type Directed struct {
	ID        string // of the activity
	Source    string // whose key signs it
	Recipient string // actor id
	Inbox     string
	Body      []byte // JSON, as it goes out at each attempt
	Created   time.Time
	Failures  int
	LastError string
}

// Host is the host of the inbox, with its port.
func (d Directed) Host() string { return hostOf(d.Inbox) }

// Direct queues a message.
func (tx *Tx) Direct(d Directed) error {
	err := tx.exec(`INSERT INTO directed (id, source, recipient, inbox, host, body, created, failures, next_attempt, claimed_by, last_error)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, 0, '')`,
		d.ID, d.Source, d.Recipient, d.Inbox, d.Host(), string(d.Body), micros(tx.now))
	if err != nil {
		return fmt.Errorf("queue %s for %s: %w", d.ID, d.Inbox, err)
	}
	return nil
}

// ClaimDirected takes up to limit due messages for a generation.
func (tx *Tx) ClaimDirected(generation int64, limit int) ([]Directed, error) {
	var due []Directed
	err := tx.each(func(scan func(...any) error) error {
		var d Directed
		var body string
		var created int64
		err := scan(&d.ID, &d.Source, &d.Recipient, &d.Inbox, &body, &created, &d.Failures, &d.LastError)
		d.Body, d.Created = []byte(body), instant(created)
		due = append(due, d)
		return err
	}, `SELECT id, source, recipient, inbox, body, created, failures, last_error FROM directed
		WHERE next_attempt <= $1 AND claimed_by <> $2 ORDER BY next_attempt, created, id LIMIT $3`, micros(tx.now), generation, limit)
	if err != nil {
		return nil, fmt.Errorf("read due messages: %w", err)
	}
	for _, d := range due {
		if err := tx.exec(`UPDATE directed SET claimed_by = $1 WHERE id = $2`, generation, d.ID); err != nil {
			return nil, fmt.Errorf("claim message %s: %w", d.ID, err)
		}
	}
	return due, nil
}

// FinishDirected removes a message that was delivered or will never be, and
// lets the destinations go on that waited for it, or that serve its recipient:
// one follower whose own inbox is down must not hold up those he shares with.
func (tx *Tx) FinishDirected(id string) error {
	err := tx.exec(`UPDATE destinations SET waits_for = '' WHERE waits_for = $1 OR id IN (
		SELECT f.destination FROM followers f JOIN directed d ON d.source = f.source AND d.recipient = f.actor
		WHERE d.id = $1)`, id)
	if err == nil {
		err = tx.exec(`DELETE FROM directed WHERE id = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("finish message %s: %w", id, err)
	}
	return nil
}

// RetryDirected puts a message off.
func (tx *Tx) RetryDirected(id string, failures int, next time.Time, lastError string) error {
	err := tx.exec(`UPDATE directed SET failures = $1, next_attempt = $2, last_error = $3, claimed_by = 0 WHERE id = $4`,
		failures, micros(next), lastError, id)
	if err != nil {
		return fmt.Errorf("put off message %s: %w", id, err)
	}
	return nil
}

// NextDue is when the next delivery is to be tried that is not due yet, public
// or directed; the zero time if none waits.
func (tx *Tx) NextDue(source string) (time.Time, error) {
	var at int64
	err := tx.row(`SELECT COALESCE(MIN(next), 0) FROM (
			SELECT MIN(next_attempt) AS next FROM destinations
			WHERE source = $1 AND cursor < (SELECT seq FROM heads WHERE source = $1) AND next_attempt > $2 AND state <> $3
			UNION ALL SELECT MIN(next_attempt) FROM directed WHERE next_attempt > $2) waiting`,
		source, micros(tx.now), StateGone).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the next delivery: %w", err)
	}
	return instant(at), nil
}

// DirectedWaiting tells whether a message is due that a generation does not
// hold.
func (tx *Tx) DirectedWaiting(generation int64) (bool, error) {
	var n int
	err := tx.row(`SELECT COUNT(*) FROM (SELECT 1 FROM directed WHERE next_attempt <= $1 AND claimed_by <> $2 LIMIT 1) due`,
		micros(tx.now), generation).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for due messages: %w", err)
	}
	return n > 0, nil
}

// DropRecipient finishes a message whose recipient's inbox is gone and removes
// him from the followers.
func (tx *Tx) DropRecipient(d Directed) error {
	err := tx.RemoveFollower(d.Source, d.Recipient, time.Time{})
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return err
	}
	return tx.FinishDirected(d.ID)
}

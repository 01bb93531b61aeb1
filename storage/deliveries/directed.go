package deliveries

import (
	"fmt"
	"math"
	"time"

	"communique/storage/internal/kernel"
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
	// Entry is the one whose Update it repeats, which has a body of its own; 0 of
	// what is said once.
	Entry     press.Seq
	Created   time.Time
	Failures  int
	LastError string
}

// Host is the host of the inbox, with its port.
func (d Directed) Host() string { return press.HostOf(d.Inbox) }

// whenResumed is the next attempt at a message to a host that is paused: it is
// after everything that is due, so that nobody looks at it again and again.
const whenResumed = math.MaxInt64

// MaxWaiting is how many messages wait for one recipient at most: somebody who
// asks again and again while their inbox takes nothing would fill the disk.
const MaxWaiting = 50

// Direct queues a message. Beyond the number that is kept for a recipient the
// oldest goes: the newest answers the same, or what they ask for now.
func (tx *Tx) Direct(d Directed) error {
	if err := tx.dropOldest(d); err != nil {
		return err
	}
	return tx.queue(d)
}

// DirectToServers queues a message for every server that any of our actors delivers to,
// beside the log: what takes back something that any of them may have looked at.
func (tx *Tx) DirectToServers(d Directed) error { return tx.directTo("", d) }

// DirectToHost queues a message for those of these servers that have a host.
func (tx *Tx) DirectToHost(host string, d Directed) error { return tx.directTo(host, d) }

func (tx *Tx) directTo(host string, d Directed) error {
	err := tx.db.Exec(`INSERT INTO directed (id, source, recipient, inbox, host, shard, body, created, failures, next_attempt, claimed_by, last_error)
		SELECT CAST($1 AS TEXT) || '#' || MIN(d.id), $2, d.url, d.url, d.host, MIN(d.shard), $3, $4, 0,
			CASE WHEN EXISTS (SELECT 1 FROM paused_hosts p WHERE p.host = d.host) THEN CAST($5 AS BIGINT) ELSE 0 END, 0, ''
		FROM destinations d WHERE d.kind = $6 AND d.state <> $7 AND (CAST($8 AS TEXT) = '' OR d.host = $8) GROUP BY d.url, d.host`,
		d.ID, d.Source, string(d.Body), kernel.Micros(tx.db.Now()), whenResumed, Inbox, StateGone, host)
	if err != nil {
		return fmt.Errorf("queue %s for the servers: %w", d.ID, err)
	}
	return nil
}

// dropOldest makes room for a message among those that wait for its recipient.
func (tx *Tx) dropOldest(d Directed) error {
	err := tx.db.Exec(`DELETE FROM directed WHERE recipient = $1 AND source = $2 AND id IN (SELECT id FROM directed
		WHERE recipient = $1 AND source = $2 ORDER BY created DESC, id DESC LIMIT 1000 OFFSET $3)`, d.Recipient, d.Source, MaxWaiting-1)
	if err != nil {
		return fmt.Errorf("drop what waits for %s for longest: %w", d.Recipient, err)
	}
	return nil
}

// Queue queues a message for somebody for whom so many are known to wait.
func (l *Ledger) Queue(d Directed, waiting int) error {
	if waiting < MaxWaiting {
		return l.queue(d)
	}
	return l.Direct(d)
}

func (tx *Tx) queue(d Directed) error {
	err := tx.db.Exec(`INSERT INTO directed (id, source, recipient, inbox, host, shard, body, created, failures, next_attempt, claimed_by, last_error)
		VALUES ($1, $2, $3, $4, $5, $9, $6, $7, 0, CASE WHEN EXISTS (SELECT 1 FROM paused_hosts WHERE host = $5) THEN CAST($8 AS BIGINT) ELSE 0 END, 0, '')`,
		d.ID, d.Source, d.Recipient, d.Inbox, d.Host(), string(d.Body), kernel.Micros(tx.db.Now()), whenResumed, Shard(d.Host()))
	if err != nil {
		return fmt.Errorf("queue %s for %s: %w", d.ID, d.Inbox, err)
	}
	return nil
}

// RepeatLater queues the repetition of an entry's Update to a destination at an
// instant. It is queued once, however often it is asked for.
func (tx *Tx) RepeatLater(d Directed, at time.Time) error {
	err := tx.db.Exec(`INSERT INTO directed (id, source, recipient, inbox, host, shard, body, entry, created, failures, next_attempt, claimed_by, last_error)
		VALUES ($1, $2, $1, $3, $4, $9, '', $5, $6, 0, CASE WHEN EXISTS (SELECT 1 FROM paused_hosts WHERE host = $4) THEN CAST($8 AS BIGINT) ELSE $7 END, 0, '')
		ON CONFLICT (id) DO NOTHING`,
		d.ID, d.Source, d.Inbox, d.Host(), d.Entry, kernel.Micros(tx.db.Now()), kernel.Micros(at), whenResumed, Shard(d.Host()))
	if err != nil {
		return fmt.Errorf("queue the repetition of entry %d for %s: %w", d.Entry, d.Inbox, err)
	}
	return nil
}

// DeliveredDirected removes a message that was delivered, as [Tx.FinishDirected] does,
// and notes that its server answers.
func (tx *Tx) DeliveredDirected(id string) error { return tx.finish(id, kernel.Micros(tx.db.Now())) }

// FinishDirected removes a message that will never be delivered, and
// lets the destinations go on that waited for it, or that serve its recipient:
// one follower whose own inbox is down must not hold up those that it shares with.
func (tx *Tx) FinishDirected(id string) error { return tx.finish(id, 0) }

func (tx *Tx) finish(id string, success int64) error {
	others := false
	err := tx.db.Each(func(scan func(...any) error) error {
		var other int
		err := scan(&other)
		others = others || other > 0
		return err
	}, `UPDATE destinations SET waits_for = '', last_success = CASE WHEN last_success < $2 THEN $2 ELSE last_success END
		WHERE (waits_for = $1 AND waits_for <> '') OR id IN (
			SELECT f.destination FROM followers f JOIN directed d ON d.source = f.source AND d.recipient = f.actor
			WHERE d.id = $1)
		RETURNING CASE WHEN shard = (SELECT shard FROM directed WHERE id = $1) THEN 0 ELSE 1 END`, id, success)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM directed WHERE id = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("finish message %s: %w", id, err)
	}
	if !others {
		return nil
	}
	return tx.log.Wake() // another process may deliver there, and know nothing of the message
}

// hasToTakeBack tells of a destination that it may have an article whose
// withdrawal e comes after its cursor.
const hasToTakeBack = `EXISTS (SELECT 1 FROM entries e
	WHERE e.seq > destinations.cursor AND e.kind = 'withdrawn' AND (e.pushed <= destinations.holds OR e.pushed <= destinations.attempted
		AND EXISTS (SELECT 1 FROM spans s WHERE s.destination = destinations.id AND s.from_seq < e.pushed
			AND (s.to_seq IS NULL OR e.pushed <= s.to_seq)))`

// endWaits lets the destinations go on at once that have to take back what an
// entry withdraws. They wait so that nothing new is lost on a server where nobody
// follows yet; but a follower's own inbox can be down for days.
func (tx *Tx) endWaits(withdrawn press.Seq) error {
	err := tx.db.Exec(`UPDATE destinations SET waits_for = '' WHERE waits_for <> '' AND `+hasToTakeBack+` AND e.seq = $1)`, withdrawn)
	if err != nil {
		return fmt.Errorf("let entry %d go on: %w", withdrawn, err)
	}
	return nil
}

// RetryDirected puts off a message that a generation holds. One that has been
// claimed by the next generation meanwhile is left to that.
func (tx *Tx) RetryDirected(id string, generation int64, failures int, next time.Time, lastError string) error {
	err := tx.db.Exec(`UPDATE directed SET failures = $1, next_attempt = $2, last_error = $3, claimed_by = 0 WHERE id = $4 AND claimed_by = $5`,
		failures, kernel.Micros(next), lastError, id, generation)
	if err != nil {
		return fmt.Errorf("put off message %s: %w", id, err)
	}
	return nil
}

package deliveries

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/publog"
)

// HostState is how deliveries to a host go, over all its inboxes.
type HostState string

// The states of a host, from the best to the worst.
const (
	HostActive      HostState = "active"
	HostFailing     HostState = "failing" // tried again and again
	HostUnreachable HostState = "unreachable"
	HostGone        HostState = "gone"
	HostPaused      HostState = "paused" // by an operator
)

// Host is a server that entries are delivered to, with all its inboxes and
// callbacks.
type Host struct {
	Name      string // with its port, if that is not the usual one
	State     HostState
	Inboxes   int
	Callbacks int // of subscribers to feeds
	Behind    int // inboxes and callbacks that are behind the head of their source
	Followers int
	Backlog   int // entries that the one that is furthest behind lacks
	// LastSuccess, NextAttempt and LastError are zero if there is none.
	LastSuccess time.Time
	NextAttempt time.Time
	LastError   string
}

// HostFilter says which hosts are meant; the zero filter means all.
type HostFilter struct {
	Behind bool // only those that lack an entry
}

// Hosts reads up to limit hosts, of all sources, in the order of their names,
// after one.
func (tx *Tx) Hosts(which HostFilter, after string, limit int) ([]Host, error) {
	const lacks = `d.cursor < h.seq AND d.state <> 'gone'`
	having := ""
	if which.Behind {
		having = ` HAVING SUM(CASE WHEN ` + lacks + ` THEN 1 ELSE 0 END) > 0`
	}
	var all []Host
	err := tx.db.Each(func(scan func(...any) error) error {
		h, err := scanHost(scan)
		all = append(all, h)
		return err
	}, `SELECT d.host, SUM(CASE WHEN d.kind = 'callback' THEN 0 ELSE 1 END), SUM(CASE WHEN d.kind = 'callback' THEN 1 ELSE 0 END),
			COALESCE(SUM(d.followers), 0),
			SUM(CASE WHEN `+lacks+` THEN 1 ELSE 0 END),
			(SELECT COUNT(*) FROM entries e WHERE e.seq > MIN(CASE WHEN `+lacks+` THEN d.cursor END)
				AND e.seq <= MAX(CASE WHEN `+lacks+` THEN h.seq END) AND e.silent = 0 AND e.article <> ''),
			MAX(d.last_success), COALESCE(MIN(CASE WHEN d.due_by = 1 THEN d.next_attempt END), 0), MAX(d.last_error), MAX(d.failures),
			SUM(CASE WHEN d.state = 'gone' THEN 1 ELSE 0 END), SUM(CASE WHEN d.state = 'unreachable' THEN 1 ELSE 0 END),
			(SELECT COUNT(*) FROM paused_hosts p WHERE p.host = d.host)
		FROM destinations d JOIN heads h ON h.source = d.source
		WHERE d.host > $1 GROUP BY d.host`+having+` ORDER BY d.host LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read hosts: %w", err)
	}
	return all, nil
}

func scanHost(scan func(...any) error) (Host, error) {
	var h Host
	var success, next int64
	var failures, gone, unreachable, paused int
	err := scan(&h.Name, &h.Inboxes, &h.Callbacks, &h.Followers, &h.Behind, &h.Backlog, &success, &next, &h.LastError, &failures, &gone, &unreachable, &paused)
	h.LastSuccess, h.NextAttempt = kernel.Instant(success), kernel.Instant(next)
	switch {
	case paused > 0:
		h.State = HostPaused
	case gone == h.Inboxes+h.Callbacks:
		h.State = HostGone
	case unreachable > 0:
		h.State = HostUnreachable
	case failures > 0:
		h.State = HostFailing
	default:
		h.State = HostActive
	}
	return h, err
}

// LongestBehind is the host that lacks an entry for the longest, and since when it does;
// no host if none lacks any. Those that are paused or unreachable do not count: what is for
// them waits for something else.
func (tx *Tx) LongestBehind() (host string, since time.Time, err error) {
	// Few cursors stand for many destinations.
	const behind = `SELECT d.source, h.kind, d.cursor, h.seq AS head, MIN(d.host) AS host FROM destinations d JOIN heads h ON h.source = d.source
		WHERE d.cursor < h.seq AND d.state = $1 AND NOT EXISTS (SELECT 1 FROM paused_hosts p WHERE p.host = d.host)
		GROUP BY d.source, h.kind, d.cursor, h.seq`
	// What is meant for a source is in [publog.Tx.Backlog].
	const meant = `e.seq = b.head OR b.kind <> $2 AND e.silent = 0 AND e.article <> '' AND
		(b.kind = $3 OR EXISTS (SELECT 1 FROM announced n WHERE n.article = e.article AND n.source = b.source))`
	var at int64
	err = tx.db.Row(`SELECT host, since FROM (
			SELECT b.host, (SELECT e.at FROM entries e WHERE e.seq > b.cursor AND e.seq <= b.head AND (`+meant+`) ORDER BY e.seq LIMIT 1) AS since
			FROM (`+behind+`) b) waiting
		WHERE since IS NOT NULL ORDER BY since, host LIMIT 1`, StateActive, publog.Topic, publog.Author).Scan(&host, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return "", time.Time{}, nil
	}
	if err != nil {
		return "", time.Time{}, fmt.Errorf("look which host lacks an entry for the longest: %w", err)
	}
	return host, kernel.Instant(at), nil
}

// knowHost returns press.ErrNotFound if nothing is delivered to a host.
func (tx *Tx) knowHost(host string) error {
	var n int
	if err := tx.db.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM destinations WHERE host = $1 LIMIT 1) known`, host).Scan(&n); err != nil {
		return fmt.Errorf("look for %s: %w", host, err)
	}
	if n == 0 {
		return fmt.Errorf("%w: nothing is delivered to a host %s", press.ErrNotFound, host)
	}
	return nil
}

// onHost runs statements about a host that is known, and wakes the delivery.
func (tx *Tx) onHost(doing, host string, statements ...statement) error {
	if err := tx.knowHost(host); err != nil {
		return err
	}
	for _, s := range statements {
		if err := tx.db.Exec(s.query, s.args...); err != nil {
			return fmt.Errorf("%s %s: %w", doing, host, err)
		}
	}
	return tx.log.Wake()
}

type statement struct {
	query string
	args  []any
}

func do(query string, args ...any) statement { return statement{query, args} }

// PauseHost stops deliveries to a host until [Tx.ResumeHost]; what is under way
// is not called back. Nothing is lost.
func (tx *Tx) PauseHost(host string) error {
	return tx.onHost("pause", host,
		do(`INSERT INTO paused_hosts (host, since) VALUES ($1, $2) ON CONFLICT (host) DO NOTHING`, host, kernel.Micros(tx.db.Now())),
		do(`UPDATE directed SET next_attempt = $1 WHERE host = $2`, whenResumed, host))
}

// ResumeHost ends a pause; what waits is due at once.
func (tx *Tx) ResumeHost(host string) error {
	return tx.onHost("resume", host,
		do(`DELETE FROM paused_hosts WHERE host = $1`, host),
		do(`UPDATE directed SET next_attempt = 0 WHERE host = $1 AND next_attempt = $2`, host, whenResumed))
}

// RetryHost makes everything due at once that was put off for a host, also
// where it was given up.
func (tx *Tx) RetryHost(host string) error {
	return tx.onHost("retry", host,
		do(`UPDATE destinations SET due_by = $1, next_attempt = 0, state = $2 WHERE host = $3`, dueBehind, StateActive, host),
		do(`UPDATE directed SET next_attempt = 0 WHERE host = $1`, host))
}

// BringForward brings the next attempt at a host forward to an instant, if all are
// later, as when the host has sent us a message that verifies: it may be back. One
// inbox is enough; an answer from it brings the others forward. Nothing is
// reset: what comes in proves nothing about what goes out.
func (tx *Tx) BringForward(host string, at time.Time) error {
	var n int
	err := tx.db.Row(`UPDATE destinations SET next_attempt = $1 WHERE id = (
			SELECT id FROM destinations WHERE host = $2 AND due_by = 1 AND next_attempt > $1 ORDER BY next_attempt, id LIMIT 1)
		AND NOT EXISTS (SELECT 1 FROM destinations WHERE host = $2 AND due_by = 1 AND next_attempt <= $1)
		RETURNING 1`, kernel.Micros(at), host).Scan(&n)
	if err = kernel.NotFound(err, "no attempt to bring forward"); err != nil {
		return fmt.Errorf("bring forward %s: %w", host, err)
	}
	return tx.log.Wake()
}

// IsPutOff reports whether attempts at a host are put off beyond an instant.
func (tx *Tx) IsPutOff(host string, beyond time.Time) (bool, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM destinations WHERE host = $1 AND due_by = 1 AND next_attempt > $2 LIMIT 1) late`,
		host, kernel.Micros(beyond)).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("look for attempts at %s: %w", host, err)
	}
	return n > 0, nil
}

// hostIsBack makes due what else was put off for the host of a destination
// that answers again.
func (tx *Tx) hostIsBack(destination int64) error {
	const host = `(SELECT host FROM destinations WHERE id = $1)`
	err := tx.db.Exec(`UPDATE destinations SET due_by = $2 WHERE host = `+host+` AND due_by = $3`, destination, dueBehind, dueAt)
	if err == nil {
		err = tx.db.Exec(`UPDATE directed SET next_attempt = 0 WHERE host = `+host+` AND failures > 0`, destination)
	}
	if err != nil {
		return fmt.Errorf("bring forward what waits for the host of destination %d: %w", destination, err)
	}
	return nil
}

// RetryAll makes everything due at once that was put off, for whatever host.
func (tx *Tx) RetryAll() error {
	for _, s := range []statement{
		do(`UPDATE destinations SET next_attempt = $1 WHERE due_by = $2`, kernel.Micros(tx.db.Now()), dueAt),
		do(`UPDATE directed SET next_attempt = 0 WHERE next_attempt <> $1`, whenResumed),
	} {
		if err := tx.db.Exec(s.query, s.args...); err != nil {
			return fmt.Errorf("retry what was put off: %w", err)
		}
	}
	return tx.log.Wake()
}

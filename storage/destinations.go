package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
	"time"

	"communique/storage/press"
)

// DestinationState is how deliveries to a destination go.
type DestinationState string

// The states of a destination.
const (
	StateActive DestinationState = "active"
	// StateUnreachable: nothing got through for seven days; probed daily.
	StateUnreachable DestinationState = "unreachable"
	// StateGone: it answered 410, or 404 for seven days; a new follower reopens it.
	StateGone DestinationState = "gone"
)

// Destination is an inbox (later also a callback) that entries are delivered to.
type Destination struct {
	ID        int64
	Source    string
	Kind      string // "inbox"
	URL       string
	Host      string
	Cursor    press.Seq // settled up to here
	Attempted press.Seq // may have arrived up to here
	Failures  int       // in a row
	// FailingSince is when the first of those failures was; zero without any.
	FailingSince time.Time
	NextAttempt  time.Time
	State        DestinationState
	LastSuccess  time.Time
	LastError    string
	Spans        []Span
}

// Span is a stretch of the log during which a destination had a follower:
// entries behind From, up to and including To; To 0 is open.
type Span struct{ From, To press.Seq }

// Covers tells whether an entry fell into the span.
func (s Span) Covers(seq press.Seq) bool { return s.From < seq && (s.To == 0 || seq <= s.To) }

// Covered tells whether any span of the destination covers an entry.
func (d Destination) Covered(seq press.Seq) bool {
	for _, s := range d.Spans {
		if s.Covers(seq) {
			return true
		}
	}
	return false
}

// shards is the number of parts that delivery work is divided into.
const shards = 64

// Shard is the part of the delivery work that a host belongs to.
func Shard(host string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(host)) // a hash's Write never fails
	return int(h.Sum32() % shards)
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

func (tx *Tx) addDestination(f Follow, start press.Seq) (int64, error) {
	host := hostOf(f.Delivery)
	var id int64
	err := tx.row(`INSERT INTO destinations (id, source, kind, url, host, shard, cursor, attempted, failures, failing_since,
			next_attempt, state, waits_for, claimed_by, last_success, last_error)
		VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM destinations), $1, 'inbox', $2, $3, $4, $5, $5, 0, 0, 0, $6, '', 0, 0, '')
		RETURNING id`,
		f.Source, f.Delivery, host, Shard(host), start, StateActive).Scan(&id)
	return id, err
}

const destinationColumns = `id, source, kind, url, host, cursor, attempted, failures, failing_since, next_attempt, state, last_success, last_error`

func scanDestination(scan func(...any) error) (Destination, error) {
	var d Destination
	var since, next, success int64
	err := scan(&d.ID, &d.Source, &d.Kind, &d.URL, &d.Host, &d.Cursor, &d.Attempted, &d.Failures, &since, &next, &d.State, &success, &d.LastError)
	d.FailingSince, d.NextAttempt, d.LastSuccess = instant(since), instant(next), instant(success)
	return d, err
}

// ClaimDestinations takes up to limit due destinations of a source for the
// delivering process of a generation and notes in each that everything up to
// the source's head may have arrived from now on. That note is committed
// before the first byte goes out: a reply that is lost, or a crash, can then
// never hide that a text may have been received. Claimed rows are not handed
// out again to their generation until they are settled.
func (tx *Tx) ClaimDestinations(source string, generation int64, limit int) ([]Destination, press.Seq, error) {
	head, err := tx.SourceHead(source)
	if err != nil {
		return nil, 0, err
	}
	var due []Destination
	err = tx.each(func(scan func(...any) error) error {
		d, err := scanDestination(scan)
		due = append(due, d)
		return err
	}, `SELECT `+destinationColumns+` FROM destinations
		WHERE source = $1 AND cursor < $2 AND next_attempt <= $3 AND waits_for = '' AND claimed_by <> $4 AND state <> $5
		ORDER BY failures, cursor, id LIMIT $6`, source, head, micros(tx.now), generation, StateGone, limit)
	if err != nil {
		return nil, 0, fmt.Errorf("read due destinations: %w", err)
	}
	if err := tx.hold(due, generation, head); err != nil {
		return nil, 0, err
	}
	return due, head, tx.readSpans(due)
}

// hold marks destinations as claimed and attempted, in one statement.
func (tx *Tx) hold(due []Destination, generation int64, head press.Seq) error {
	if len(due) == 0 {
		return nil
	}
	err := tx.exec(`UPDATE destinations SET claimed_by = $1, attempted = $2 WHERE id IN (`+idList(due)+`)`, generation, head)
	if err != nil {
		return fmt.Errorf("claim %d destinations: %w", len(due), err)
	}
	return nil
}

// idList writes ids, which are numbers of our own making, as SQL.
func idList(destinations []Destination) string {
	var b strings.Builder
	for i, d := range destinations {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatInt(d.ID, 10))
	}
	return b.String()
}

// readSpans fills in the spans of destinations.
func (tx *Tx) readSpans(destinations []Destination) error {
	if len(destinations) == 0 {
		return nil
	}
	at := make(map[int64]int, len(destinations))
	for i, d := range destinations {
		at[d.ID] = i
	}
	err := tx.each(func(scan func(...any) error) error {
		var id int64
		var s Span
		if err := scan(&id, &s.From, &s.To); err != nil {
			return err
		}
		d := &destinations[at[id]]
		d.Spans = append(d.Spans, s)
		return nil
	}, `SELECT destination, from_seq, COALESCE(to_seq, 0) FROM spans WHERE destination IN (`+idList(destinations)+`) ORDER BY destination, from_seq`)
	if err != nil {
		return fmt.Errorf("read spans: %w", err)
	}
	return nil
}

// Backlog reads the entries meant for a source behind a cursor, up to its
// head: article entries that were pushed and its own actor entries, appended
// since an instant. Older ones are no longer worth sending.
func (tx *Tx) Backlog(source string, cursor, head press.Seq, since time.Time) ([]press.Entry, error) {
	return tx.entries(`SELECT `+entryColumns+` FROM entries
		WHERE seq > $1 AND seq <= $2 AND at >= $3 AND silent = 0 AND (article <> '' OR (kind = $4 AND $5 = 'actor:' || actor))
		ORDER BY seq`, cursor, head, micros(since), press.KindActor, source)
}

// Settlement is what came of a claimed destination.
type Settlement struct {
	Destination int64
	Cursor      press.Seq // settled up to here now
	Failures    int       // in a row; 0 after a success
	// FailingSince, NextAttempt, State and Error are as in [Destination].
	FailingSince time.Time
	NextAttempt  time.Time
	State        DestinationState
	Error        string
	Succeeded    bool // something was delivered
	Refusals     []Refusal
}

// Refusal is an entry that a destination will not take.
type Refusal struct {
	Seq    press.Seq
	Status int    // of HTTP
	Detail string // start of the answer's body
}

// Settle writes what came of claimed destinations and releases them. A cursor
// never moves back, and a settlement from another generation than the one that
// holds the claim is dropped.
func (tx *Tx) Settle(generation int64, settlements []Settlement) error {
	for _, s := range settlements {
		var success int64
		if s.Succeeded {
			success = micros(tx.now)
		}
		err := tx.row(`UPDATE destinations SET
				cursor = CASE WHEN cursor < $1 THEN $1 ELSE cursor END,
				failures = $2, failing_since = $3, next_attempt = $4, state = $5, last_error = $6,
				last_success = CASE WHEN $7 > 0 THEN $7 ELSE last_success END, claimed_by = 0
			WHERE id = $8 AND claimed_by = $9 RETURNING id`,
			s.Cursor, s.Failures, micros(s.FailingSince), micros(s.NextAttempt), s.State, s.Error, success, s.Destination, generation,
		).Scan(new(int64))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return fmt.Errorf("settle destination %d: %w", s.Destination, err)
		}
		for _, r := range s.Refusals {
			err := tx.exec(`INSERT INTO refusals (destination, seq, at, status, detail) VALUES ($1, $2, $3, $4, $5)
				ON CONFLICT (destination, seq) DO NOTHING`, s.Destination, r.Seq, micros(tx.now), r.Status, r.Detail)
			if err != nil {
				return fmt.Errorf("record the refusal of entry %d: %w", r.Seq, err)
			}
		}
	}
	return nil
}

// NextGeneration numbers the delivering processes: a new one takes over every
// claim of those before it.
func (tx *Tx) NextGeneration() (int64, error) {
	var generation int64
	err := tx.row(`INSERT INTO facts (name, value) VALUES ('delivery_generation', '1')
		ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(facts.value AS BIGINT) + 1 AS TEXT)
		RETURNING CAST(value AS BIGINT)`).Scan(&generation)
	if err != nil {
		return 0, fmt.Errorf("draw a generation: %w", err)
	}
	return generation, nil
}

// Destinations reads up to limit destinations in the order of their ids, from
// behind one.
func (tx *Tx) Destinations(behind int64, limit int) ([]Destination, error) {
	var all []Destination
	err := tx.each(func(scan func(...any) error) error {
		d, err := scanDestination(scan)
		all = append(all, d)
		return err
	}, `SELECT `+destinationColumns+` FROM destinations WHERE id > $1 ORDER BY id LIMIT $2`, behind, limit)
	if err != nil {
		return nil, fmt.Errorf("read destinations: %w", err)
	}
	return all, tx.readSpans(all)
}

// Refusals reads what a destination would not take, in log order.
func (tx *Tx) Refusals(destination int64) ([]Refusal, error) {
	var all []Refusal
	err := tx.each(func(scan func(...any) error) error {
		var r Refusal
		err := scan(&r.Seq, &r.Status, &r.Detail)
		all = append(all, r)
		return err
	}, `SELECT seq, status, detail FROM refusals WHERE destination = $1 ORDER BY seq`, destination)
	if err != nil {
		return nil, fmt.Errorf("read refusals of destination %d: %w", destination, err)
	}
	return all, nil
}

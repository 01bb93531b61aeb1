package deliveries

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"communique/storage/internal/kernel"
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

// DestinationKind is what a destination is.
type DestinationKind string

// The kinds of destinations.
const (
	Inbox    DestinationKind = "inbox"    // of actors, in the fediverse
	Callback DestinationKind = "callback" // of a subscriber to a topic
)

// Destination is where entries are delivered to.
type Destination struct {
	ID        int64
	Source    string
	Kind      DestinationKind
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
	Followers    int           // that are served here
	Latency      time.Duration // running mean of its answers; 0 before the first
	Spans        []Span
	// Holds is up to where it may hold whatever is public, delivered or not.
	Holds press.Seq
}

// Span is a stretch of the log during which a destination had a follower:
// entries after From, up to and including To; To 0 is open.
type Span struct{ From, To press.Seq }

// Covers reports whether an entry fell into the span.
func (s Span) Covers(seq press.Seq) bool { return s.From < seq && (s.To == 0 || seq <= s.To) }

// Covered reports whether any span of the destination covers an entry.
func (d Destination) Covered(seq press.Seq) bool {
	for _, s := range d.Spans {
		if s.Covers(seq) {
			return true
		}
	}
	return false
}

// MayHold reports whether what is said of an article later concerns the destination:
// it was pushed there, or the server may have come by it otherwise.
func (d Destination) MayHold(pushed press.Seq) bool { return pushed <= d.Holds || d.Covered(pushed) }

// Shards is the number of parts that delivery work is divided into.
const Shards = 64

// AllShards is every shard, as a set of bits: a single process delivers all.
const AllShards = ^uint64(0)

// Shard is the part of the delivery work that a host belongs to.
func Shard(host string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(host)) // a hash's Write never fails
	return int(h.Sum32() % Shards)
}

func (tx *Tx) addDestination(source string, kind DestinationKind, url string, start press.Seq) (int64, error) {
	host := press.HostOf(url)
	var id int64
	err := tx.db.Row(`INSERT INTO destinations (id, source, kind, url, host, shard, cursor, attempted, failures, failing_since,
			next_attempt, state, waits_for, claimed_by, last_success, last_error)
		VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM destinations), $1, $2, $3, $4, $5, $6, $6, 0, 0, 0, $7, '', 0, 0, '')
		RETURNING id`,
		source, kind, url, host, Shard(host), start, StateActive).Scan(&id)
	return id, err
}

const destinationColumns = `id, source, kind, url, host, cursor, attempted, failures, failing_since, next_attempt, state, last_success, last_error,
	followers, latency, holds`

func scanDestination(scan func(...any) error) (Destination, error) {
	var d Destination
	var since, next, success, latency int64
	err := scan(&d.ID, &d.Source, &d.Kind, &d.URL, &d.Host, &d.Cursor, &d.Attempted, &d.Failures, &since, &next, &d.State, &success, &d.LastError,
		&d.Followers, &latency, &d.Holds)
	d.FailingSince, d.NextAttempt, d.LastSuccess = kernel.Instant(since), kernel.Instant(next), kernel.Instant(success)
	d.Latency = time.Duration(latency) * time.Microsecond
	return d, err
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

// readSpans fills in the spans of destinations. Those that ended where they began are left
// out: one that did before anything was said ends at 0, and would be taken for an open one.
func (tx *Tx) readSpans(destinations []Destination) error {
	if len(destinations) == 0 {
		return nil
	}
	at := make(map[int64]int, len(destinations))
	for i, d := range destinations {
		at[d.ID] = i
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id int64
		var s Span
		if err := scan(&id, &s.From, &s.To); err != nil {
			return err
		}
		d := &destinations[at[id]]
		d.Spans = append(d.Spans, s)
		return nil
	}, `SELECT destination, from_seq, COALESCE(to_seq, 0) FROM spans WHERE destination IN (`+idList(destinations)+`)
		AND (to_seq IS NULL OR to_seq > from_seq) ORDER BY destination, from_seq`)
	if err != nil {
		return fmt.Errorf("read spans: %w", err)
	}
	return nil
}

// NextGeneration numbers the delivering processes: a new one takes over every
// claim of those before it.
func (tx *Tx) NextGeneration() (int64, error) {
	return tx.db.NextNumber(factGeneration)
}

// factGeneration is also read in SQL: see [Tx.dropCallbacks].
const factGeneration = "delivery_generation"

// Destinations reads up to limit destinations in the order of their ids, after
// one.
func (tx *Tx) Destinations(after int64, limit int) ([]Destination, error) {
	var all []Destination
	err := tx.db.Each(func(scan func(...any) error) error {
		d, err := scanDestination(scan)
		all = append(all, d)
		return err
	}, `SELECT `+destinationColumns+` FROM destinations WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read destinations: %w", err)
	}
	return all, tx.readSpans(all)
}

// Refusals reads what a destination would not take, in log order.
func (tx *Tx) Refusals(destination int64) ([]Refusal, error) {
	var all []Refusal
	err := tx.db.Each(func(scan func(...any) error) error {
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

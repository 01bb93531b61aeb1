package deliveries

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Settlement is what came of a claimed destination.
type Settlement struct {
	Destination int64
	Source      string    // the destination's
	Cursor      press.Seq // settled up to here now
	Failures    int       // in a row; 0 after a success
	// FailingSince, NextAttempt, State and Error are as in [Destination]. With a
	// zero NextAttempt what is left is due at once.
	FailingSince time.Time
	NextAttempt  time.Time
	State        DestinationState
	Error        string
	// Succeeded tells that something was delivered, At when (zero: now), and
	// Latency is the running mean of the answers.
	Succeeded bool
	At        time.Time
	Latency   time.Duration
	// Followers is how many are served here, as the claim said. Reached are the
	// entries that they have now.
	Followers int
	Reached   []press.Entry
	// Recovered tells that it had failed before: what else waits for its host is
	// due at once.
	Recovered bool
	Refusals  []Refusal
}

// plain tells that a settlement is the usual one: all delivered, nothing to
// remember but how far.
func (s Settlement) plain() bool {
	return s.Succeeded && s.Failures == 0 && s.State == StateActive && s.NextAttempt.IsZero()
}

// Refusal is an entry that a destination will not take.
type Refusal struct {
	Seq    press.Seq
	Status int    // of HTTP
	Detail string // start of the answer's body
}

// rank orders destinations that are due: the lower, the earlier. Twice the
// followers weigh more than any latency.
func rank(followers int, latency time.Duration) int64 {
	const weight = 1_000_000
	return min(latency.Milliseconds(), weight-1) - weight*int64(bits.Len(uint(max(0, followers))))
}

// Settle writes what came of claimed destinations and releases them. A cursor
// never moves back, and a settlement from another generation than the one that
// holds the claim is dropped.
func (tx *Tx) Settle(generation int64, settlements []Settlement) error {
	var plain []Settlement
	released := map[int64]bool{}
	settlements = slices.Clone(settlements)
	for i, s := range settlements {
		if s.At.IsZero() {
			s.At = tx.db.Now()
			settlements[i] = s
		}
		if s.plain() {
			plain = append(plain, s)
			continue
		}
		if err := tx.settleOne(generation, s, released); err != nil {
			return err
		}
	}
	if err := tx.settlePlain(generation, plain, released); err != nil {
		return err
	}
	count := progress{}
	for _, s := range settlements {
		if !released[s.Destination] {
			continue
		}
		if err := tx.addRefusals(s); err != nil {
			return err
		}
		if s.Recovered {
			if err := tx.hostIsBack(s.Destination); err != nil {
				return err
			}
		}
		count.add(s)
	}
	return tx.addProgress(count)
}

// settlePlain writes all plain settlements with one statement: one by one they
// cost as much as everything else about a delivery but its signature.
func (tx *Tx) settlePlain(generation int64, settlements []Settlement, released map[int64]bool) error {
	if len(settlements) == 0 {
		return nil
	}
	var values strings.Builder
	for i, s := range settlements {
		if i > 0 {
			values.WriteByte(',')
		}
		values.WriteByte('(')
		for j, n := range []int64{s.Destination, int64(s.Cursor), kernel.Micros(s.At), s.Latency.Microseconds(), rank(s.Followers, s.Latency)} {
			if j > 0 {
				values.WriteByte(',')
			}
			values.WriteString(strconv.FormatInt(n, 10))
		}
		values.WriteByte(')')
	}
	// Who holds them is asked of each that is found: PostgreSQL would take it for a condition
	// that few meet, and look through all values for each destination that meets it.
	err := tx.db.Each(func(scan func(...any) error) error {
		var id int64
		err := scan(&id)
		released[id] = true
		return err
	}, `UPDATE destinations SET
			cursor = CASE WHEN cursor < v.column2 THEN v.column2 ELSE cursor END, last_success = v.column3,
			latency = v.column4, rank = v.column5, failures = 0, failing_since = 0, next_attempt = 0, due_by = 0, state = $1,
			last_error = '', claimed_by = 0
		FROM (VALUES `+values.String()+`) AS v
		WHERE destinations.id = v.column1 AND CASE WHEN claimed_by = $2 THEN TRUE ELSE FALSE END RETURNING destinations.id`,
		StateActive, generation)
	if err != nil {
		return fmt.Errorf("settle %d destinations: %w", len(settlements), err)
	}
	return nil
}

func (tx *Tx) settleOne(generation int64, s Settlement, released map[int64]bool) error {
	due := dueBehind
	switch {
	case s.State == StateGone:
		due = dueNever
	case !s.NextAttempt.IsZero():
		due = dueAt
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		released[s.Destination] = true
		return scan(new(int64))
	}, `UPDATE destinations SET
			cursor = CASE WHEN cursor < $1 THEN $1 ELSE cursor END,
			failures = $2, failing_since = $3, next_attempt = $4, due_by = $5, state = $6, last_error = $7,
			last_success = CASE WHEN CAST($8 AS BIGINT) > 0 THEN $8 ELSE last_success END, claimed_by = 0
		WHERE id = $9 AND claimed_by = $10 RETURNING id`,
		s.Cursor, s.Failures, kernel.Micros(s.FailingSince), kernel.Micros(s.NextAttempt), due, s.State, s.Error,
		kernel.Number(s.Succeeded)*kernel.Micros(s.At), s.Destination, generation)
	if err != nil {
		return fmt.Errorf("settle destination %d: %w", s.Destination, err)
	}
	return nil
}

func (tx *Tx) addRefusals(s Settlement) error {
	for _, r := range s.Refusals {
		err := tx.db.Exec(`INSERT INTO refusals (destination, seq, at, status, detail) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (destination, seq) DO NOTHING`, s.Destination, r.Seq, kernel.Micros(tx.db.Now()), r.Status, r.Detail)
		if err != nil {
			return fmt.Errorf("record the refusal of entry %d: %w", r.Seq, err)
		}
	}
	return nil
}

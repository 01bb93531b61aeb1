package deliveries

import (
	"fmt"
	"time"

	"communique/storage/press"
)

// Ledger is the deliveries in a transaction, as the other rooms keep them: whom
// a destination serves, and during which stretch of the log.
type Ledger struct{ *Tx }

// Served is whom a destination serves, and how it stands among those that are due.
type Served struct {
	Followers     int
	Latency, Rank int64 // in microseconds; see [rank]
	State         DestinationState
}

// Count keeps the number of followers that a destination serves, and
// its rank among those that are due. One that was given up is worth trying for
// a new follower.
func (l *Ledger) Count(destination int64, s Served, change int) error {
	var err error
	if change != 0 {
		err = l.db.Exec(`UPDATE destinations SET followers = followers + $1 WHERE id = $2`, change, destination)
	}
	if now := rank(s.Followers+change, time.Duration(s.Latency)*time.Microsecond); err == nil && now != s.Rank {
		err = l.db.Exec(`UPDATE destinations SET rank = $1 WHERE id = $2`, now, destination)
	}
	if err == nil && change >= 0 && (s.State == StateGone || s.State == StateUnreachable) {
		err = l.db.Exec(`UPDATE destinations SET state = $1, next_attempt = 0, due_by = $2 WHERE id = $3`,
			StateActive, dueBehind, destination)
	}
	if err != nil {
		return fmt.Errorf("count the followers at destination %d: %w", destination, err)
	}
	return nil
}

// servedBy reads whom a destination serves.
func (l *Ledger) servedBy(destination int64) (s Served, err error) {
	err = l.db.Row(`SELECT followers, latency, rank, state FROM destinations WHERE id = $1`, destination).
		Scan(&s.Followers, &s.Latency, &s.Rank, &s.State)
	if err != nil {
		return s, fmt.Errorf("read the followers at destination %d: %w", destination, err)
	}
	return s, nil
}

// Leave notes that a follower is no longer served by a destination,
// and closes its span once it serves no follower.
func (l *Ledger) Leave(source string, destination int64) error {
	s, err := l.servedBy(destination)
	if err == nil {
		err = l.Count(destination, s, -1)
	}
	if err != nil {
		return err
	}
	return l.closeEmptySpan(source, destination)
}

// Opening says how a destination comes to serve a follower.
type Opening struct {
	Source, URL string
	Known       int64     // the destination of that URL; 0 if there is none
	Head        press.Seq // of the source
	Open        bool      // some follower holds its span open
	Mute        bool      // the source says nothing new, so that no span opens
	Reads       bool      // the follower's server reads what is pinned now
	WaitsFor    string    // the directed message that goes before everything else
	// From is the destination that served the follower until now, or 0: what it
	// has and still lacks is taken along.
	From int64
}

// Serve makes a destination if it is new, and opens its span if no follower held
// it open.
func (l *Ledger) Serve(o Opening) (int64, error) {
	id, fresh := o.Known, o.Known == 0
	if fresh {
		var err error
		if id, err = l.addDestination(o.Source, Inbox, o.URL, o.Head); err != nil {
			return 0, fmt.Errorf("destination %s: %w", o.URL, err)
		}
	}
	if !o.Open && !o.Mute {
		if err := l.openSpan(id, o.Head, o.WaitsFor); err != nil {
			return 0, fmt.Errorf("open span of %s: %w", o.URL, err)
		}
	}
	if o.Reads {
		if err := l.mayHold(id); err != nil {
			return 0, err
		}
	}
	if o.From != 0 && o.From != id {
		if err := l.takeAlong(o.From, id, fresh, o.Head); err != nil {
			return 0, fmt.Errorf("move to %s: %w", o.URL, err)
		}
	}
	return id, nil
}

// MayHold notes that a destination may hold all that was published so far: its server reads
// what is pinned.
func (l *Ledger) MayHold(destination int64) error { return l.mayHold(destination) }

// openSpan opens a destination's span and makes it wait for a directed message,
// unless something is to be taken back there.
func (l *Ledger) openSpan(destination int64, head press.Seq, waitsFor string) error {
	err := l.db.Exec(`INSERT INTO spans (destination, from_seq) VALUES ($1, $2)
		ON CONFLICT (destination, from_seq) DO UPDATE SET to_seq = NULL`, destination, head)
	if err != nil {
		return err
	}
	return l.db.Exec(`UPDATE destinations SET waits_for = CASE WHEN `+hasToTakeBack+`) THEN '' ELSE $1 END WHERE id = $2`, waitsFor, destination)
}

// takeAlong gives the destination that a follower moves to the spans of the
// one that they leave: what is said about an article from before the move goes
// to both. A fresh one takes the cursor too, so that nothing on its way is lost, and
// then has something due without a new entry, so the delivery is to look.
func (l *Ledger) takeAlong(from, to int64, fresh bool, head press.Seq) error {
	err := l.db.Exec(`INSERT INTO spans (destination, from_seq, to_seq)
		SELECT CAST($1 AS BIGINT), from_seq, COALESCE(to_seq, CAST($2 AS BIGINT)) FROM spans WHERE destination = $3
		ON CONFLICT (destination, from_seq) DO UPDATE SET to_seq = CASE
			WHEN spans.to_seq IS NULL OR spans.to_seq > excluded.to_seq THEN spans.to_seq ELSE excluded.to_seq END`, to, head, from)
	if err == nil {
		err = l.db.Exec(`UPDATE destinations SET holds = old.holds, held_from = old.held_from
			FROM (SELECT holds, held_from FROM destinations WHERE id = $1) old WHERE id = $2 AND destinations.holds < old.holds`, from, to)
	}
	if err != nil || !fresh {
		return err
	}
	err = l.db.Exec(`UPDATE destinations SET cursor = old.cursor, attempted = old.attempted
		FROM (SELECT cursor, attempted FROM destinations WHERE id = $1) old WHERE id = $2`, from, to)
	if err != nil {
		return err
	}
	return l.log.Wake()
}

// closeEmptySpan closes the span of a destination that no follower stands behind any more.
func (l *Ledger) closeEmptySpan(source string, destination int64) error {
	err := l.db.Exec(`UPDATE spans SET to_seq = (SELECT seq FROM heads WHERE source = $1)
		WHERE destination = $2 AND to_seq IS NULL
		AND NOT EXISTS (SELECT 1 FROM followers WHERE destination = $2)`, source, destination)
	if err != nil {
		return fmt.Errorf("close the span of destination %d: %w", destination, err)
	}
	return nil
}

// Cut takes back the part of a destination's closed spans that cannot have
// arrived: what was said before a block and not sent yet is not sent any more.
func (l *Ledger) Cut(destination int64) error {
	const arrived = `(SELECT attempted FROM destinations WHERE id = $1)`
	err := l.db.Exec(`UPDATE spans SET to_seq = CASE WHEN from_seq > `+arrived+` THEN from_seq ELSE `+arrived+` END
		WHERE destination = $1 AND to_seq > `+arrived, destination)
	if err == nil {
		err = l.db.Exec(`UPDATE destinations SET waits_for = '' WHERE id = $1`, destination)
	}
	if err != nil {
		return fmt.Errorf("end the span of destination %d: %w", destination, err)
	}
	return nil
}

// DropMessages drops what waits to be sent to an actor.
func (l *Ledger) DropMessages(source, actor string) error {
	if err := l.db.Exec(`DELETE FROM directed WHERE source = $1 AND recipient = $2`, source, actor); err != nil {
		return fmt.Errorf("drop what waits for %s: %w", actor, err)
	}
	return nil
}

// Mute closes all spans of a source with an entry: nothing new goes out
// there.
func (l *Ledger) Mute(source string, seq press.Seq) error {
	err := l.db.Exec(`UPDATE spans SET to_seq = $1 WHERE to_seq IS NULL
		AND destination IN (SELECT id FROM destinations WHERE source = $2)`, seq, source)
	if err != nil {
		return fmt.Errorf("close the spans of %s: %w", source, err)
	}
	return nil
}

// Unmute opens spans with an entry for all destinations of a source that serve
// somebody.
func (l *Ledger) Unmute(source string, seq press.Seq) error {
	err := l.db.Exec(`INSERT INTO spans (destination, from_seq) SELECT id, CAST($1 AS BIGINT) FROM destinations WHERE source = $2 AND followers > 0
		ON CONFLICT (destination, from_seq) DO UPDATE SET to_seq = NULL`, seq, source)
	if err != nil {
		return fmt.Errorf("open the spans of %s: %w", source, err)
	}
	return nil
}

// Drop ends all deliveries to a host, also of what would take back earlier
// entries, and its subscriptions. It returns press.ErrNotFound if nothing is
// delivered to the host.
func (l *Ledger) Drop(host string) error {
	return l.onHost("drop", host,
		do(`UPDATE spans SET to_seq = (SELECT h.seq FROM heads h JOIN destinations d ON d.source = h.source WHERE d.id = spans.destination)
			WHERE to_seq IS NULL AND destination IN (SELECT id FROM destinations WHERE host = $1)`, host),
		do(`UPDATE destinations SET followers = 0, state = $1, due_by = $2, waits_for = '', claimed_by = 0, last_error = 'dropped'
			WHERE host = $3`, StateGone, dueNever, host),
		do(`DELETE FROM subscriptions WHERE destination IN (SELECT id FROM destinations WHERE host = $1)`, host),
		do(`DELETE FROM directed WHERE host = $1`, host))
}

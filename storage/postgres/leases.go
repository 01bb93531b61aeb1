package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"communique/storage"
)

const (
	// LeaseFor is how long a lease lasts, by the database's clock.
	LeaseFor = 14 * time.Second
	// renewEvery is how often all leases are renewed.
	renewEvery = 2 * time.Second
	// keepPatience is how long keeping the leases once may take before the session is
	// taken for broken.
	keepPatience = 3 * time.Second
	// remembered is for how long a replica that died is known.
	remembered = 10 * time.Minute

	shards = 64 // the parts below are shards, and from it on tasks
	all    = shards + storage.Tasks
)

// Replica is what one of the programs that serve a database says of itself.
type Replica struct {
	Name    string // that no other has, or had
	Version string // of the program
	Schema  int    // the last step of the schema that it knows
	// Before is the name of a replica that is dead for certain: nobody need wait for its
	// leases to end. Empty: none is known.
	Before string
	// Alone has the database for itself: there is no other.
	Alone bool
}

// Leases are the parts of the work that a replica has for a while: shards of hosts, and
// what one replica does for all. Each replica that is there takes its share of the shards,
// gives back what is above it, and takes over what nobody renews. What keeps two from
// working on one part:
//
//   - A lease is taken only when it is over by the database's clock, or was given back,
//     and its generation rises.
//   - Its holder counts from before it asked, and by whichever of its own clocks has gone
//     further: for it, a lease is over before it is for the database.
//   - What is claimed and settled is checked against the table: see
//     [deliveries.Tx.Leased].
//
// It is the Lease of a delivery.Engine, and safe for concurrent use.
type Leases struct {
	who     Replica
	asked   chan struct{} // there is something to keep at once
	changed chan struct{}

	mu      sync.Mutex // guards what follows
	id      int64      // 0: the replica does no work yet
	ending  bool
	renewed time.Time
	until   time.Time
	held    uint64
	lost    uint64 // at some time, and not free since
	giving  uint64 // of those held: not to be worked on any more
	free    uint64 // of those: nobody does
	tasks   uint64
	others  int // that were there at the last look
}

func newLeases(who Replica) *Leases {
	return &Leases{who: who, asked: make(chan struct{}, 1), changed: make(chan struct{}, 1)}
}

// Begin begins to take shards and tasks, for a replica of a number that no other has.
func (l *Leases) Begin(id int64) {
	l.mu.Lock()
	l.id = id
	l.mu.Unlock()
	poke(l.asked)
}

// End takes nothing any more, and gives back what is free.
func (l *Leases) End() {
	l.mu.Lock()
	l.ending = true
	l.giving = l.held
	l.mu.Unlock()
	poke(l.asked)
}

// Changed signals that Shards may return something else.
func (l *Leases) Changed() <-chan struct{} { return l.changed }

// Shards are those to work on. One that was lost is not among them, although it may have
// been taken again, before it is free: whoever works on it may not know yet.
func (l *Leases) Shards() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.held &^ l.giving &^ l.lost
}

// Free tells that nothing is under way for shards that Shards did not return.
func (l *Leases) Free(shards uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lost&shards != 0 {
		l.lost &^= shards
		poke(l.changed)
	}
	if free := l.free | shards&l.giving; free != l.free {
		l.free = free
		poke(l.asked)
	}
}

// Left is for how long a shard has been held without a break and will be, for certain.
func (l *Leases) Left(shard int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if (l.held&^l.lost)>>shard&1 == 0 {
		return 0
	}
	return l.left()
}

func (l *Leases) left() time.Duration {
	// The one clock stands still while the machine sleeps, the other one may be set.
	return min(time.Until(l.until), l.until.Round(0).Sub(time.Now().Round(0)))
}

// Does tells whether a task is this replica's.
func (l *Leases) Does(t storage.Task) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tasks>>int(t)&1 == 1 && l.left() > 0
}

// Replicas is how many there are, this one among them.
func (l *Leases) Replicas() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.others + 1
}

func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // it is known
	}
}

// others is how many replicas there are, by whether they are numbered before or after
// this one, and what nobody has.
type others struct{ before, after, shards, tasks int }

// share is how many shards are this replica's: all have as many, and the first ones one
// more if that leaves some over.
func (o others) share() int {
	all := o.before + 1 + o.after
	share := shards / all
	if o.before < shards%all {
		share++
	}
	return share
}

// keep renews the leases, gives back and takes. Only one goroutine does, on the session of
// the replica: what writes waits in line, and a lease must not.
func (l *Leases) keep(ctx context.Context, conn *pgx.Conn) error {
	l.mu.Lock()
	id, ending, due := l.id, l.ending, time.Since(l.renewed) >= renewEvery
	l.mu.Unlock()
	if id == 0 {
		return conn.Ping(ctx)
	}
	if due {
		if err := l.renew(ctx, conn, id); err != nil {
			return err
		}
	}
	if ending {
		if err := l.end(ctx, conn, id); err != nil {
			return err
		}
		return l.giveBack(ctx, conn, id)
	}
	var o others
	err := conn.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM replicas WHERE until > now AND id < $1), (SELECT COUNT(*) FROM replicas WHERE until > now AND id > $1),
			(SELECT COUNT(*) FROM leases WHERE until <= now AND part < 64), (SELECT COUNT(*) FROM leases WHERE until <= now AND part BETWEEN 64 AND $2 - 1)
		FROM (`+clock+` AS now) AS read`, id, all).Scan(&o.before, &o.after, &o.shards, &o.tasks)
	if err != nil {
		return fmt.Errorf("look for other replicas: %w", err)
	}
	l.mu.Lock()
	l.others = o.before + o.after
	l.mu.Unlock()
	l.giveAbove(o.share())
	if err := l.giveBack(ctx, conn, id); err != nil {
		return err
	}
	return l.take(ctx, conn, id, o)
}

// renew prolongs all leases, and finds out which there are: others may have taken some that
// were over, and the answer to a taking may have been lost.
func (l *Leases) renew(ctx context.Context, conn *pgx.Conn, id int64) error {
	began := time.Now()
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`UPDATE leases SET holder = 0, until = 0 WHERE holder IN (SELECT id FROM replicas WHERE name = $1)`, []any{l.who.Before}},
		{`DELETE FROM replicas WHERE name = $1 OR until < (` + clock + `) - $2`, []any{l.who.Before, remembered.Microseconds()}},
		{`INSERT INTO replicas (id, name, version, since, until, schema) SELECT $1, $2, $3, now, now + $4, $5 FROM (` + clock + ` AS now) AS read
			ON CONFLICT (id) DO UPDATE SET until = excluded.until`, []any{id, l.who.Name, l.who.Version, LeaseFor.Microseconds(), l.who.Schema}},
	} {
		if _, err := conn.Exec(ctx, s.query, s.args...); err != nil {
			return fmt.Errorf("say that replica %d is there: %w", id, err)
		}
	}
	ours, err := partsOf(conn.Query(ctx, `UPDATE leases SET until = (`+clock+`) + $2 WHERE holder = $1 RETURNING part`, id, LeaseFor.Microseconds()))
	if err != nil {
		return fmt.Errorf("renew the leases of replica %d: %w", id, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renewed, l.until = began, began.Add(LeaseFor)
	l.lost |= l.held &^ ours.shards
	if l.held != ours.shards {
		poke(l.changed)
	}
	l.held, l.tasks = ours.shards, ours.tasks
	l.giving &= l.held
	l.free &= l.giving
	if l.ending {
		l.giving = l.held
	}
	return nil
}

// giveAbove is to give back what is above a share.
func (l *Leases) giveAbove(share int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for above := bits.OnesCount64(l.held&^l.giving) - share; above > 0; above-- {
		l.giving |= 1 << (bits.Len64(l.held&^l.giving) - 1)
		poke(l.changed)
	}
}

// giveBack gives back what nobody works on any more.
func (l *Leases) giveBack(ctx context.Context, conn *pgx.Conn, id int64) error {
	l.mu.Lock()
	given := leased{shards: l.free}
	if l.ending {
		given.tasks = l.tasks
	}
	l.mu.Unlock()
	if given == (leased{}) {
		return nil
	}
	if _, err := conn.Exec(ctx, `UPDATE leases SET holder = 0, until = 0 WHERE holder = $1 AND part = ANY($2)`, id, given.list()); err != nil {
		return fmt.Errorf("give back leases of replica %d: %w", id, err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held &^= given.shards
	l.giving &^= given.shards
	l.free &^= given.shards
	l.tasks &^= given.tasks
	return nil
}

// take takes what nobody has, up to the share.
func (l *Leases) take(ctx context.Context, conn *pgx.Conn, id int64, o others) error {
	l.mu.Lock()
	more := min(o.shards, o.share()-bits.OnesCount64(l.held))
	l.mu.Unlock()
	for _, s := range []struct {
		which string
		most  int
	}{{"part < 64", more}, {fmt.Sprintf("part BETWEEN 64 AND %d", all-1), o.tasks}} {
		if s.most <= 0 {
			continue
		}
		taken, err := partsOf(conn.Query(ctx, `UPDATE leases SET holder = $1, generation = generation + 1, until = (`+clock+`) + $2
			WHERE part IN (SELECT part FROM leases WHERE until <= (`+clock+`) AND `+s.which+` ORDER BY part LIMIT $3 FOR UPDATE SKIP LOCKED)
			RETURNING part`, id, LeaseFor.Microseconds(), s.most))
		if err != nil {
			return fmt.Errorf("take leases for replica %d: %w", id, err)
		}
		l.mu.Lock()
		l.held |= taken.shards
		l.tasks |= taken.tasks
		l.mu.Unlock()
		poke(l.changed)
	}
	return nil
}

// end lets the others share without this replica. It is known until nothing of it is
// under way.
func (l *Leases) end(ctx context.Context, conn *pgx.Conn, id int64) error {
	if _, err := conn.Exec(ctx, `UPDATE replicas SET until = 0 WHERE id = $1`, id); err != nil {
		return fmt.Errorf("say that replica %d ends: %w", id, err)
	}
	return nil
}

// leave gives back all that is left, when nothing is under way.
func (l *Leases) leave(ctx context.Context, conn *pgx.Conn) error {
	l.mu.Lock()
	id := l.id
	l.held, l.tasks, l.until = 0, 0, time.Time{}
	l.mu.Unlock()
	_, err := conn.Exec(ctx, `UPDATE leases SET holder = 0, until = 0 WHERE holder = $1 AND holder <> 0`, id)
	_, gone := conn.Exec(ctx, `DELETE FROM replicas WHERE id = $1`, id)
	return errors.Join(err, gone)
}

// leased are parts of the work, a bit for each.
type leased struct{ shards, tasks uint64 }

func partsOf(rows pgx.Rows, err error) (all leased, _ error) {
	if err != nil {
		return all, err
	}
	var part int
	_, err = pgx.ForEachRow(rows, []any{&part}, func() error {
		if part < shards {
			all.shards |= 1 << part
		} else {
			all.tasks |= 1 << (part - shards)
		}
		return nil
	})
	return all, err
}

func (p leased) list() (all []int64) {
	for i := range int64(shards) {
		if p.shards>>i&1 == 1 {
			all = append(all, i)
		}
		if p.tasks>>i&1 == 1 {
			all = append(all, shards+i)
		}
	}
	return all
}

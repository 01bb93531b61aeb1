package storage

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"communique/storage/audience"
	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/migrations"
	"communique/storage/press"
)

// Dialect is what differs between engines.
type Dialect struct {
	kernel.Dialect
	// Index finds terms in texts.
	Index textindex.Engine
	// Leads is a query whose row tells where a connection leads, as the server, its
	// history and the database there, with slashes in between; empty for a file.
	Leads string
	// Last is a query for the instant of the last commit by the engine's clock, in
	// microseconds; empty if it has none.
	Last string
	// Tables is a query for the columns of all tables, by table and those of its primary
	// key first in their order: table, column, place in the key or 0, the tables that
	// it refers to with commas in between. Only the embedded engine has it; the schemas
	// are the same.
	Tables string
	// Size is a query for how many bytes the database takes.
	Size string
	// Served is a query whether a program serves the database; empty for a file, of which
	// that is known otherwise.
	Served string
}

// Clock is what a store tells the time by. Somebody can set the wall clock, so
// how far it has moved is held against the monotonic one: see [Store.RunClock].
type Clock interface {
	// Now is the wall clock.
	Now() time.Time
	// Elapsed is the time since some fixed instant, by a clock that nobody sets.
	Elapsed() time.Duration
}

// SystemClock is the clock of the machine.
type SystemClock struct {
	// Ahead is by how much it is wrong: it is for tests of what a wrong one does.
	Ahead time.Duration
}

// started is the fixed instant.
var started = time.Now()

// Now is time.Now.
func (c SystemClock) Now() time.Time { return time.Now().Add(c.Ahead) }

// Elapsed is the time since the program was started.
func (SystemClock) Elapsed() time.Duration { return time.Since(started) }

// Store is an open database. It is safe for concurrent use.
type Store struct {
	db      *kernel.DB
	clock   Clock
	index   textindex.Engine
	blocks  audience.Blocklists
	leads   string
	last    string
	tables  string
	size    string
	served  string
	moves   moves
	memory  memory
	does    func(Task) bool // nil: all of them
	servers func() int      // nil: this one alone
	pace    time.Duration   // of all watches; 0: they are told
	schema  int             // the last step that this program knows
	updates atomic.Int64    // that stand
}

// New wraps two handles to the same database, reader and writer, brings its
// schema up to date and returns the store, which owns both handles. Each
// transaction reads the clock once. Where the engine has a clock of its own, as a server
// has, that takes the place of [SystemClock]: it is the same for all who write there.
func New(ctx context.Context, reader, writer *sql.DB, dialect Dialect, clock Clock) (*Store, error) {
	now := clock.Now
	if _, machines := clock.(SystemClock); machines && dialect.Clock != "" {
		now = nil
	}
	db, err := kernel.Open(ctx, reader, writer, dialect.Dialect, now)
	if err != nil {
		return nil, err
	}
	steps, err := migrations.For(ctx, dialect.Name)
	if err == nil {
		err = migrate(ctx, db, steps)
	}
	if err != nil {
		return nil, errors.Join(err, db.Release())
	}
	s := &Store{db: db, schema: len(steps), clock: clock, index: dialect.Index, leads: dialect.Leads, last: dialect.Last, tables: dialect.Tables, size: dialect.Size, served: dialect.Served}
	if s.leads != "" {
		db.OnConnection(s.arrived)
		if err := s.continueHere(ctx); err != nil {
			return nil, errors.Join(err, db.Release())
		}
	}
	return s, nil
}

// Schema is the last step of the schema that this program knows.
func (s *Store) Schema() int { return s.schema }

// Close releases the database. What was committed can by then be seen through
// every other store, too (see [Store.State]).
func (s *Store) Close() error { return s.db.Close() }

// Now reads the store's wall clock, in UTC and to the microsecond, which is how
// finely the database keeps it.
func (s *Store) Now() time.Time { return s.db.Now() }

// Elapsed reads the store's monotonic clock: see [Clock].
func (s *Store) Elapsed() time.Duration { return s.clock.Elapsed() }

// View runs fn on one consistent state of the database. What fn returns is
// returned.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.db.View(ctx, func(db *kernel.Tx) error {
		tx := s.tx(db)
		tx.log.OnHead(s.memory.sawHead)
		return fn(tx)
	})
}

// Update runs fn in a transaction that commits if fn returns nil, durably:
// when Update has returned nil, a crash of the machine does not undo it. It is
// the only way to write. Updates run one after the other; those that come
// together share a commit, and one that fails undoes only itself. A context
// that ends before fn has returned undoes the update.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	var last press.Entry
	err := s.db.Update(ctx, func(db *kernel.Tx) error {
		tx := s.tx(db)
		last = press.Entry{}
		tx.log.OnAppend(func(e press.Entry) error {
			last = e
			tx.appended = append(tx.appended, e)
			return nil
		})
		return fn(tx)
	})
	if err == nil {
		s.updates.Add(1)
	}
	if err == nil && last.Seq > 0 {
		s.memory.saw(Seen{last.Seq, last.At})
	}
	return err
}

// Updates is how many Updates of this store stand.
func (s *Store) Updates() int64 { return s.updates.Load() }

// Lag is how long a commit of another process may stay unseen by
// [Store.State], counted from its end.
const Lag = kernel.Lag

// State is a number that moves with each commit, but those that are quiet: see [Tx.Quiet]. As long as it stays the same
// everything that could be read when it was asked for still stands; what is read
// after it was asked for is at least as new. It is exact for the commits of this
// store, and at most [Lag] late for those of other processes.
func (s *Store) State(ctx context.Context) (uint64, error) { return s.db.State(ctx) }

// Watch tells when the database was written to; see [Store.Watch].
type Watch = kernel.Watch

// Watch starts watching whether the database is written to, by whichever
// process: its C says when to look, its Changed whether anything was committed.
// Idle it costs next to nothing. It is for one goroutine, which calls Close when
// it is done. A pace of more than zero looks at that pace and in no other way.
func (s *Store) Watch(ctx context.Context, pace time.Duration) (*Watch, error) {
	return s.db.Watch(ctx, cmp.Or(pace, s.pace))
}

// LookEvery has each watch look at this pace where it would be told by the system, for
// which simulated time cannot wait. It is called before anything is served.
func (s *Store) LookEvery(pace time.Duration) { s.pace = pace }

// Backup writes one consistent copy of the database to a file that does not
// exist yet, while others read and write, whom it holds up in nothing: every commit that
// was acknowledged before the call, and none in part.
func (s *Store) Backup(ctx context.Context, file string) error { return s.db.Backup(ctx, file) }

// Scrub leaves nothing of what was deleted in the files of the database. It returns
// press.ErrBusy if others read for so long that it is there still.
func (s *Store) Scrub(ctx context.Context) error { return s.db.Scrub(ctx) }

// Verify reads the whole database and reports the first fault in it.
func (s *Store) Verify(ctx context.Context) error { return s.db.Verify(ctx) }

// Blocked is Blocked of the audience outside a transaction. While nothing is
// committed it costs no look at the database. A block counts when the Update that
// added it has returned, one of another process when its store is closed.
func (s *Store) Blocked(ctx context.Context, addresses ...string) (bool, error) {
	state, err := s.State(ctx)
	if err != nil {
		return false, err
	}
	return s.blocks.Blocked(state, func(fn func(*audience.Tx) error) error {
		return s.View(context.WithoutCancel(ctx), func(tx *Tx) error { return fn(tx.audienceTx) })
	}, addresses...)
}

package kernel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Dialect is what differs between engines.
type Dialect struct {
	Name string
	// BeginRead is the statement that begins a transaction that reads.
	BeginRead string
	// Begin begins a transaction that writes, once all others that do have ended. Where
	// there is a Clock micros is what that says then.
	Begin func(ctx context.Context, conn *sql.Conn) (micros int64, err error)
	// Clock is a query for the time by the clock of the engine's server, in microseconds
	// since 1970; empty if it has none of its own.
	Clock string
	// Far tells that each statement is a way to a server and back, and that preparing it is
	// another: what is run once on a connection is not prepared.
	Far bool
	// HangUp ends a session with all that was prepared in it; nil if closing does.
	HangUp func(ctx context.Context, conn *sql.Conn) error
	// Together runs statements of a transaction that writes one behind the other, on one way
	// to the server and back, up to the first that fails, whose error it returns. Nil if
	// there is no way.
	Together func(ctx context.Context, conn *sql.Conn, all []Statement) error
	// Mark is the last statement of a transaction that writes, for DataVersion and
	// Notify; empty if the engine itself tells of commits. Its parameter is 1 if it is
	// quiet ([Tx.Quiet]), else 0. Its row is the name of the
	// transaction, for Outcome, and why nothing can be committed, empty if it can.
	Mark string
	// Outcome tells on another connection whether the transaction of a name was
	// committed, once that is certain. An error says that it is not known. Nil if the
	// answer to a COMMIT cannot be lost.
	Outcome func(ctx context.Context, db *sql.DB, name string) (committed bool, err error)
	// Repeat tells errors of transactions that may come to be if they are begun again;
	// nil if there are none.
	Repeat func(error) bool
	// Stale tells errors after which no connection is to be used any more, although it is
	// there: its server is no longer the one to write to. Nil if there are none.
	Stale func(error) bool
	// Prepare makes what Mark needs, in a database that may be new; nil if nothing.
	Prepare func(ctx context.Context, conn *sql.Conn) error
	// DataVersion is a query whose number changes on one connection whenever
	// another one, of this process or not, has committed; it may stay the same if that
	// was quiet.
	// It has no row where the server is no longer the one to write to.
	DataVersion string
	// Lag is how long a commit of another process may stay unseen: that long one look is
	// enough for all who ask. At most the constant of that name.
	Lag time.Duration
	// Pulse bounds how long a server may be silent.
	Pulse Pulse
	// Notify calls wake when somebody, of this process or not, is about to
	// commit, until stop is called.
	Notify func(ctx context.Context, db *sql.DB, wake func()) (stop func() error, err error)
	// Script runs several statements on a connection; nil if those of a Tx may be
	// several, too.
	Script func(ctx context.Context, conn *sql.Conn, statements string) error
	// Backup copies the database to a new file, on a connection of the readers that is
	// used for nothing else; Verify reads all of it.
	Backup func(ctx context.Context, conn *sql.Conn, file string) error
	Verify func(ctx context.Context, db *sql.DB) error
	// Scrub leaves nothing in the files of what was deleted.
	Scrub func(ctx context.Context, conn *sql.Conn) error
	// Classify turns an engine's own errors into press.ErrBusy and
	// press.ErrFull, wrapped; other errors come back as they are.
	Classify func(error) error
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	reader  *sql.DB
	handle  *sql.DB // of the writer
	readers *readers
	writer  *writer
	first   func(*Tx) (stands func(), err error) // see [DB.OnConnection]
	dialect Dialect
	now     func() time.Time // nil: the server's clock
	reading atomic.Pointer[reading]
	state   state
	release func() error
}

// errClosed is what a transaction gets that comes too late.
var errClosed = errors.New("the database is closed")

// Open wraps two handles to the same database, reader and writer, which it owns
// if it succeeds. now is the wall clock, nil for that of the engine's server; each
// transaction reads it once.
func Open(ctx context.Context, reader, writer *sql.DB, dialect Dialect, now func() time.Time) (*DB, error) {
	db := &DB{reader: reader, handle: writer, dialect: dialect, now: now}
	db.readers = newReaders(reader, &db.dialect)
	db.state.start(dialect)
	if err := db.open(ctx); err != nil {
		db.readers.closeAll()
		return nil, dialect.Classify(err)
	}
	db.release = sync.OnceValue(func() error {
		err := db.writer.close()
		db.readers.closeAll()
		db.state.close()
		return err
	})
	return db, nil
}

// open connects the writer, and prepares what is written.
func (db *DB) open(ctx context.Context) (err error) {
	if db.writer, err = newWriter(ctx, db); err != nil {
		return err
	}
	if db.Foreign() {
		if err := db.writer.alone(ctx, func(conn *sql.Conn) error { return db.readOn(ctx, conn, db.dialect.Clock) }); err != nil {
			return errors.Join(fmt.Errorf("read the clock of the server: %w", err), db.writer.close())
		}
	}
	if db.dialect.Prepare != nil {
		if err := db.writer.alone(ctx, func(conn *sql.Conn) error { return db.dialect.Prepare(ctx, conn) }); err != nil {
			return errors.Join(fmt.Errorf("prepare the database: %w", err), db.writer.close())
		}
	}
	if db.dialect.Far {
		db.readers.writer = db.writer
	}
	return nil
}

// OnConnection has fn run in the first transaction on each connection of the writer,
// before all else in it: what is written there depends on where the connection leads.
// stands is called when that transaction is committed; it must not wait for the database.
// It is for who opens the database, before others know it.
func (db *DB) OnConnection(fn func(*Tx) (stands func(), err error)) { db.first = fn }

// Renew has each connection made anew before it is used again.
func (db *DB) Renew() {
	db.writer.stale.Store(true)
	db.readers.renew()
	db.state.renew()
}

// Release lets the connections go, but not the handles: [DB.Close] does both.
// Either may be called again, to no effect.
func (db *DB) Release() error { return db.release() }

// Close releases the database. What was committed can by then be seen through
// every other DB, too (see [Lag]).
func (db *DB) Close() error {
	return errors.Join(db.Release(), db.handle.Close(), db.reader.Close())
}

// View runs fn on one consistent state of the database. What fn returns is
// returned.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	if err := db.state.silence(); err != nil {
		return db.dialect.Classify(fmt.Errorf("begin transaction: %w", err))
	}
	guarded, stop := db.guard(ctx)
	defer stop()
	return db.dialect.Classify(givenUp(guarded, db.readers.view(ctx, guarded, func(on *statements) error {
		tx := db.tx(ctx, on)
		tx.steady = true
		if err := fn(tx); err != nil {
			return err
		}
		return tx.ready()
	})))
}

// Update runs fn in a transaction that commits if fn returns nil, durably:
// when Update has returned nil, a crash of the machine does not undo it. Updates
// run one after the other; those that come together share a commit, and one that
// fails undoes only itself. A context that ends before fn has returned undoes the
// update. fn may be run more than once, each time as if for the first: where an
// engine undoes what it cannot finish. With press.ErrUnsure it is not known whether
// the update stands.
func (db *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	guarded, stop := db.guard(ctx)
	defer stop()
	return db.dialect.Classify(givenUp(guarded, db.writer.updateAgain(ctx, guarded, fn)))
}

// Scrub leaves nothing of what was deleted in the files of the database, or reports
// press.ErrBusy if others read for so long that it is there still.
func (db *DB) Scrub(ctx context.Context) error {
	err := db.writer.alone(ctx, func(conn *sql.Conn) error { return db.dialect.Scrub(ctx, conn) })
	if err != nil {
		return db.dialect.Classify(fmt.Errorf("clear what was deleted out of the database: %w", err))
	}
	return nil
}

// tx is a transaction that begins now.
func (db *DB) tx(ctx context.Context, on *statements) *Tx {
	tx := &Tx{ctx: ctx, on: on, now: db.Now(), script: db.dialect.Script}
	if r := db.reading.Load(); r != nil && !r.expected.IsZero() {
		tx.expected = r.expected.Add(time.Since(r.taken)).UTC()
	}
	return tx
}

// Backup writes one consistent copy of the database to a file that does not
// exist yet, while others read and write, whom it holds up in nothing: every commit that
// was acknowledged before the call, and none in part.
func (db *DB) Backup(ctx context.Context, file string) error {
	conn, err := db.reader.Conn(ctx)
	if err == nil {
		defer func() { _ = conn.Close() }() // it only read, or is gone already
		err = db.dialect.Backup(ctx, conn, file)
	}
	if err != nil {
		return db.dialect.Classify(fmt.Errorf("back up to %s: %w", file, err))
	}
	return nil
}

// Verify reads the whole database and reports the first fault in it.
func (db *DB) Verify(ctx context.Context) error {
	if err := db.dialect.Verify(ctx, db.reader); err != nil {
		return db.dialect.Classify(fmt.Errorf("verify the database: %w", err))
	}
	return nil
}

package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/migrations"
	"communique/storage/press"
)

// Dialect is what differs between engines.
type Dialect struct {
	Name string
	// BeginRead is the statement that begins a transaction that reads, Begin the
	// one that begins one that writes.
	BeginRead, Begin string
	// DataVersion is a query whose number changes on one connection whenever
	// another one, of this process or not, has committed.
	DataVersion string
	// Notify calls wake when somebody, of this process or not, is about to
	// commit, until stop is called.
	Notify func(ctx context.Context, db *sql.DB, wake func()) (stop func() error, err error)
	// Backup copies the database to a new file; Verify reads all of it.
	Backup func(ctx context.Context, conn *sql.Conn, file string) error
	Verify func(ctx context.Context, db *sql.DB) error
	// Classify turns an engine's own errors into press.ErrBusy and
	// press.ErrFull, wrapped; other errors come back as they are.
	Classify func(error) error
	// Index finds terms in texts.
	Index TextIndex
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
type SystemClock struct{}

// started is the fixed instant.
var started = time.Now()

// Now is time.Now.
func (SystemClock) Now() time.Time { return time.Now() }

// Elapsed is the time since the program was started.
func (SystemClock) Elapsed() time.Duration { return time.Since(started) }

// Store is an open database. It is safe for concurrent use.
type Store struct {
	reader  *sql.DB
	handle  *sql.DB // of the writer
	readers *readers
	writer  *writer
	dialect Dialect
	clock   Clock
	state   state
	blocks  blocklists
}

// NewerSchemaError says that the database was written by a later version of
// the program.
type NewerSchemaError struct{ Found, Known int }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d, this program knows up to %d: use the newer program, or restore a backup that is older than the upgrade", e.Found, e.Known)
}

// New wraps two handles to the same database, reader and writer, brings its
// schema up to date and returns the store, which owns both handles. Each
// transaction reads the clock once.
func New(ctx context.Context, reader, writer *sql.DB, dialect Dialect, clock Clock) (*Store, error) {
	s := &Store{reader: reader, handle: writer, readers: newReaders(reader, dialect.BeginRead), dialect: dialect, clock: clock}
	s.state.start()
	var err error
	if s.writer, err = newWriter(ctx, writer, dialect.Begin, s.tx, s.state.committed); err != nil {
		return nil, s.dialect.Classify(err)
	}
	if err := s.migrate(ctx); err != nil {
		return nil, s.dialect.Classify(errors.Join(err, s.writer.close()))
	}
	return s, nil
}

// Close releases the database. What was committed is by then to be seen through
// every other store, too (see [Lag]).
func (s *Store) Close() error {
	return errors.Join(s.writer.close(), s.readers.close(), s.state.close(), s.handle.Close(), s.reader.Close())
}

// Now reads the store's wall clock, in UTC and to the microsecond, which is how
// finely the database keeps it.
func (s *Store) Now() time.Time { return s.clock.Now().UTC().Truncate(time.Microsecond) }

// Elapsed reads the store's monotonic clock: see [Clock].
func (s *Store) Elapsed() time.Duration { return s.clock.Elapsed() }

// View runs fn on one consistent state of the database. What fn returns is
// returned.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.dialect.Classify(s.readers.view(ctx, func(e engine) error {
		tx := s.tx(ctx, e)
		if err := fn(tx); err != nil {
			return err
		}
		return tx.ready()
	}))
}

// Update runs fn in a transaction that commits if fn returns nil, durably:
// when Update has returned nil, a crash of the machine does not undo it. It is
// the only way to write. Updates run one after the other; those that come
// together share a commit, and one that fails undoes only itself. A context
// that ends before fn has returned undoes the update.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	return s.dialect.Classify(s.writer.update(ctx, fn))
}

// tx is a transaction that begins now.
func (s *Store) tx(ctx context.Context, e engine) *Tx {
	return &Tx{ctx: ctx, engine: e, now: s.Now(), index: &s.dialect.Index, lists: &s.blocks}
}

const schemaTable = `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)`

func (s *Store) migrate(ctx context.Context) error {
	all, err := migrations.All(s.dialect.Name)
	if err != nil {
		return err
	}
	err = s.writer.alone(ctx, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(ctx, schemaTable)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare the schema: %w", err)
	}
	for {
		done, err := s.migrateOnce(ctx, all)
		if err != nil || done {
			return err
		}
	}
}

// migrateOnce takes the next step in a transaction of its own, so that two
// processes that start together do each step once.
func (s *Store) migrateOnce(ctx context.Context, all []migrations.Migration) (done bool, err error) {
	err = s.Update(ctx, func(tx *Tx) error {
		var version int
		if err := tx.row(`SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&version); err != nil {
			return fmt.Errorf("read the schema version: %w", err)
		}
		if version > len(all) {
			return &NewerSchemaError{Found: version, Known: len(all)}
		}
		if done = version == len(all); done {
			return nil
		}
		step := all[version]
		if err := tx.exec(step.SQL); err != nil {
			return fmt.Errorf("migration %s: %w", step.Name, err)
		}
		if step.Fill != nil {
			if err := step.Fill(filler{tx}); err != nil {
				return fmt.Errorf("migration %s: %w", step.Name, err)
			}
		}
		return tx.exec(`INSERT INTO schema_version (version) VALUES ($1)`, step.Version)
	})
	return done, err
}

// filler is the transaction of a migration.
type filler struct{ tx *Tx }

func (f filler) Exec(query string, args ...any) error { return f.tx.exec(query, args...) }

func (f filler) Each(fn func(scan func(...any) error) error, query string, args ...any) error {
	return f.tx.each(fn, query, args...)
}

// notFound turns the absence of a row into press.ErrNotFound about a thing.
func notFound(err error, format string, args ...any) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %s", press.ErrNotFound, fmt.Sprintf(format, args...))
	}
	return err
}

package kernel

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// reading is one of the clock of the engine's server. From then on the time is known by
// how long ago that was, until the next one.
type reading struct {
	at    time.Time
	taken time.Time // by the clock of this machine, of which only its pace counts
	// expected is what the reading before led to expect; zero if there was none.
	expected time.Time
}

func (r *reading) now() time.Time { return r.at.Add(time.Since(r.taken)) }

// Now reads the wall clock, in UTC and to the microsecond, which is how finely
// the database keeps it.
func (db *DB) Now() time.Time {
	if db.now != nil {
		return db.now().UTC().Truncate(time.Microsecond)
	}
	return db.reading.Load().now().UTC().Truncate(time.Microsecond)
}

// Foreign tells whether the clock is that of the engine's server.
func (db *DB) Foreign() bool { return db.now == nil }

// readOn reads the clock of the server by a query.
func (db *DB) readOn(ctx context.Context, conn *sql.Conn, query string) error {
	var micros int64
	if err := conn.QueryRowContext(ctx, query).Scan(&micros); err != nil {
		return err
	}
	db.took(micros)
	return nil
}

func (db *DB) took(micros int64) {
	r := &reading{at: time.UnixMicro(micros), taken: time.Now()}
	if before := db.reading.Load(); before != nil {
		r.expected = before.now()
	}
	db.reading.Store(r)
}

// Expected is what the clock was expected to say when the transaction began, by the
// reading before; zero if there was none.
func (tx *Tx) Expected() time.Time { return tx.expected }

// Now is the wall clock, read now: what [DB.Now] says may be about a clock that was set
// since, or about another server's.
func (w *Watch) Now(ctx context.Context) (time.Time, error) {
	if w.db.now != nil {
		return w.db.Now(), nil
	}
	ctx, cancel := w.db.dialect.Pulse.brief(context.WithoutCancel(ctx))
	defer cancel()
	err := error(nil)
	if w.look == nil {
		err = w.connect(ctx)
	}
	if err == nil {
		if err = w.db.readOn(ctx, w.conn, w.db.dialect.Clock); err == nil {
			return w.db.Now(), nil
		}
		_ = w.disconnect()
	}
	return time.Time{}, w.db.dialect.Classify(fmt.Errorf("read the clock of the server: %w", err))
}

package kernel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"communique/storage/press"
)

// Lag is how long a commit of another process may stay unseen by
// [DB.State], counted from its end.
const Lag = time.Millisecond

// state numbers the states of the database as this process sees them. Its own
// commits move the number before their Update returns; those of other processes
// are looked for when somebody asks, at most once in Lag, so that a thousand
// requests in a millisecond share one look.
type state struct {
	number atomic.Uint64
	began  time.Time    // the times below count from here, by the monotonic clock
	wrote  atomic.Int64 // the end of the last commit of ours
	looked atomic.Int64 // the beginning of the last look

	mu   sync.Mutex // guards what follows
	conn *sql.Conn  // of its own: a version counts the commits of all others
	look *sql.Stmt
	last int64
	// failure is what came of the last look, at failed.
	failure error
	failed  time.Duration
	query   string
	pulse   Pulse
}

func (s *state) start(query string, pulse Pulse) {
	s.query, s.pulse = query, pulse
	s.began = time.Now()
	s.wrote.Store(math.MinInt64 / 2)
	s.looked.Store(math.MinInt64 / 2)
}

// committed is called after each commit of this process.
func (s *state) committed() {
	s.wrote.Store(int64(time.Since(s.began)))
	s.number.Add(1)
}

// State is a number that moves with each commit, but those that are quiet: see [Tx.Quiet]. As long as it stays the same
// everything that could be read when it was asked for still stands; what is read
// after it was asked for is at least as new. It is exact for the commits of this
// store, and at most [Lag] late for those of other processes.
func (db *DB) State(ctx context.Context) (uint64, error) {
	if err := db.state.refresh(ctx, db.reader); err != nil {
		db.renewIf(err)
		return 0, db.dialect.Classify(fmt.Errorf("look for changes: %w", err))
	}
	return db.state.number.Load(), nil
}

func (s *state) fresh() bool {
	return time.Since(s.began)-time.Duration(s.looked.Load()) < Lag
}

func (s *state) refresh(ctx context.Context, db *sql.DB) error {
	if s.fresh() {
		return nil
	}
	asked := time.Since(s.began)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch { // while we waited
	case s.fresh():
		return nil
	case s.failure != nil && s.failed > asked:
		return s.failure // a server that is not there must not keep us one by one
	}
	s.failure = s.see(ctx, db)
	s.failed = time.Since(s.began)
	return s.failure
}

func (s *state) see(ctx context.Context, db *sql.DB) error {
	begins := time.Since(s.began) // a commit that ends during the look may escape it
	// With a context that can end, the driver starts a goroutine for each query.
	ctx, cancel := s.pulse.brief(context.WithoutCancel(ctx))
	defer cancel()
	if s.look == nil {
		if err := s.connect(ctx, db); err != nil {
			return err
		}
	}
	var version int64
	if err := s.look.QueryRowContext(ctx).Scan(&version); err != nil {
		return errors.Join(noVersion(err), s.disconnect())
	}
	if version != s.last {
		s.last = version
		s.number.Add(1)
	}
	s.looked.Store(int64(begins))
	return nil
}

// connect prepares to look. The versions of another connection are other
// numbers, so that the first look finds a change.
func (s *state) connect(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	look, err := conn.PrepareContext(ctx, s.query)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	s.conn, s.look, s.last = conn, look, -1
	return nil
}

// noVersion is the error of a look at the version, which there is wherever one may write.
func noVersion(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return errDemoted
	}
	return err
}

// errDemoted is why nothing is read from a server.
var errDemoted = fmt.Errorf("%w: the server takes no writing any more", press.ErrAway)

// renewIf has no connection used again to a server that takes no writing any more.
func (db *DB) renewIf(err error) {
	if errors.Is(err, errDemoted) {
		db.Renew()
	}
}

// renew has the next look be made on another connection.
func (s *state) renew() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looked.Store(math.MinInt64 / 2)
	_ = s.disconnect()
}

func (s *state) disconnect() error {
	if s.look == nil {
		return nil
	}
	err := errors.Join(s.look.Close(), s.conn.Close())
	s.conn, s.look = nil, nil
	return err
}

// close ends looking. It waits until every other process can have seen the last
// commit: somebody who runs a command and then asks the server is to find what it did.
func (s *state) close() error {
	time.Sleep(Lag - (time.Since(s.began) - time.Duration(s.wrote.Load())))
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.disconnect()
}

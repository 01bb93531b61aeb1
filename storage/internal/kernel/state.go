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
// [DB.State] at most, counted from its end: [Dialect.Lag] may be less. A look at a server is
// what a repeated answer costs most, and whoever commits waits for as long as this before
// they say so: see [DB.Close].
const Lag = 40 * time.Millisecond

// state numbers the states of the database as this process sees them. Its own
// commits move the number before their Update returns; those of other processes
// are looked for when somebody asks, at most once in a while, so that a thousand
// requests in a moment share one look.
type state struct {
	number atomic.Uint64
	began  time.Time    // the times below count from here, by the monotonic clock
	wrote  atomic.Int64 // the end of the last commit of ours
	looked atomic.Int64 // the beginning of the last look
	silent atomic.Int64 // the end of the last look to which nothing was answered

	joining sync.Mutex // guards underway
	// underway is the look that is under way, nil if none is.
	underway *looking

	mu    sync.Mutex // guards what follows
	conn  *sql.Conn  // of its own: a version counts the commits of all others
	look  *sql.Stmt
	last  int64
	query string
	pulse Pulse
	lag   time.Duration
}

// looking is a look that several may wait for.
type looking struct {
	begun time.Duration
	done  chan struct{} // closed when err is what came of it
	err   error
}

func (s *state) start(d Dialect) {
	s.query, s.pulse, s.lag = d.DataVersion, d.Pulse, d.Lag
	s.began = time.Now()
	s.wrote.Store(math.MinInt64 / 2)
	s.looked.Store(math.MinInt64 / 2)
	s.silent.Store(math.MinInt64 / 2)
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

// fresh reports whether a look began lately enough before an instant.
func (s *state) fresh(at time.Duration) bool { return at-time.Duration(s.looked.Load()) < s.lag }

// refresh looks, or waits for a look that began after it was called. One that began before
// and fails is enough, too: a server that is not there must not keep many one by one.
func (s *state) refresh(ctx context.Context, db *sql.DB) error {
	asked := time.Since(s.began)
	for now := asked; !s.fresh(now); now = time.Since(s.began) {
		look, ours := s.join()
		if ours {
			s.leave(look, s.see(ctx, db))
		} else {
			<-look.done
		}
		if look.err != nil || look.begun >= asked {
			return look.err
		}
	}
	return nil
}

// stillSilent is for how long a server that did not answer is not asked again.
const stillSilent = 100 * time.Millisecond

// silence is the error of a server that did not answer just now: whoever has waited for
// that need not wait once more.
func (s *state) silence() error {
	if time.Since(s.began)-time.Duration(s.silent.Load()) < stillSilent {
		return errSilent
	}
	return nil
}

// join returns the look that is under way; if none is, one that the caller has to do.
func (s *state) join() (look *looking, ours bool) {
	s.joining.Lock()
	defer s.joining.Unlock()
	if s.underway == nil {
		s.underway, ours = &looking{begun: time.Since(s.began), done: make(chan struct{})}, true
	}
	return s.underway, ours
}

// leave tells all who wait what came of a look.
func (s *state) leave(look *looking, err error) {
	if now := time.Since(s.began); err != nil && s.pulse.Answer > 0 && now-look.begun >= s.pulse.Answer {
		s.silent.Store(int64(now))
	}
	look.err = err
	s.joining.Lock()
	s.underway = nil
	s.joining.Unlock()
	close(look.done)
}

func (s *state) see(ctx context.Context, db *sql.DB) error {
	s.mu.Lock()
	defer s.mu.Unlock()
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
func (s *state) close() {
	time.Sleep(s.lag - (time.Since(s.began) - time.Duration(s.wrote.Load())))
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.disconnect() // it only read, and may have been lost before
}

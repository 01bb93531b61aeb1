package kernel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"communique/storage/press"
)

// writer is the one connection that writes. Updates take turns on it, in the
// order in which they came. Those that wait while another is under way join its
// transaction and share its commit, which costs more than most of them: a
// thousand Follows that come at once are not a thousand waits for the disk. One
// that nobody waits for is committed at once.
type writer struct {
	db      *DB
	dialect *Dialect
	conn    *sql.Conn // of whoever has the turn, like what follows; nil while it is lent
	known   statements
	fresh   bool // nothing was committed on the connection yet
	closed  bool
	stale   atomic.Bool // the connection is not to be used again
	turns   sync.Mutex  // guards what follows
	taken   bool
	waiting []chan *group
}

const (
	// groupAge and groupSize end a group although more are waiting: the first in
	// it must not wait for ever for the last.
	groupAge  = 25 * time.Millisecond
	groupSize = 256
)

// group is an open transaction and the Updates in it, each behind a savepoint
// of its own but the first, which has the whole to undo. Whoever has the turn
// has the group.
type group struct {
	began   time.Time
	members int
	loud    bool          // one of them at least is not quiet
	kept    map[any]any   // see [Tx.Keep]
	stands  func()        // called when it is committed
	calm    func()        // ends the guard over its statements
	ended   chan struct{} // closed when err says what came of all
	err     error
}

func (g *group) full() bool { return g.members >= groupSize || time.Since(g.began) >= groupAge }

func (g *group) end(err error) {
	g.calm()
	g.err = err
	close(g.ended)
}

func newWriter(ctx context.Context, db *DB) (*writer, error) {
	conn, err := db.handle.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect the writer: %w", err)
	}
	return &writer{db: db, dialect: &db.dialect, conn: conn, known: newStatements(conn, &db.dialect, false), fresh: true}, nil
}

// close lets the connection go, when its turn comes.
func (w *writer) close() error {
	return w.byTurn(context.Background(), func() error {
		w.closed = true
		if w.conn == nil {
			return nil // who reads on it closes it
		}
		ctx, cancel := w.dialect.Pulse.brief(context.Background())
		defer cancel()
		if w.conn.PingContext(ctx) != nil {
			_ = w.known.close(ctx) // it was lost before, and nothing with it
			return nil
		}
		return w.known.close(ctx)
	})
}

// lend hands out the connection to who reads, unless somebody writes. Whoever writes before it is
// back connects anew.
func (w *writer) lend(round int) *reader {
	w.turns.Lock()
	defer w.turns.Unlock()
	if w.taken || w.conn == nil || w.closed || w.stale.Load() {
		return nil
	}
	r := &reader{conn: w.conn, known: w.known, round: round, lent: true, fresh: w.fresh}
	r.known.forReading(w.dialect, true)
	w.conn, w.known = nil, statements{}
	return r
}

// takeBack takes the connection back from who has read on it, unless there is another one now.
func (w *writer) takeBack(r *reader) bool {
	w.turns.Lock()
	defer w.turns.Unlock()
	if w.taken || w.conn != nil || w.closed {
		return false
	}
	w.conn, w.known, w.fresh = r.conn, r.known, r.fresh
	w.known.forReading(w.dialect, false)
	return true
}

// attempts bounds how often a transaction is begun again.
const attempts = 3

// updateAgain is update, begun again if the engine undid it. Nobody is asked to do
// again what may have been committed.
func (w *writer) updateAgain(ctx, guarded context.Context, fn func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := w.update(ctx, guarded, fn)
		if err != nil && w.dialect.Stale != nil && w.dialect.Stale(err) {
			w.db.Renew()
		}
		if err == nil || attempt == attempts || w.dialect.Repeat == nil || !w.dialect.Repeat(err) ||
			errors.Is(err, press.ErrUnsure) || ctx.Err() != nil || guarded.Err() != nil {
			return err
		}
	}
}

// update runs fn as a member of a group and waits for the group's commit. guarded is
// the context of what comes before; see [DB.guard].
func (w *writer) update(ctx, guarded context.Context, fn func(*Tx) error) error {
	g, err := w.turn(ctx, guarded)
	if err != nil {
		return err
	}
	if g == nil {
		if g, err = w.open(guarded); err != nil {
			w.pass(nil)
			return err
		}
	}
	if err := w.run(ctx, g, fn); err != nil {
		return err
	}
	// Not cut short by the context: whether it is committed is no longer open to
	// the caller's wishes, only to what the caller knows.
	<-g.ended
	return g.err
}

// turn waits for the turn. It comes with the group that is open, or with nil.
func (w *writer) turn(ctx, guarded context.Context) (*group, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("begin transaction: %w", err)
	}
	w.turns.Lock()
	if !w.taken {
		w.taken = true
		w.turns.Unlock()
		return nil, nil
	}
	mine := make(chan *group, 1) // whoever hands it over waits for nobody
	w.waiting = append(w.waiting, mine)
	w.turns.Unlock()
	select {
	case g := <-mine:
		return g, nil
	case <-ctx.Done():
		w.leave(mine)
		return nil, fmt.Errorf("wait to write: %w", ctx.Err())
	case <-guarded.Done():
		w.leave(mine)
		return nil, fmt.Errorf("wait to write: %w", guarded.Err())
	}
}

// leave gives up waiting, and passes on a turn that came at the same moment.
func (w *writer) leave(mine chan *group) {
	w.turns.Lock()
	at := slices.Index(w.waiting, mine)
	if at >= 0 {
		w.waiting = slices.Delete(w.waiting, at, at+1)
	}
	w.turns.Unlock()
	if at < 0 {
		w.pass(<-mine)
	}
}

// pass hands the turn to whoever waits longest, with the group unless that is full.
// With nobody there the group is committed.
func (w *writer) pass(g *group) {
	for {
		w.turns.Lock()
		if len(w.waiting) > 0 && (g == nil || !g.full()) {
			next := w.waiting[0]
			w.waiting = w.waiting[1:]
			w.turns.Unlock()
			next <- g
			return
		}
		if g == nil {
			w.taken = false
			w.turns.Unlock()
			return
		}
		w.turns.Unlock()
		w.commit(g)
		g = nil
	}
}

// alone runs fn on the connection with no transaction open.
func (w *writer) alone(ctx context.Context, fn func(*sql.Conn) error) error {
	return w.byTurn(ctx, func() error {
		if err := w.connected(ctx); err != nil {
			return err
		}
		return fn(w.conn)
	})
}

// byTurn runs fn when its turn comes, with no transaction open.
func (w *writer) byTurn(ctx context.Context, fn func() error) error {
	g, err := w.turn(ctx, ctx)
	if err != nil {
		return err
	}
	defer w.pass(nil)
	if g != nil {
		w.commit(g)
	}
	return fn()
}

// open begins a transaction. Only that is cut short by the caller's context: an
// engine that is interrupted in the middle of a statement rolls back all, which
// would be at others' cost.
func (w *writer) open(ctx context.Context) (*group, error) {
	if w.stale.Swap(false) {
		if err := w.replace(ctx); err != nil {
			return nil, fmt.Errorf("connect anew: %w", err)
		}
	}
	if err := w.connected(ctx); err != nil {
		return nil, fmt.Errorf("connect anew: %w", err)
	}
	err := w.beginLocked(ctx)
	if err != nil && ctx.Err() == nil {
		again, failed := w.reconnect(ctx)
		switch {
		case failed != nil:
			err = failed
		case again:
			err = w.beginLocked(ctx) // the server was started again since the last one
		}
	}
	if err != nil {
		w.rollback() // it may have begun in the moment of being cut short
		return nil, fmt.Errorf("begin transaction: %w", err)
	}
	g := &group{began: time.Now(), calm: func() {}, stands: func() {}, ended: make(chan struct{})}
	if w.dialect.Pulse.Every > 0 {
		w.known.under, g.calm = w.db.guard(context.Background()) //nolint:fatcontext // not the first one's only
	}
	if !w.fresh || w.db.first == nil {
		return g, nil
	}
	// If the member that is behind it fails, it is undone with that one, and done again.
	first := w.db.tx(context.Background(), &w.known)
	stands, err := w.db.first(first)
	if err == nil {
		err = first.end()
	}
	if err != nil {
		w.known.forget()
		err = w.givenUp(err)
		w.rollback()
		g.end(nil) // nobody waits for it
		return nil, fmt.Errorf("begin on a new connection: %w", err)
	}
	g.loud = true
	g.stands = func() {
		w.fresh = false
		stands()
	}
	return g, nil
}

func (w *writer) beginLocked(ctx context.Context) error {
	micros, err := w.dialect.Begin(ctx, w.conn)
	if err == nil && w.db.Foreign() {
		w.db.took(micros)
	}
	return err
}

// reconnect takes a new connection if the one there is has broken, and reports
// whether it did.
func (w *writer) reconnect(ctx context.Context) (again bool, err error) {
	if w.closed || w.conn.PingContext(ctx) == nil {
		return false, nil
	}
	err = w.replace(ctx)
	return err == nil, err
}

// replace takes a new connection in place of the one there is.
func (w *writer) replace(ctx context.Context) error {
	if w.conn != nil {
		closing, cancel := w.dialect.Pulse.brief(context.WithoutCancel(ctx))
		_ = w.known.close(closing) // it is broken, or leads where nothing is written any more
		cancel()
	}
	return w.connect(ctx)
}

// connected connects anew if the connection is lent.
func (w *writer) connected(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	return w.connect(ctx)
}

// connect makes a connection, where there is none that can be used.
func (w *writer) connect(ctx context.Context) error {
	if w.closed {
		return errClosed
	}
	conn, err := w.db.handle.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn, w.known, w.fresh = conn, newStatements(conn, w.dialect, false), true
	return nil
}

// run runs fn in the group and passes the turn on. What fn did is undone if it
// fails, if it panics, or if its context ends.
func (w *writer) run(ctx context.Context, g *group, fn func(*Tx) error) (err error) {
	tx := w.db.tx(ctx, &w.known)
	tx.kept = g.kept
	stands := false
	// Deferred, because somebody may recover a panic in fn (net/http does): the
	// one writer must go on.
	defer func() {
		if !stands {
			err = w.givenUp(err)
			g = w.undo(g, tx.failed)
		}
		w.pass(g)
	}()
	if g.members > 0 {
		if err := w.known.exec(context.Background(), `SAVEPOINT member`); err != nil {
			return fmt.Errorf("set a savepoint: %w", err)
		}
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.end(); err != nil {
		return err
	}
	if tx.forfeited {
		return ErrForfeited
	}
	if g.members > 0 {
		if err := w.known.exec(context.Background(), `RELEASE member`); err != nil {
			return fmt.Errorf("release a savepoint: %w", err)
		}
	}
	g.members++
	g.loud = g.loud || !tx.quiet
	g.kept = tx.kept
	stands = true
	return nil
}

// undo takes back what one member did and returns the group that the others
// are still in. A full disk makes SQLite roll back all at once: then the group
// has failed for everybody in it.
func (w *writer) undo(g *group, failed error) *group {
	w.known.forget()
	if g.members == 0 {
		w.rollback()
		g.end(nil) // nobody waits for it
		return nil
	}
	err := w.known.exec(context.Background(), `ROLLBACK TO member`)
	if err == nil {
		err = w.known.exec(context.Background(), `RELEASE member`)
	}
	if err == nil {
		return g
	}
	if failed == nil {
		failed = err
	}
	w.rollback()
	g.end(fmt.Errorf("the transaction was lost: %w", w.givenUp(failed)))
	return nil
}

func (w *writer) commit(g *group) {
	name, err := w.mark(g)
	if err == nil {
		err = w.known.exec(context.Background(), `COMMIT`)
		if err != nil && w.dialect.Outcome != nil {
			err = w.resolve(name, err)
		}
	}
	if err != nil {
		w.rollback()
		err = fmt.Errorf("commit: %w", w.givenUp(err))
	} else {
		g.stands()
	}
	if g.loud {
		w.db.state.committed() // also if it failed: it may have come to be
	}
	g.end(err)
}

// mark ends a transaction that is about to be committed, and returns its name.
func (w *writer) mark(g *group) (name string, err error) {
	if w.dialect.Mark == "" {
		return "", nil
	}
	quiet := 1
	if g.loud {
		quiet = 0
	}
	refused := ""
	err = w.known.query(context.Background(), func(rows *sql.Rows) error {
		if !rows.Next() {
			return errors.Join(rows.Err(), errors.New("the commit was not counted"))
		}
		return rows.Scan(&name, &refused)
	}, w.dialect.Mark, quiet)
	if err == nil && refused != "" {
		err = fmt.Errorf("%w: %s", press.ErrAway, refused)
	}
	return name, err
}

// outcomeTimeout bounds how long everybody waits for what became of a commit: as long
// as a server takes to start again.
const outcomeTimeout = 5 * time.Second

// resolve finds out what became of a commit that came to an error: its answer may
// have been lost. It returns nil if it stands.
func (w *writer) resolve(name string, failed error) error {
	ctx, cancel := context.WithTimeout(context.Background(), outcomeTimeout)
	defer cancel()
	committed, err := w.dialect.Outcome(ctx, w.db.reader, name)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w; %w", press.ErrUnsure, failed, err)
	case committed:
		return nil
	}
	return failed
}

// givenUp is the function [givenUp] about the statements of the group.
func (w *writer) givenUp(err error) error {
	if w.known.under == nil {
		return err
	}
	return givenUp(w.known.under, err)
}

// rollback ends the transaction, if one is open: after a full disk SQLite has
// rolled back by itself, and that is not worth a word.
func (w *writer) rollback() {
	ctx, cancel := w.dialect.Pulse.brief(context.Background())
	defer cancel()
	_, _ = w.conn.ExecContext(ctx, `ROLLBACK`)
}

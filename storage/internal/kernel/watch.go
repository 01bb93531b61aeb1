package kernel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	// lookFirst is how soon there is a look after a sign. The sign is the first
	// byte of a commit, and nothing tells that it has come: each look is followed
	// by another after twice the time, up to lookIdle. So a change is seen after
	// about as long as its commit took.
	lookFirst = 5 * time.Millisecond
	lookIdle  = time.Second
	// lookBusy is the pace to which looks slow down while there are signs without
	// end: when followers come by the thousand, each look costs as much as one.
	lookBusy = 20 * time.Millisecond
	// lookBlind is the pace where the system cannot tell of writes.
	lookBlind = 20 * time.Millisecond
)

// Watch tells when the database was written to, by whichever process: C says
// when to look, [Watch.Changed] whether anything was committed. Idle it costs
// next to nothing; polling fifty times a second keeps a processor from sleeping
// and costs three hundredths of it. It is for one goroutine.
type Watch struct {
	C <-chan struct{}

	db   *DB
	conn *sql.Conn
	look *sql.Stmt
	last int64

	signs  chan struct{}
	ended  chan struct{}
	loop   sync.WaitGroup
	unhook func() error
}

// Watch starts watching; [Watch.Close] ends it. A pace of more than zero looks
// at that pace and in no other way.
func (db *DB) Watch(ctx context.Context, pace time.Duration) (*Watch, error) {
	c := make(chan struct{}, 1)
	w := &Watch{
		C: c, db: db,
		signs: make(chan struct{}, 1), ended: make(chan struct{}), unhook: func() error { return nil },
	}
	if err := w.connect(ctx); err != nil {
		return nil, db.dialect.Classify(fmt.Errorf("watch the database: %w", err))
	}
	first, idle := lookFirst, lookIdle
	if pace > 0 {
		first, idle = pace, pace
	} else if unhook, err := db.dialect.Notify(ctx, db.reader, func() { poke(w.signs) }); err == nil {
		w.unhook = unhook
	} else {
		first, idle = lookBlind, lookBlind // the system has no watches left
	}
	w.loop.Go(func() { w.run(c, first, idle) })
	return w, nil
}

// poke leaves a sign, unless one is there.
func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (w *Watch) run(c chan<- struct{}, first, idle time.Duration) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	pause, soon, signed := first, first, false
	for {
		select {
		case <-w.ended:
			return
		case <-w.signs:
			if pause > soon { // else a look is near
				timer.Reset(soon)
			}
			pause, signed = soon, true
		case <-timer.C:
			poke(c)
			if signed {
				soon = max(first, min(lookBusy, 2*soon))
			} else {
				soon = first
			}
			signed = false
			timer.Reset(pause)
			pause = min(idle, 2*pause)
		}
	}
}

// Close ends the watch.
func (w *Watch) Close() error {
	err := w.unhook()
	close(w.ended)
	w.loop.Wait()
	return errors.Join(err, w.disconnect())
}

// connect prepares to look, on a connection of its own: its version counts the
// commits of all others. The first look finds a change.
func (w *Watch) connect(ctx context.Context) error {
	conn, err := w.db.reader.Conn(ctx)
	if err != nil {
		return err
	}
	look, err := conn.PrepareContext(ctx, w.db.dialect.DataVersion)
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	w.conn, w.look, w.last = conn, look, -1
	return nil
}

func (w *Watch) disconnect() error {
	if w.look == nil {
		return nil
	}
	err := errors.Join(w.look.Close(), w.conn.Close())
	w.conn, w.look = nil, nil
	return err
}

// Changed reports whether anything was committed since the last call; the first
// one says yes.
func (w *Watch) Changed(ctx context.Context) (bool, error) {
	// With a context that can end, the driver starts a goroutine for each query
	// to watch it: ten times the cost of the query itself, which never waits.
	ctx, cancel := w.db.dialect.Pulse.brief(context.WithoutCancel(ctx))
	defer cancel()
	if w.look == nil {
		if err := w.connect(ctx); err != nil {
			return false, w.db.dialect.Classify(fmt.Errorf("look for changes: %w", err))
		}
	}
	var version int64
	if err := w.look.QueryRowContext(ctx).Scan(&version); err != nil {
		// What broke is made anew at the next look, which finds a change.
		err = errors.Join(noVersion(err), w.disconnect())
		w.db.renewIf(err)
		return false, w.db.dialect.Classify(fmt.Errorf("look for changes: %w", err))
	}
	changed := version != w.last
	w.last = version
	return changed, nil
}

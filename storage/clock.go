package storage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/storage/press"
)

const (
	// clockEvery bounds for how long a step of the wall clock goes unseen.
	clockEvery = time.Second
	// retryReleaseAfter is the pause after a release that failed: the database may be
	// full, and asking it at full speed is no help.
	retryReleaseAfter = 100 * time.Millisecond
	// releaseBatch bounds one transaction.
	releaseBatch = 100
	// maxStep is how far the wall clock may run apart from the monotonic one
	// between two looks. A clock that is set is set by less.
	maxStep = 2 * time.Second
)

// RunClock ends embargoes: it makes articles public when their instant comes,
// until ctx ends. Of several programs that serve a database each does: see [Task].
// Commands may set and change embargoes at any time in other
// processes, so it watches the database. If the wall clock jumps, nobody can
// tell which of its times was right: embargoes are held until an operator
// confirms it ([Tx.ConfirmClock]), for a statement that is late can be
// explained, and one that leaked cannot. So they are after a backup was
// restored ([Tx.Reopen]). looked is called after each look, every second at least.
func (s *Store) RunClock(ctx context.Context, log *slog.Logger, looked func()) error {
	c, err := s.startClock(ctx, log)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // stopped before it had started
	case err != nil:
		return fmt.Errorf("start the clock: %w", err)
	}
	defer func() { _ = c.watch.Close() }() // it only read
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-c.watch.C:
		}
		c.report(c.look(ctx))
		looked()
		tick.Reset(c.pause(s.Now()))
	}
}

func (s *Store) startClock(ctx context.Context, log *slog.Logger) (*clock, error) {
	watch, err := s.Watch(ctx, 0)
	if err != nil {
		return nil, err
	}
	c := &clock{store: s, watch: watch, log: log}
	if c.wall, c.elapsed, _, err = s.readings(ctx, watch); err != nil {
		return nil, errors.Join(err, watch.Close())
	}
	return c, nil
}

// clock knows when the next embargo ends, until somebody writes to the database.
type clock struct {
	store *Store
	watch *Watch
	log   *slog.Logger
	next  time.Time // zero: none is set
	alarm string    // the last fault
	held  bool

	wall    time.Time     // at the last look
	elapsed time.Duration // at the last look
	jumped  time.Duration
}

// pause is until the next embargo ends. The one that is held past its instant waits
// for a command, which the watch reports.
func (c *clock) pause(now time.Time) time.Duration {
	switch {
	case c.held || c.next.IsZero():
		return clockEvery
	case c.alarm != "":
		return retryReleaseAfter
	}
	const least = time.Millisecond
	return min(clockEvery, max(least, c.next.Sub(now)))
}

func (c *clock) look(ctx context.Context) error {
	if err := c.compare(ctx); err != nil {
		return err
	}
	changed, err := c.watch.Changed(ctx)
	if err != nil {
		return err
	}
	if c.jumped != 0 {
		if err := c.hold(ctx); err != nil {
			return err
		}
	}
	if changed || c.alarm != "" {
		err := c.store.View(ctx, func(tx *Tx) (err error) {
			if c.next, err = tx.NextRelease(); err != nil {
				return err
			}
			reason, err := tx.ClockHeld()
			if err == nil {
				c.setHeld(reason)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if c.held || c.next.IsZero() || c.next.After(c.wall) {
		return nil
	}
	return c.release(ctx)
}

// readings reads both clocks at one instant: a process that is stopped between the
// two, as on a busy machine, would take its own pause for a jump. Where the wall clock
// is a server's that is slow to answer, it is known only that they belong together up to
// unsure.
func (s *Store) readings(ctx context.Context, watch *Watch) (wall time.Time, elapsed, unsure time.Duration, err error) {
	for attempt := 1; ; attempt++ {
		before := s.Elapsed()
		if wall, err = watch.Now(ctx); err != nil {
			return wall, 0, 0, err
		}
		elapsed = s.Elapsed()
		switch took := elapsed - before; {
		case took < maxStep/4:
			return wall, elapsed, 0, nil
		case s.db.Foreign() && attempt == 3:
			return wall, elapsed - took/2, took / 2, nil
		}
	}
}

// compare adds up how far the wall clock has jumped since the last reading that is sure.
func (c *clock) compare(ctx context.Context) error {
	wall, elapsed, unsure, err := c.store.readings(ctx, c.watch)
	if err != nil {
		return err
	}
	step := wall.Sub(c.wall) - (elapsed - c.elapsed)
	jumped := step.Abs() > maxStep+unsure
	if jumped {
		c.jumped += step
	}
	if jumped || unsure == 0 {
		c.wall, c.elapsed = wall, elapsed
	}
	return nil
}

// trusts tells whether the time of a transaction is as it is to be expected. The clock
// may have jumped since the look, and back again since the transaction read it; or the
// transaction is on another server. If it is not, the next look holds embargoes.
func (c *clock) trusts(ctx context.Context, tx *Tx) (bool, error) {
	if c.store.db.Foreign() {
		return (tx.Now().Sub(c.wall) - (c.store.Elapsed() - c.elapsed)).Abs() <= maxStep, nil
	}
	err := c.compare(ctx)
	return c.jumped == 0 && !tx.Now().After(c.wall.Add(maxStep)), err
}

// hold stops releases until they are confirmed. The alarm is given first: it
// must not wait for the database.
func (c *clock) hold(ctx context.Context) error {
	reason := fmt.Sprintf("the clock jumped by %s", c.jumped.Round(time.Second))
	c.setHeld(reason)
	err := c.store.Update(ctx, func(tx *Tx) error { return tx.HoldEmbargoes(reason) })
	if err == nil {
		c.jumped = 0
	}
	return err
}

// setHeld stops releases for a reason and gives the alarm once; without a
// reason they go on.
func (c *clock) setHeld(reason string) {
	if reason != "" && !c.held {
		c.log.Error("embargoes are held; put right what the reason says, then run communique clock confirm", "reason", reason)
	}
	c.held = reason != ""
}

// ConfirmClock says that the clock is right: embargoes end by it again, and
// deliveries that were put off are due, for the clock that they were put off by
// may have been days ahead. It returns press.ErrNotFound if embargoes are not held.
func (tx *Tx) ConfirmClock() error {
	if err := tx.newsdeskTx.ConfirmClock(); err != nil {
		return err
	}
	return tx.ledger.RetryAll()
}

func (c *clock) release(ctx context.Context) error {
	var released []press.Entry
	var reason string
	err := c.store.Update(ctx, func(tx *Tx) (err error) {
		// They may have been held since the look, by another process.
		if reason, err = tx.ClockHeld(); err != nil || reason != "" {
			return err
		}
		// The transaction's own reading decides what is released.
		if trusted, err := c.trusts(ctx, tx); err != nil || !trusted {
			return err
		}
		if released, err = tx.Release(releaseBatch); err != nil {
			return err
		}
		c.next, err = tx.NextRelease()
		return err
	})
	if err != nil {
		return err
	}
	c.setHeld(reason)
	for _, e := range released {
		c.log.Info("embargo ended", "article", e.Article, "seq", e.Seq)
	}
	return nil
}

// report logs a fault once, not fifty times a second.
func (c *clock) report(err error) {
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		c.alarm = ""
	case err.Error() != c.alarm:
		c.alarm = err.Error()
		c.log.Error("embargoes cannot be ended; trying again", "error", err)
	}
}

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
	// releaseBatch bounds one transaction.
	releaseBatch = 100
)

// RunClock ends embargoes: it makes articles public when their instant comes,
// until ctx ends. Commands may set and change embargoes at any time in other
// processes, so it watches the database.
func (s *Store) RunClock(ctx context.Context, log *slog.Logger) error {
	watch, err := s.Watch(ctx, 0)
	if err != nil {
		return fmt.Errorf("start the clock: %w", err)
	}
	defer func() { _ = watch.Close() }() // it only read
	c := &clock{store: s, watch: watch, log: log}
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-watch.C:
		}
		c.report(c.look(ctx))
		tick.Reset(c.pause())
	}
}

// clock knows when the next embargo ends, until somebody writes to the database.
type clock struct {
	store *Store
	watch *Watch
	log   *slog.Logger
	next  time.Time // zero: none is set
	alarm string    // the last fault
}

// pause is until the next embargo ends.
func (c *clock) pause() time.Duration {
	if c.next.IsZero() {
		return clockEvery
	}
	const least = time.Millisecond // a release that failed is tried again, not at full speed
	return min(clockEvery, max(least, c.next.Sub(c.store.Now())))
}

func (c *clock) look(ctx context.Context) error {
	changed, err := c.watch.Changed(ctx)
	if err != nil {
		return err
	}
	if changed || c.alarm != "" {
		err := c.store.View(ctx, func(tx *Tx) (err error) {
			c.next, err = tx.NextRelease()
			return err
		})
		if err != nil {
			return err
		}
	}
	if c.next.IsZero() || c.next.After(c.store.Now()) {
		return nil
	}
	return c.release(ctx)
}

func (c *clock) release(ctx context.Context) error {
	var released []press.Entry
	err := c.store.Update(ctx, func(tx *Tx) (err error) {
		if released, err = tx.Release(releaseBatch); err != nil {
			return err
		}
		c.next, err = tx.NextRelease()
		return err
	})
	if err != nil {
		return err
	}
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

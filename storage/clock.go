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
	// clockEvery bounds how late after its second an embargo ends.
	clockEvery = 20 * time.Millisecond
	// releaseBatch bounds one transaction.
	releaseBatch = 100
)

// RunClock ends embargoes: it makes articles public when their instant comes,
// until ctx ends. Commands may set and change embargoes at any time in other
// processes, so it never sleeps for long.
func (s *Store) RunClock(ctx context.Context, log *slog.Logger) error {
	watch, err := s.Watch(ctx)
	if err != nil {
		return fmt.Errorf("start the clock: %w", err)
	}
	defer func() { _ = watch.Close() }() // it only read
	c := &clock{store: s, watch: watch, log: log}
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for {
		c.report(c.look(ctx))
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
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

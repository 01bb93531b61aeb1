package storage

import (
	"context"
	"errors"
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
// until ctx ends. Looking is one indexed read; commands may set new embargoes
// at any time in other processes, so it never sleeps for long.
func (s *Store) RunClock(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	var alarm string
	for {
		err := s.releaseDue(ctx, log)
		switch {
		case err == nil || errors.Is(err, context.Canceled):
			alarm = ""
		case err.Error() != alarm:
			alarm = err.Error()
			log.Error("embargoes cannot be ended; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *Store) releaseDue(ctx context.Context, log *slog.Logger) error {
	due := false
	err := s.View(ctx, func(tx *Tx) error {
		next, err := tx.NextRelease()
		due = !next.IsZero() && !next.After(tx.Now())
		return err
	})
	if err != nil || !due {
		return err
	}
	var released []press.Entry
	err = s.Update(ctx, func(tx *Tx) (err error) {
		released, err = tx.Release(releaseBatch)
		return err
	})
	if err != nil {
		return err
	}
	for _, e := range released {
		log.Info("embargo ended", "article", e.Article, "seq", e.Seq)
	}
	return nil
}

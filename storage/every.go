package storage

import (
	"context"
	"time"
)

// Every runs fn in an [Store.Update] once per interval until ctx ends: housekeeping
// that the next round makes up for if it fails. It calls done with the outcome of
// each round, except one that the end of ctx has cut short.
func (s *Store) Every(ctx context.Context, interval time.Duration, fn func(*Tx) error, done func(error)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := s.Update(ctx, fn); err == nil || ctx.Err() == nil {
				done(err)
			}
		}
	}
}

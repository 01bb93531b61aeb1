package storage

import (
	"context"
	"time"
)

// Every is [Store.Tidy] with fn in a [Store.Update].
func (s *Store) Every(ctx context.Context, interval time.Duration, fn func(*Tx) error, done func(error)) {
	s.Tidy(ctx, interval, func(ctx context.Context) error { return s.Update(ctx, fn) }, done)
}

// Tidy is the function [Every] for what is of [Tidying]: in its rounds one program runs
// fn of those that serve the database.
func (s *Store) Tidy(ctx context.Context, interval time.Duration, fn func(context.Context) error, done func(error)) {
	ours := false
	Every(ctx, interval, func(ctx context.Context) error {
		if ours = s.Does(Tidying); !ours {
			return nil
		}
		return fn(ctx)
	}, func(err error) {
		if ours {
			done(err)
		}
	})
}

// Every runs fn once per interval until ctx ends: housekeeping that the next round
// makes up for if it fails. It calls done with the outcome of each round, except one
// that the end of ctx has cut short.
func Every(ctx context.Context, interval time.Duration, fn func(context.Context) error, done func(error)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := fn(ctx); err == nil || ctx.Err() == nil {
				done(err)
			}
		}
	}
}

package desk

import (
	"context"
	"time"

	"communique/storage"
)

// maxStep is how far the wall clock may run apart from the monotonic one between two looks.
const maxStep = 2 * time.Second

// steadiness tells whether the clock has jumped since the last look. For one round nothing is done
// by one that has: by the next the server has seen it, too, and holds embargoes.
type steadiness struct {
	store   *storage.Store
	wall    time.Time // at the last look
	elapsed time.Duration
}

func (s *steadiness) look(ctx context.Context) (steady bool, err error) {
	wall, elapsed := s.wall, s.elapsed
	err = s.store.View(ctx, func(tx *storage.Tx) error {
		s.wall, s.elapsed = tx.Now(), s.store.Elapsed()
		return nil
	})
	step := s.wall.Sub(wall) - (s.elapsed - elapsed)
	return wall.IsZero() || step.Abs() <= maxStep, err
}

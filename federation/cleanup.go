package federation

import (
	"context"
	"time"

	"communique/storage"
	"communique/storage/audience"
)

// cleanUpEvery is how often the tables that strangers can fill are cut back.
const cleanUpEvery = time.Minute

// bodiesFor is how long activities are kept as they were rendered first: longer than
// anything is tried again.
const bodiesFor = 40 * 24 * time.Hour

// RunCleanup keeps within bounds what comes in from others, until ctx ends. An
// error is logged, and tried again a minute later.
func (s *Server) RunCleanup(ctx context.Context) {
	var pruned audience.Pruned
	s.Store.Every(ctx, cleanUpEvery, func(tx *storage.Tx) (err error) {
		if err := tx.ForgetBodies(tx.Now().Add(-bodiesFor)); err != nil {
			return err
		}
		pruned, err = tx.Prune()
		return err
	}, func(err error) {
		switch {
		case err != nil:
			s.Log.Warn("cleaning up what came in failed, will retry", "error", err)
		case pruned.Any():
			s.Log.Warn("more came in than is kept; dropped the oldest", "replies", pruned.Pending, "reports", pruned.Flags, "undone", pruned.Undone)
		}
	})
}

package federation

import (
	"context"
	"time"

	"communique/storage"
	"communique/storage/audience"
)

// cleanUpEvery is how often the tables that strangers can fill are cut back.
const cleanUpEvery = time.Minute

// RunCleanup keeps within bounds what comes in from others, until ctx ends. An
// error is logged, and tried again a minute later.
func (s *Server) RunCleanup(ctx context.Context) {
	ticker := time.NewTicker(cleanUpEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.cleanUp(ctx)
		}
	}
}

func (s *Server) cleanUp(ctx context.Context) {
	var done audience.Pruned
	err := s.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		done, err = tx.Prune()
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil:
		s.Log.Warn("cleaning up what came in failed, will retry", "error", err)
	case err == nil && done.Any():
		s.Log.Warn("more came in than is kept; dropped the oldest", "replies", done.Pending, "reports", done.Flags, "undone", done.Undone)
	}
}

package federation

import (
	"context"
	"time"

	"communique/storage"
	"communique/storage/audience"
)

// tidyEvery is how often what strangers can fill is brought back to its bounds.
const tidyEvery = time.Minute

// RunTidy keeps within bounds what comes in, until ctx ends. A fault here is
// tried again a minute later and stops nothing else.
func (s *Server) RunTidy(ctx context.Context) {
	ticker := time.NewTicker(tidyEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.tidy(ctx)
		}
	}
}

func (s *Server) tidy(ctx context.Context) {
	var done audience.Pruned
	err := s.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		done, err = tx.Prune()
		return err
	})
	switch {
	case err != nil && ctx.Err() == nil:
		s.Log.Warn("what came in could not be tidied", "error", err)
	case err == nil && done.Any():
		s.Log.Warn("more came in than is kept; the oldest was dropped", "replies", done.Pending, "reports", done.Flags, "undone", done.Undone)
	}
}

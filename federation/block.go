package federation

import (
	"context"
	"time"

	"communique/federation/vocab"
)

// blockedBy removes a follower who blocks one of our actors.
func (s *Server) blockedBy(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	object, ok := a.Object()
	if !ok {
		return nil
	}
	of, ok := s.actorByID(object.ID)
	if !ok {
		return nil
	}
	return s.unfollow(ctx, of, a.Actor, signed)
}

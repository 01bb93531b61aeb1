package federation

import (
	"context"
	"time"

	"communique/federation/vocab"
)

// blockedBy ends the following of somebody who blocks an actor of ours.
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

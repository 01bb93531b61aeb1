package federation

import (
	"context"

	"communique/federation/vocab"
	"communique/storage/audience"
	"communique/storage/richtext"
)

// maxReported is how many objects of a report are kept.
const maxReported = 20

// flag stores a report about our actors or articles for the operator.
func (s *Server) flag(ctx context.Context, a vocab.Incoming) error {
	var objects []string
	for _, o := range a.Objects {
		_, actor := s.actorByID(o.ID)
		_, article := s.article(o.ID)
		if (actor || article) && len(objects) < maxReported {
			objects = append(objects, o.ID)
		}
	}
	if len(objects) == 0 {
		return nil
	}
	f := audience.Flag{Activity: ownID(a), Actor: a.Actor, Content: richtext.CleanText(a.Content), Objects: objects}
	return s.effect(ctx, a.Actor, func(tx *audience.Tx) error { return tx.AddFlag(f) })
}

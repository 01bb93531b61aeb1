package federation

import (
	"context"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
	"communique/storage/richtext"
)

// maxReported is how many objects of a report are kept.
const maxReported = 20

// flag stores a report about our actors or articles for the operator.
func (s *Server) flag(ctx context.Context, a vocab.Incoming) error {
	var objects []string
	var reported []press.ArticleID
	for _, o := range a.Objects {
		_, actor := s.actorByID(o.ID)
		id, article := s.article(o.ID)
		if (actor || article) && len(objects) < maxReported {
			objects = append(objects, o.ID)
			reported = append(reported, id)
		}
	}
	if len(objects) == 0 {
		return nil
	}
	f := audience.Flag{Activity: ownID(a), Actor: a.Actor, Content: richtext.CleanText(a.Content), Objects: objects}
	by := s.holderOf(ctx, a.Actor)
	return s.effectOnAll(ctx, []string{a.Actor}, func(tx *storage.Tx) error {
		if err := s.noteHolder(tx, by, reported...); err != nil {
			return err
		}
		return tx.AddFlag(f)
	})
}

package federation

import (
	"context"
	"time"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
)

// remove deletes a post, or everything that an account has done here.
func (s *Server) remove(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	object, ok := a.Object()
	switch {
	case !ok:
		return nil
	case deletesItself(a):
		return s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.RemoveActor(a.Actor, signed) })
	case !vocab.SameOrigin(object.ID, a.Actor):
		return nil
	}
	// Also if the post is not here: it may still be on its way, or waiting for the
	// fetch of its author.
	return s.effect(ctx, a.Actor, func(tx *audience.Tx) error {
		if err := tx.RemoveQuote(a.Actor, object.ID, signed); err != nil {
			return err
		}
		return tx.RemoveReply(a.Actor, object.ID, signed)
	})
}

// removeQuote removes the quote that a post was, if it was one.
func (s *Server) removeQuote(ctx context.Context, actor, post string, signed time.Time) error {
	var quotes bool
	err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		quotes, err = tx.Quotes(actor, post)
		return err
	})
	if err != nil || !quotes {
		return err
	}
	return s.effect(ctx, actor, func(tx *audience.Tx) error { return tx.RemoveQuote(actor, post, signed) })
}

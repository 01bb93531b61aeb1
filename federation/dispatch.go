package federation

import (
	"context"
	"errors"
	"strings"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// dispatch does what a verified activity asks for. An activity that we have no
// use for is accepted and ignored: its sender did nothing wrong.
func (s *Server) dispatch(ctx context.Context, a vocab.Incoming, signed signature.Signature) error {
	// Our answers repeat the id: with one of somebody else's activities they would
	// accept what that one asked for.
	a.ID = ownID(a)
	switch a.Type {
	case vocab.TypeFollow:
		return s.follow(ctx, a, signed.Signed)
	case vocab.TypeUndo:
		return s.undo(ctx, a, signed.Signed)
	case vocab.TypeLike, vocab.TypeEmojiReact, vocab.TypeAnnounce:
		return s.react(ctx, a, signed.Signed)
	case vocab.TypeCreate:
		return s.create(ctx, a, signed)
	case vocab.TypeUpdate:
		return s.update(ctx, a, signed)
	case vocab.TypeDelete:
		return s.remove(ctx, a, signed.Signed)
	case vocab.TypeMove:
		return s.move(ctx, a, signed.Signed)
	case vocab.TypeBlock:
		return s.blockedBy(ctx, a, signed.Signed)
	case vocab.TypeFlag:
		return s.flag(ctx, a)
	case vocab.TypeQuoteRequest:
		return s.quoteRequest(ctx, a, signed)
	case vocab.TypeFeatureRequest:
		return s.featureRequest(ctx, a)
	}
	return nil
}

// effect stores what an activity causes, unless its actor has been blocked since
// it was admitted: a block counts from when the operator's command returns. An
// activity about something that is not here, or not public, has no effect and is
// no error.
func (s *Server) effect(ctx context.Context, actor string, fn func(*audience.Tx) error) error {
	return s.effectOf(ctx, []string{actor}, fn)
}

// effectOf is [Server.effect] for an activity that concerns several addresses: it
// has none if any of them is blocked.
func (s *Server) effectOf(ctx context.Context, addresses []string, fn func(*audience.Tx) error) error {
	return s.effectOnAll(ctx, addresses, func(tx *storage.Tx) error { return fn(tx.Audience()) })
}

// effectOnAll is [Server.effectOf] for an activity whose effect depends on what
// became of an article.
func (s *Server) effectOnAll(ctx context.Context, addresses []string, fn func(*storage.Tx) error) error {
	err := s.Store.Update(ctx, func(tx *storage.Tx) error {
		blocked, err := tx.Blocked(addresses...)
		if err != nil || blocked {
			return err
		}
		return fn(tx)
	})
	var withdrawn *press.WithdrawnError
	if errors.Is(err, press.ErrNotFound) || errors.As(err, &withdrawn) {
		return nil
	}
	return err
}

// article finds the article that an address of this site names: by its ActivityPub
// id, or by its page, which some servers take for the id.
func (s *Server) article(address string) (press.ArticleID, bool) {
	if !strings.HasPrefix(address, s.Site.Base+"/") {
		return "", false
	}
	id, err := s.Site.ArticleRef(address)
	return id, err == nil
}

// ownID is the activity's id if it is on its actor's server, or empty.
func ownID(a vocab.Incoming) string {
	if vocab.SameOrigin(a.ID, a.Actor) {
		return a.ID
	}
	return ""
}

package federation

import (
	"context"
	"errors"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/press"
)

// update takes the newer state of a post that is here or speaks to us, or of
// an actor. Only the owner changes a thing: the post's author, the actor himself.
func (s *Server) update(ctx context.Context, a vocab.Incoming, signed signature.Signature) error {
	object, ok := a.Object()
	switch {
	case !ok:
		return nil
	case object.ID == a.Actor:
		return s.updateActor(ctx, a.Actor, object, signed.Signed)
	}
	note, ok, err := s.noteOf(ctx, a)
	if err != nil || !ok {
		return err
	}
	if note.Updated.IsZero() {
		// Without it a text of before, sent again, would be as new as this one.
		note.Updated = signed.Signed
	}
	if _, quotes := s.article(note.Quotes); !quotes {
		if err := s.removeQuote(ctx, a.Actor, note.ID, signed.Signed); err != nil {
			return err
		}
	}
	return s.note(ctx, note, signed.Signed)
}

// updateActor forgets what is kept of an actor's document and of all his keys,
// one of which he may have withdrawn. They are fetched anew when they are needed.
// It serves him where he says that he is, and renames him where his name is shown.
func (s *Server) updateActor(ctx context.Context, actor string, object vocab.Reference, signed time.Time) error {
	s.remote.Forget(actor)
	s.remote.ForgetKeys(actor)
	described, err := object.Actor()
	if err != nil {
		return nil
	}
	if err := s.changeInbox(ctx, actor, described); err != nil {
		return err
	}
	name := short(described.Name)
	if name == "" {
		return nil
	}
	known := false
	err = s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		known, err = tx.Knows(actor)
		return err
	})
	if err != nil || !known {
		return err
	}
	return s.effect(ctx, actor, func(tx *storage.Tx) error { return tx.RenameAuthor(actor, name, signed) })
}

// changeInbox has a follower served at other inboxes if he says that he has
// them: what he got at the old ones could not be taken back there. His document
// decides, or an Update that is sent again would bring the old ones back.
func (s *Server) changeInbox(ctx context.Context, actor string, described vocab.RemoteActor) error {
	moved, err := s.servedElsewhere(ctx, actor, described)
	if err != nil || len(moved) == 0 {
		return err
	}
	follower, err := s.account(ctx, actor)
	if err != nil {
		return err
	}
	inbox, delivery, err := s.inboxes(follower)
	if err != nil {
		return err
	}
	return s.effectOf(ctx, []string{actor, inbox, delivery}, func(tx *storage.Tx) error {
		for _, source := range moved {
			err := tx.ChangeInbox(storage.Follow{Source: source, Actor: actor, Inbox: inbox, Delivery: delivery})
			if err != nil && !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}

// servedElsewhere are the sources that serve a follower at other inboxes than a
// document names. One that names none says nothing about them.
func (s *Server) servedElsewhere(ctx context.Context, actor string, described vocab.RemoteActor) (sources []string, err error) {
	inbox, delivery, err := s.inboxes(described)
	if err != nil {
		return nil, nil
	}
	err = s.Store.View(ctx, func(tx *storage.Tx) error {
		for _, of := range s.followable() {
			own, served, err := tx.InboxesOf(of.source, actor)
			if errors.Is(err, press.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if own != inbox || served != delivery {
				sources = append(sources, of.source)
			}
		}
		return nil
	})
	return sources, err
}

package federation

import (
	"context"
	"errors"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// update accepts the newer state of a post that is here or addresses us, or of an
// actor. Only its author can change a post, and only itself an actor.
func (s *Server) update(ctx context.Context, a vocab.Incoming, signed signature.Signature) error {
	object, ok := a.Object()
	switch {
	case !ok:
		return nil
	case object.ID == a.Actor:
		return s.updateActor(ctx, a.Actor, object, signed.Signed)
	}
	note, original, ok, err := s.noteOf(ctx, a, signed)
	if err != nil || !ok {
		return err
	}
	if note.Updated.IsZero() {
		// Otherwise an older text that is sent again would be as new as this one.
		note.Updated = signed.Signed
	}
	if _, quotes := s.article(note.Quotes); !quotes {
		if err := s.removeQuote(ctx, a.Actor, note.ID, signed.Signed); err != nil {
			return err
		}
	}
	return s.note(ctx, note, signed.Signed, original)
}

// updateActor drops what is cached of an actor's document and of all their keys,
// one of which may have been withdrawn; they are fetched anew when they are needed.
// A follower is served at the inboxes that the actor has now, and a new name is
// shown wherever the old one was.
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
	return s.effect(ctx, actor, func(tx *audience.Tx) error { return tx.RenameAuthor(actor, name, signed) })
}

// changeInbox serves a follower at other inboxes if an Update names other ones:
// what was delivered to the old ones could not be taken back there. The account's
// own document decides, or an old Update that is sent again would bring the old
// inboxes back.
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
	return s.effectOf(ctx, []string{actor, inbox, delivery}, func(tx *audience.Tx) error {
		for _, source := range moved {
			err := tx.ChangeInbox(audience.Follow{Source: source, Actor: actor, Inbox: inbox, Delivery: delivery})
			if err != nil && !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}

// servedElsewhere are the sources that serve a follower at other inboxes than those
// that a document names; none if it names no usable one.
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

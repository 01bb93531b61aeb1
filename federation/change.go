package federation

import (
	"context"
	"errors"
	"slices"
	"time"

	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
	"communique/storage/richtext"
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
	return s.effect(ctx, actor, func(tx *audience.Tx) error { return tx.RenameAuthor(actor, name, signed) })
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

// servedElsewhere are the sources that serve a follower at other inboxes than a
// document names. One that names none says nothing about them.
func (s *Server) servedElsewhere(ctx context.Context, actor string, described vocab.RemoteActor) (sources []string, err error) {
	inbox, delivery, err := s.inboxes(described)
	if err != nil {
		return nil, nil
	}
	err = s.Store.View(ctx, func(tx *storage.Tx) error {
		for _, of := range s.speaking() {
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

// remove takes back a post, or all that an account has done here.
func (s *Server) remove(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	object, ok := a.Object()
	switch {
	case !ok:
		return nil
	case leaves(a):
		return s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.RemoveActor(a.Actor, signed) })
	case !vocab.SameOrigin(object.ID, a.Actor):
		return nil
	}
	// Also of a post that is not here: it may be on its way, or held up by the
	// fetch of its author.
	return s.effect(ctx, a.Actor, func(tx *audience.Tx) error {
		if err := tx.RemoveQuote(a.Actor, object.ID, signed); err != nil {
			return err
		}
		return tx.RemoveReply(a.Actor, object.ID, signed)
	})
}

// removeQuote forgets that a post quotes us, if it did.
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

// move puts the account that a follower has moved to in his place. His word is
// signed; the new account's is that it names the old one among its own.
func (s *Server) move(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	object, ok := a.Object()
	if !ok || object.ID != a.Actor || a.Target == "" || a.Target == a.Actor {
		return nil
	}
	followed, err := s.followedBy(ctx, a.Actor)
	if err != nil || len(followed) == 0 {
		return err
	}
	s.remote.Forget(a.Target)
	target, err := s.remote.FetchActor(ctx, a.Target)
	if err != nil {
		return keyError(a.Actor, err)
	}
	if target.ID != a.Target || !slices.Contains(target.AlsoKnownAs, a.Actor) {
		s.Log.Info("a Move was ignored: the new account does not name the old one", "actor", a.Actor, "target", a.Target)
		return nil
	}
	inbox, delivery, err := s.inboxes(target)
	if err != nil {
		return err
	}
	return s.effectOf(ctx, []string{a.Actor, target.ID, inbox, delivery}, func(tx *audience.Tx) error {
		for _, source := range followed {
			follow := audience.Follow{
				Source: source, Actor: target.ID, Handle: handleOf(target), Inbox: inbox, Delivery: delivery, Signed: signed,
			}
			if err := tx.MoveFollower(a.Actor, follow); err != nil && !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		return nil
	})
}

// followedBy are the sources whose actors somebody follows.
func (s *Server) followedBy(ctx context.Context, actor string) (sources []string, err error) {
	err = s.Store.View(ctx, func(tx *storage.Tx) error {
		for _, of := range s.speaking() {
			_, err := tx.Follower(of.source, actor)
			if err == nil {
				sources = append(sources, of.source)
			} else if !errors.Is(err, press.ErrNotFound) {
				return err
			}
		}
		return nil
	})
	return sources, err
}

// blockedBy ends the following of somebody who blocks an actor of ours.
func (s *Server) blockedBy(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	object, ok := a.Object()
	if !ok {
		return nil
	}
	of, ok := s.ours(object.ID)
	if !ok {
		return nil
	}
	return s.unfollow(ctx, of, a.Actor, signed)
}

// maxReported is how many objects of a report are kept.
const maxReported = 20

// flag keeps a report about us for the operator.
func (s *Server) flag(ctx context.Context, a vocab.Incoming) error {
	var objects []string
	for _, o := range a.Objects {
		_, actor := s.ours(o.ID)
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

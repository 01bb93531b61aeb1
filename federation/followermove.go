package federation

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/press"
)

// move replaces a follower by the account that they have moved to. The old account
// signs the Move; the new one agrees by naming the old one in alsoKnownAs.
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
		s.hearsay.Log(slog.LevelInfo, press.HostOf(a.Actor), "ignored a Move: the new account does not name the old one", "actor", a.Actor, "target", a.Target)
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

// followedBy are the sources whose actors an account follows.
func (s *Server) followedBy(ctx context.Context, actor string) (sources []string, err error) {
	err = s.Store.View(ctx, func(tx *storage.Tx) error {
		for _, of := range s.followable() {
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

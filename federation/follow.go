package federation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"communique/federation/moderation"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// follow stores the follower, the destination that serves them and the Accept that
// answers them in one transaction: no crash leaves a Follow unanswered.
func (s *Server) follow(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	request, ok := vocab.FollowOf(a)
	if !ok {
		return fmt.Errorf("%w: a Follow must name whom it follows", ErrMalformed)
	}
	of, ok := s.actorByID(request.Object)
	if !ok {
		return nil
	}
	follower, err := s.account(ctx, a.Actor)
	if err != nil {
		return err
	}
	inbox, delivery, err := s.inboxes(follower)
	if err != nil {
		return err
	}
	accept, err := s.accept(of, request, inbox)
	if err != nil {
		return err
	}
	taken, blocked, err := s.crowd.take(ctx, audience.Follow{
		Source: of.source, Actor: follower.ID, Handle: handleOf(follower), Inbox: inbox, Delivery: delivery,
		ID: request.ID, Signed: signed, Accept: accept,
	})
	if errors.Is(err, press.ErrNotFound) {
		return nil // an actor that is not ours any more
	}
	if err != nil {
		return fmt.Errorf("store follower %s: %w", follower.ID, err)
	}
	switch {
	case blocked:
	case !taken:
		s.hearsay.Log(slog.LevelInfo, press.HostOf(follower.ID), "ignored a Follow that is older than its Undo", "actor", follower.ID)
	default:
		s.noted(Followed, of, follower.ID)
	}
	return nil
}

// noted tells of a follow, or of its end. One account that follows again and again has a
// line of each in a minute.
func (s *Server) noted(event Event, of localActor, follower string) {
	if s.Noted != nil {
		s.Noted(event)
	}
	s.follows.Log(slog.LevelInfo, string(event)+" "+follower, string(event), "actor", of.Name, "follower", follower)
}

// inboxes returns a follower's own inbox and the one that deliveries go to. A
// shared inbox counts only on its actor's host, and an actor's own one on its
// registrable domain, or anybody could point our deliveries at a third party, or at
// ourselves. Each has one spelling at the root of a server. An inbox that we don't deliver
// to is ErrMalformed.
func (s *Server) inboxes(follower vocab.RemoteActor) (own, delivery string, err error) {
	if _, err := s.remote.CheckURL(follower.Inbox); err != nil {
		return "", "", fmt.Errorf("%w: inbox of %s: %w", ErrMalformed, follower.ID, err)
	}
	host := press.HostOf(follower.Inbox)
	if moderation.Domain(host, s.Loopback) != moderation.Domain(press.HostOf(follower.ID), s.Loopback) {
		return "", "", fmt.Errorf("%w: the inbox of %s is on another server, %s", ErrMalformed, follower.ID, host)
	}
	if host == press.HostOf(s.Site.Base) {
		return "", "", fmt.Errorf("%w: the inbox of %s is on this site", ErrMalformed, follower.ID)
	}
	delivery = follower.Inbox
	if _, err := s.remote.CheckURL(follower.SharedInbox); err == nil && press.HostOf(follower.SharedInbox) == press.HostOf(follower.ID) {
		delivery = follower.SharedInbox
	}
	return press.Rooted(follower.Inbox), press.Rooted(delivery), nil
}

// userName matches the user names that every server understands (INTEROP A4).
var userName = lazyregexp.New(`^[A-Za-z0-9_]+([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// handleOf is an account's handle on the host of its id, where every server
// answers for it (INTEROP W4); empty if its user name is not a valid one.
func handleOf(a vocab.RemoteActor) string {
	if len(a.PreferredUsername) > 200 || !userName.MatchString(a.PreferredUsername) {
		return ""
	}
	return a.PreferredUsername + "@" + press.HostOf(a.ID)
}

// accept is the answer to a Follow, which it embeds (INTEROP C6).
func (s *Server) accept(of localActor, f vocab.Follow, inbox string) (deliveries.Directed, error) {
	id := s.Site.Base + "/ap/accepts/" + press.RandomToken()
	return directed(vocab.NewAccept(id, f), deliveries.Directed{Source: of.source, Recipient: f.Actor, Inbox: inbox})
}

// undo takes back a Follow or a reaction. An embedded activity is the one of its id; by
// its actor and object it is recognised if it has none, or if the server is one of those
// that write another one there (INTEROP I6).
func (s *Server) undo(ctx context.Context, a vocab.Incoming, signed time.Time) error {
	object, ok := a.Object()
	if !ok {
		return nil
	}
	if object.Raw == nil {
		return s.undoByID(ctx, a.Actor, object.ID, signed)
	}
	undone, err := object.Activity()
	switch {
	case object.ID != "" && (err != nil || len(undone.Objects) == 0):
		return s.undoByID(ctx, a.Actor, object.ID, signed)
	case err != nil:
		return fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if undone.Actor != a.Actor {
		return nil
	}
	request, ok := vocab.FollowOf(undone)
	if !ok {
		return s.undoReaction(ctx, undone, signed)
	}
	of, ok := s.actorByID(request.Object)
	if !ok {
		return nil
	}
	loose, err := s.undoesLoosely(ctx, undone)
	if err != nil {
		return err
	}
	return s.endFollow(ctx, of, a.Actor, func(tx *audience.Tx) error {
		if loose {
			return tx.EndFollowOfLooseID(of.source, a.Actor, ownID(undone), signed)
		}
		return tx.EndFollow(of.source, a.Actor, ownID(undone), signed)
	})
}

func (s *Server) undoByID(ctx context.Context, actor, activity string, signed time.Time) error {
	for _, of := range s.followable() {
		var known audience.Follower
		err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
			known, err = tx.Follower(of.source, actor)
			return err
		})
		switch {
		case err == nil && known.Follow == activity:
			return s.endFollow(ctx, of, actor, func(tx *audience.Tx) error { return tx.EndFollow(of.source, actor, activity, signed) })
		case err != nil && !errors.Is(err, press.ErrNotFound):
			return err
		}
	}
	return s.undoReactionByID(ctx, actor, activity, signed)
}

// unfollow removes a follower of one of our actors.
func (s *Server) unfollow(ctx context.Context, of localActor, actor string, signed time.Time) error {
	return s.endFollow(ctx, of, actor, func(tx *audience.Tx) error { return tx.RemoveFollower(of.source, actor, signed) })
}

// endFollow does what may end a follow, and tells of it if it does.
func (s *Server) endFollow(ctx context.Context, of localActor, actor string, end func(*audience.Tx) error) error {
	ended := false
	follows := func(tx *audience.Tx) (bool, error) {
		_, err := tx.Follower(of.source, actor)
		if errors.Is(err, press.ErrNotFound) {
			return false, nil
		}
		return err == nil, err
	}
	err := s.effect(ctx, actor, func(tx *audience.Tx) error {
		before, err := follows(tx)
		if err != nil {
			return err
		}
		if err := end(tx); err != nil {
			return err
		}
		after, err := follows(tx)
		ended = before && !after
		return err
	})
	if err == nil && ended {
		s.noted(Unfollowed, of, actor)
	}
	return err
}

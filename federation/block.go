package federation

import (
	"context"
	"fmt"
	"time"

	"communique/federation/vocab"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// actorOf is the id of an actor of ours, by the source of its deliveries.
func actorOf(site press.Site, source string) string {
	return site.Actor(publog.Source{Name: source}.Actor())
}

// RejectFollow is the message that ends a follow from our side, for the follower's
// own inbox. Servers go on believing in a follow of which nobody tells them that it
// ended: Mastodon, GoToSocial, Misskey and snac2 were all seen to. Each follow needs
// its own: no server takes several in one Reject (Mastodon, activity/reject.rb).
func RejectFollow(site press.Site, f audience.Follower) (deliveries.Directed, error) {
	id := site.Base + "/ap/rejects/" + press.RandomToken()
	reject := vocab.NewReject(id, vocab.Follow{ID: f.Follow, Actor: f.Actor, Object: actorOf(site, f.Source)})
	d, err := directed(reject, deliveries.Directed{Source: f.Source, Recipient: f.Actor, Inbox: f.Inbox})
	if err != nil {
		return d, fmt.Errorf("end the follow of %s: %w", f.Actor, err)
	}
	return d, nil
}

// blockedBy removes a follower who blocks one of our actors.
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

package federation

import (
	"context"
	"fmt"
	"time"

	"communique/federation/vocab"
	"communique/storage"
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

// The bounds of what a block tells of permissions that it takes back. Nobody finds them at
// their addresses any more, told or not.
const (
	// maxRevokedTold is how many of an account's collections it is told of: beyond what
	// waits for a recipient the oldest goes, which could be the end of the follow.
	maxRevokedTold = 20
	// maxEndedTold is how many quotes all servers are told of, and how many of each
	// further author the server of the post: a long list of blocks, times all servers,
	// would be millions of messages.
	maxEndedTold = 20
)

// ApplyBlocks undoes what blocked actors and domains have here, and tells their servers
// which follows and permissions have ended, and other servers which quotes.
func ApplyBlocks(tx *storage.Tx, site press.Site, author string) (audience.Applied, error) {
	done, err := tx.ApplyBlocks(func(f audience.Follower) (deliveries.Directed, error) { return RejectFollow(site, f) })
	if err != nil {
		return done, err
	}
	told := map[string]int{}
	for _, f := range done.Features {
		if told[f.Actor]++; told[f.Actor] > maxRevokedTold {
			continue
		}
		if err := tellRevoked(tx, site, f); err != nil {
			return done, err
		}
	}
	return done, tellEnded(tx, site, author, done.Quotes)
}

func tellEnded(tx *storage.Tx, site press.Site, author string, quotes []audience.Quote) error {
	told := map[string]int{}
	for n, q := range quotes {
		d, err := endQuote(site, author, q)
		if err != nil {
			return err
		}
		told[q.Actor]++
		switch {
		case n < maxEndedTold:
			err = tx.DirectToServers(d)
		case told[q.Actor] <= maxEndedTold:
			err = tx.DirectToHost(press.HostOf(q.Post), d)
		}
		if err != nil {
			return err
		}
	}
	return nil
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

package federation_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"communique/federation/federationtest"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// TestFollowsTogether: however many Follows come at once, each is taken or not on its own:
// one that cannot be stored, one of somebody who is blocked, and one whose sender has gone
// are at nobody else's cost.
func TestFollowsTogether(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	source := publog.ActorSource("ministry")
	const blockedHost = "blocked.example"
	err := s.Store.Update(t.Context(), func(tx *storage.Tx) error {
		_, err := tx.AddBlock(audience.Block{Subject: blockedHost, Kind: audience.BlockDomain})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	const hosts, each = 4, 24
	var all sync.WaitGroup
	for n := range hosts * each {
		all.Go(func() {
			host := fmt.Sprintf("host%d.example", n%hosts)
			ctx, of := t.Context(), source
			switch n {
			case 7:
				of = publog.ActorSource("nobody")
			case 8:
				host = blockedHost
			case 9:
				ctx = gone
			}
			actor := fmt.Sprintf("https://%s/users/%d", host, n)
			taken, blocked, err := s.Server.TakeFollow(ctx, audience.Follow{
				Source: of, Actor: actor, Inbox: actor + "/inbox", Delivery: "https://" + host + "/inbox", ID: actor + "/follow", Signed: s.Clock.Now(),
				Accept: deliveries.Directed{ID: actor + "/accept", Source: of, Recipient: actor, Inbox: actor + "/inbox", Body: []byte("{}")},
			})
			same(t, actor, []any{taken, blocked, errors.Is(err, press.ErrNotFound), err != nil}, []any{n != 7 && n != 8, n == 8, n == 7, n == 7})
		})
	}
	all.Wait()
	same(t, "followers", len(s.Followers("ministry")), hosts*each-2)
	served := 0
	for _, d := range s.Destinations() {
		served += d.Followers
	}
	same(t, "served", served, hosts*each-2)
	same(t, "answers", len(s.Directed()), hosts*each-2)
}

package federation_test

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/remote"
	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// TestFindActor: an account is found by its handle and by its id.
func TestFindActor(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	for _, ref := range []string{p.Handle(), "@" + p.Handle(), p.Actor()} {
		got, err := s.Server.FindActor(t.Context(), ref)
		if err != nil || got.ID != p.Actor() {
			t.Errorf("%s is %q: %v", ref, got.ID, err)
		}
	}
	for ref, want := range map[string]error{p.URL() + "/nobody": remote.ErrNotFound, "http://192.0.2.1/users/ana": remote.ErrForbidden} {
		_, err := s.Server.FindActor(t.Context(), ref)
		refusedBy(t, ref, 0, err, want)
	}
	if _, err := s.Server.FindActor(t.Context(), "no handle"); err == nil {
		t.Error("what is no handle is found")
	}
}

// TestCheckTarget: where the followers of an actor can be sent.
func TestCheckTarget(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	own, other := s.Actor("ministry"), "https://social.example/users/mfa"
	for _, tt := range []struct {
		name   string
		actor  string
		target vocab.RemoteActor
		want   error
	}{
		{"an account that names the actor", "ministry", vocab.RemoteActor{ID: other, AlsoKnownAs: []string{own}}, nil},
		{"an account that does not", "ministry", vocab.RemoteActor{ID: other}, press.ErrConflict},
		{"an account that has moved itself", "ministry", vocab.RemoteActor{ID: other, AlsoKnownAs: []string{own}, MovedTo: "https://new.example/1"}, press.ErrConflict},
		{"itself", "ministry", vocab.RemoteActor{ID: own, AlsoKnownAs: []string{own}}, press.ErrConflict},
		{"of nobody", "nobody", vocab.RemoteActor{ID: other}, press.ErrNotFound},
	} {
		if err := s.Server.CheckTarget(tt.actor, tt.target); tt.want == nil && err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if tt.want != nil {
			refusedBy(t, tt.name, 0, err, tt.want)
		}
	}
}

// TestVisitors are led to their own servers, where those say how.
func TestVisitors(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	follow, ok := s.Server.FollowAt(t.Context(), "reader", p.Host(), s.Actor("ministry"))
	same(t, "where to follow", []any{follow, ok}, []any{p.URL() + "/authorize_interaction?uri=" + url.QueryEscape(s.Actor("ministry")), true})
	share, ok := s.Server.ShareAt(t.Context(), "reader", p.Host(), "A visit", federationtest.Base+"/en/")
	same(t, "where to share", []any{share, ok}, []any{p.URL() + "/share?text=A%20visit%0A%0A" + url.QueryEscape(federationtest.Base+"/en/"), true})
	if _, ok := s.Server.FollowAt(t.Context(), "reader", "192.0.2.1", s.Actor("ministry")); ok {
		t.Error("a server that we don't connect to says how")
	}
}

// TestHostsThatAreHeardFrom are tried again within the minute: a server that was
// away for days need not wait for its next turn.
func TestHostsThatAreHeardFrom(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	p := s.NewPeer()
	p.MustSend(s.Inbox(), p.Follow(s.Actor("ministry")))
	s.Directed()
	s.Publish("A treaty was signed")
	now := s.Clock.Now()
	s.Update(func(tx *storage.Tx) error { // an attempt that failed
		generation, err := tx.NextGeneration()
		if err != nil {
			return err
		}
		claimed, err := tx.ClaimBehind(deliveries.Claim{Source: publog.ActorSource("ministry"), Generation: generation, Shards: deliveries.AllShards, PerHost: 10, Limit: 10})
		if err != nil {
			return err
		}
		d := claimed.Destinations[0]
		return tx.Settle(generation, []deliveries.Settlement{{
			Destination: d.ID, Source: d.Source, Cursor: d.Cursor, Failures: 9, FailingSince: now, NextAttempt: now.Add(12 * time.Hour),
			State: deliveries.StateActive, Error: "status 503", Followers: 1,
		}})
	})
	next := func() time.Duration { return s.Destinations()[0].NextAttempt.Sub(s.Clock.Now()) }
	status, err := p.Send(s.Inbox(), p.Like(s.Actor("ministry")))
	accepted(t, "a message", status, err)
	same(t, "right after another message nobody looks", next(), 12*time.Hour)
	s.Clock.Pass(10 * time.Second)
	l := p.Letter(s.Inbox(), p.Like(s.Actor("ministry"))).Sign()
	l.Body = append(l.Body, ' ')
	_, _ = l.Post()
	if got := next(); got < time.Hour {
		t.Errorf("a message that does not verify brings the attempt forward to %s from now", got)
	}
	p.MustSend(s.Inbox(), p.Like(s.Actor("ministry")))
	if got := next(); got <= 0 || got > time.Minute {
		t.Errorf("the next attempt is %s from now", got)
	}
}

// TestWhatComesInIsBounded: once a minute the oldest of what is too much is
// dropped, which the log says.
func TestWhatComesInIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := federationtest.NewSite(t)
		report := func(n int) {
			s.Clock.Pass(time.Second)
			s.Update(func(tx *storage.Tx) error {
				for range n {
					f := audience.Flag{Activity: press.RandomToken(), Actor: "https://social.example/users/ana", Objects: []string{s.Actor("ministry")}}
					if err := tx.AddFlag(f); err != nil {
						return err
					}
				}
				return nil
			})
		}
		report(1)
		report(1000)
		flags := func() (n int) {
			s.View(func(tx *storage.Tx) error {
				all, err := tx.Flags(audience.Flag{}, 2000)
				n = len(all)
				return err
			})
			return n
		}
		go s.Server.RunCleanup(t.Context())
		time.Sleep(59 * time.Second)
		synctest.Wait()
		same(t, "reports before the minute is over", flags(), 1001)
		time.Sleep(time.Second)
		synctest.Wait()
		same(t, "reports after a minute", flags(), 1000)
		if s.Log.Len() == 0 {
			t.Error("the log says nothing of it")
		}
	})
}

// TestHandlesOfTheInstance: no other actor can have its name.
func TestHandlesOfTheInstance(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	got := s.Get("/.well-known/webfinger?resource=acct:" + federation.InstanceName + "@press.mfa.example").Fields()
	same(t, "subject", got["subject"], any("acct:instance@press.mfa.example"))
}

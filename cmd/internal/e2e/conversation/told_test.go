package conversation

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/e2e/e2etest"
)

// TestServersThatTellUsLate: a server that shows us that it has an article when it is
// withdrawn already, because its message was under way, is told so, once for each
// message.
func TestServersThatTellUsLate(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	a := s.Publish("Announced")
	s.File("withdraw", a.ID, "--reason", "An error.")
	s.Serve()
	for name, message := range map[string]func(*e2etest.Peer) map[string]any{
		"an announce": func(p *e2etest.Peer) map[string]any { return p.Activity("Announce", "1", s.ObjectID(a)) },
		"a reply": func(p *e2etest.Peer) map[string]any {
			return p.Activity("Create", "1", p.Post("1", "<p>Hello</p>", s.ObjectID(a)))
		},
		"a like": func(p *e2etest.Peer) map[string]any { return p.Activity("Like", "1", s.ObjectID(a)) },
		"a quote": func(p *e2etest.Peer) map[string]any {
			return p.Activity("Create", "1", e2etest.With(p.Post("1", "<p>Look</p>", ""), "quote", s.ObjectID(a)))
		},
	} {
		p := e2etest.NewPeer(t)
		p.Sends(s, message(p))
		e2etest.Eventually(t, "the withdrawal arrives after "+name, func() bool { return len(p.Arrivals()) == 1 })
		got := p.Arrivals()[0]
		e2etest.Equal(t, "what arrives after "+name, got.Kind()+" "+e2etest.Text(got.Fields, "object", "id"), "Delete "+s.ObjectID(a))
		at := e2etest.Text(got.Fields, "id")
		e2etest.Equal(t, "its id answers with its type", e2etest.Object(t, at)["type"], "Delete")
	}
	secret := s.Publish("A secret", e2etest.PublishedAt(s.Clock.Now().Add(time.Hour)))
	s.Must("withdraw", secret.ID, "--reason", "Not needed.")
	p := e2etest.NewPeer(t)
	p.Sends(s, p.Activity("Announce", "1", s.ObjectID(secret)))
	s.FollowedBy(t, s.Actor()) // what waited has gone out when this is answered
	e2etest.Equal(t, "what is said of one that was never out", len(p.Arrivals()), 0)
}

// TestServersThatToldUs: a server that nobody follows from and that announced, liked,
// answered or quoted an article, or fetched one, is told of corrections and withdrawals
// of what was public then, and of nothing new. Mastodon, GoToSocial and Misskey keep
// what they took until they are told (seen with 4.7.0-alpha.2; Mastodon fetches by
// lib/request.rb, which signs, for a search as in services/fetch_resource_service.rb).
func TestServersThatToldUs(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	a, other := s.Publish("Announced"), s.Publish("Not announced")
	s.Serve()
	var peers []*e2etest.Peer
	for range 6 {
		peers = append(peers, e2etest.NewPeer(t))
	}
	peers[0].Sends(s, peers[0].Activity("Announce", "1", s.ObjectID(a)))
	peers[1].Sends(s, peers[1].Activity("Create", "1", peers[1].Post("1", "<p>Hello</p>", s.ObjectID(a))))
	peers[2].Sends(s, peers[2].Activity("Create", "1", e2etest.With(peers[2].Post("1", "<p>Look</p>", ""), "quote", s.ObjectID(a))))
	peers[3].Sends(s, peers[3].Activity("Like", "1", s.ObjectID(a)))
	e2etest.Equal(t, "a signed GET of the object", peers[4].Fetch(s.ObjectID(a)), 200)
	e2etest.Equal(t, "a signed GET of the page", peers[5].Fetch(a.URL), 200)
	mayHold := func() (servers int) {
		var reach struct {
			MayHoldUnsent int `json:"may_hold_unsent"`
		}
		s.ReadJSON(&reach, "reach", "--json", a.ID)
		return reach.MayHoldUnsent
	}
	e2etest.Eventually(t, "reach tells of them before anything is taken back", func() bool { return mayHold() == 6 })
	if said := s.Must("reach", a.ID); !strings.Contains(said, "may hold it and were not sent it: 6.") {
		t.Errorf("reach says:\n%s", said)
	}
	s.Publish("New")
	s.File("correct", other.ID, s.Markdown("Not announced", "Corrected."), "--note", "A letter.")
	s.File("correct", a.ID, s.Markdown("Announced", "Corrected."), "--note", "A letter.")
	s.File("withdraw", a.ID, "--reason", "An error.")
	for _, p := range peers {
		e2etest.Eventually(t, "the withdrawal arrives", func() bool { return len(p.OfKind("Delete")) == 1 })
		for _, got := range p.Arrivals() {
			if got.Kind() == "Create" {
				t.Error("a Create arrives")
			}
		}
	}
	e2etest.Eventually(t, "reach counts them", func() bool { return reachOf(s, a, "withdrawn") == "6 of 6" })
	e2etest.Equal(t, "servers beside those that the withdrawal is for", mayHold(), 0)
}

// TestServersThatReadPins: what is pinned is read by the server of whoever follows
// later, which keeps it until it is told (Mastodon,
// services/activitypub/fetch_featured_collection_service.rb).
func TestServersThatReadPins(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	a := s.Publish("Pinned")
	s.Must("pin", a.ID)
	s.Serve()
	p := s.FollowedBy(t, s.Actor())
	s.File("correct", a.ID, s.Markdown("Pinned", "Corrected."), "--note", "A letter.")
	s.File("withdraw", a.ID, "--reason", "An error.")
	e2etest.Eventually(t, "the withdrawal arrives", func() bool { return len(p.OfKind("Delete")) == 1 })
	e2etest.Equal(t, "Creates", len(p.OfKind("Create")), 0)
	e2etest.Eventually(t, "reach counts it", func() bool { return reachOf(s, a, "withdrawn") == "1 of 1" })
	e2etest.Equal(t, "servers that were sent the article", reachOf(s, a, "published"), "0 of 0")
}

// reachOf is how many servers have an entry of an article, as the command tells.
func reachOf(s *e2etest.Site, a e2etest.Filed, kind string) string {
	var reach struct {
		Entries []struct {
			Kind    string
			Servers struct{ Total, Reached int }
		}
	}
	s.ReadJSON(&reach, "reach", "--json", a.ID)
	for _, e := range reach.Entries {
		if e.Kind == kind {
			return fmt.Sprintf("%d of %d", e.Servers.Reached, e.Servers.Total)
		}
	}
	return ""
}

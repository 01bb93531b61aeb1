package conversation

import (
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

// TestServersThatToldUs: a server that nobody follows from and that announced,
// answered or quoted an article is told of its correction and withdrawal, and of
// nothing else.
func TestServersThatToldUs(t *testing.T) {
	t.Parallel()
	s := e2etest.NewSite(t)
	a, other := s.Publish("Announced"), s.Publish("Not announced")
	s.Serve()
	var peers []*e2etest.Peer
	for range 3 {
		peers = append(peers, e2etest.NewPeer(t))
	}
	peers[0].Sends(s, peers[0].Activity("Announce", "1", s.ObjectID(a)))
	peers[1].Sends(s, peers[1].Activity("Create", "1", peers[1].Post("1", "<p>Hello</p>", s.ObjectID(a))))
	peers[2].Sends(s, peers[2].Activity("Create", "1", e2etest.With(peers[2].Post("1", "<p>Look</p>", ""), "quote", s.ObjectID(a))))
	s.Publish("New")
	s.File("correct", other.ID, s.Markdown("Not announced", "Corrected."), "--note", "A letter.")
	s.File("correct", a.ID, s.Markdown("Announced", "Corrected."), "--note", "A letter.")
	s.File("withdraw", a.ID, "--reason", "An error.")
	for _, p := range peers {
		e2etest.Eventually(t, "the withdrawal arrives", func() bool { return len(p.OfKind("Delete")) == 1 })
		for _, got := range p.Arrivals() {
			e2etest.Equal(t, "what arrives is about", e2etest.Text(got.Fields, "object", "id"), s.ObjectID(a))
			if got.Kind() == "Create" {
				t.Error("a Create arrives")
			}
		}
	}
}

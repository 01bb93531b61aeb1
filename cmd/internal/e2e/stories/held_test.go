package stories

import (
	"strings"
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestHeld: a site that is restored for a rehearsal is served, and nothing leaves it: no
// delivery, no answer, no question. All of it goes out when it is served as ever.
func TestHeld(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewFollowed(t)
	stranger := e2etest.NewPeer(t)
	s.Stop()
	before := p.AllRequests()
	server := s.Start("--hold-deliveries")
	a := s.Publish("A statement")
	e2etest.Equal(t, "the status of the page", e2etest.Get(t, a.URL).Status, 200)
	e2etest.Equal(t, "the answer to whom nothing is known of", stranger.Send(s.Inbox(), stranger.Follow(s.Actor())), 503)
	if said := s.Must("withdraw", s.Publish("In error").ID, "--reason", "It was wrong."); !strings.Contains(said, "Nothing goes out: the server that runs holds all deliveries") {
		t.Errorf("withdraw says %q", said)
	}
	if said, _, _ := s.Run("status"); !strings.Contains(said, "holds all deliveries") || strings.Contains(said, "Restart communique serve") {
		t.Errorf("status says %q", said)
	}
	e2etest.Equal(t, "what the follower was asked or sent", p.AllRequests(), before)
	e2etest.Equal(t, "what the stranger was asked", stranger.AllRequests(), map[string]int{})
	e2etest.Equal(t, "what came to the follower", len(p.Arrivals()), 1)
	server.Kill()
	s.Serve()
	e2etest.Equal(t, "what goes out then", p.WaitFor(2)[1].Kind(), "Create")
}

// TestAllHoldOrNone: of several servers of a database none sends while another holds, and who
// wants that otherwise is told what to do. Those that hold share all other work.
func TestAllHoldOrNone(t *testing.T) {
	e2etest.NeedsServer(t)
	t.Parallel()
	s := e2etest.NewSite(t)
	other := s.Replica()
	one := s.Start()
	e2etest.Eventually(t, "it shares the work", func() bool { return strings.Contains(shared(s), "One server runs.") })
	refused(t, other, "sends what is published, and this server would hold all deliveries", "serve", "--hold-deliveries")
	one.End(t)
	one = s.Start("--hold-deliveries")
	e2etest.Eventually(t, "it shares the work", func() bool { return strings.Contains(shared(s), "One server runs.") })
	refused(t, other, "holds all deliveries (paused, or --hold-deliveries), and this server would send a share of them: start it with --hold-deliveries, too; or stop communique serve on all machines", "serve", "--listen", e2etest.FreePort(t))
	two := other.Start("--hold-deliveries")
	e2etest.Eventually(t, "both share the work", func() bool {
		said := shared(s)
		return strings.Contains(said, "2 servers share the work.") && strings.Count(said, "  32  ") == 2 && strings.Contains(said, "holds all deliveries") && !strings.Contains(said, "FAIL")
	})
	two.End(t)
	one.End(t)
	s.Serve()
}

// shared is what status says of a site.
func shared(s *e2etest.Site) string {
	said, _, _ := s.Run("status")
	return said
}

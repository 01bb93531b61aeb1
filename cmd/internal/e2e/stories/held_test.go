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

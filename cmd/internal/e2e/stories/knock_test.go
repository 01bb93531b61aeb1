package stories

import (
	"testing"

	"communique/cmd/internal/e2e/e2etest"
)

// TestKnockingTwice: a server that has given up cavage gets everything, is
// asked twice once, and not again after a restart.
func TestKnockingTwice(t *testing.T) {
	t.Parallel()
	s, p := e2etest.NewSite(t), e2etest.NewPeer(t)
	s.Serve()
	p.RefuseWith(e2etest.ByMessage)
	e2etest.Equal(t, "a Follow", p.Send(s.Inbox(), p.Follow(s.Actor())), 202)
	p.WaitFor(1)
	e2etest.Equal(t, "refused", len(p.Refused()), 1)
	s.Publish("A treaty was signed")
	p.WaitFor(2)
	s.Stop()
	s.Serve()
	s.Publish("Another treaty was signed")
	key := e2etest.Text(e2etest.Object(t, s.Actor()), "publicKey", "publicKeyPem")
	for _, a := range p.WaitFor(3) {
		if err := a.MessageVerified(key); err != nil {
			t.Errorf("%s: %v", a.Kind(), err)
		}
	}
	e2etest.Equal(t, "refused at all", len(p.Refused()), 1)
}

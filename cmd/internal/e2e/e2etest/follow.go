package e2etest

import "testing"

// FollowedBy makes a peer follow an actor, and waits for the answer.
func (s *Site) FollowedBy(t *testing.T, actor string) *Peer {
	t.Helper()
	p := NewPeer(t)
	Equal(t, "a Follow", p.Send(actor+"/inbox", p.Follow(actor)), 202)
	accept := p.WaitFor(1)[0]
	Equal(t, "the answer", accept.Kind(), "Accept")
	Equal(t, "who answers", accept.Fields["actor"], actor)
	if err := accept.Verified(Text(Object(t, actor), "publicKey", "publicKeyPem")); err != nil {
		t.Errorf("the answer of %s: %v", actor, err)
	}
	return p
}

// KeyOf is the key that a site's actor publishes, as PEM.
func KeyOf(t *testing.T, s *Site) string {
	t.Helper()
	return Text(Object(t, s.Actor()), "publicKey", "publicKeyPem")
}

// NewFollowed is a served site with a follower.
func NewFollowed(t *testing.T) (*Site, *Peer) {
	t.Helper()
	s := NewSite(t)
	s.Serve()
	return s, s.FollowedBy(t, s.Actor())
}

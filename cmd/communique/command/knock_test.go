package command

import (
	"net/http"
	"testing"
)

// byMessage refuses what is not signed by RFC 9421.
func byMessage(a arrival) int {
	if a.Header.Get("Signature-Input") == "" {
		return http.StatusUnauthorized
	}
	return 0
}

// TestKnockingTwice: a server that has given up cavage gets everything, is
// asked twice once, and not again after a restart.
func TestKnockingTwice(t *testing.T) {
	t.Parallel()
	s, p := newSite(t), newPeer(t)
	s.serve()
	p.refuseWith(byMessage)
	mustEqual(t, "a Follow", p.send(s.base+"/ap/inbox", p.follow(s.actor())), 202)
	p.waitFor(1)
	mustEqual(t, "refused", len(p.refused()), 1)
	s.publish("A treaty was signed")
	p.waitFor(2)
	s.stop()
	s.serve()
	s.publish("Another treaty was signed")
	key := text(object(t, s.actor()), "publicKey", "publicKeyPem")
	for _, a := range p.waitFor(3) {
		if err := a.messageVerified(key); err != nil {
			t.Errorf("%s: %v", a.kind(), err)
		}
	}
	mustEqual(t, "refused at all", len(p.refused()), 1)
}

package federation_test

import (
	"crypto"
	"errors"
	"testing"

	"communique/federation"
	"communique/federation/federationtest"
	"communique/federation/signature"
)

// TestOwnKeysAreNotFetched: what an actor of our own has signed is verified by the key in
// the database, so that a check says the same where the site's name leads elsewhere from
// inside; and by no other key.
func TestOwnKeysAreNotFetched(t *testing.T) {
	t.Parallel()
	s := federationtest.NewSite(t)
	own := s.Actor(federation.InstanceName)
	for _, tt := range []struct {
		name, keyID string
		key         crypto.Signer
		want        error
	}{
		{"the key", own + "#main-key", federationtest.Key(t, 0), nil},
		{"a stranger's key", own + "#main-key", federationtest.Key(t, 1), signature.ErrInvalid},
		{"a key that is not there", own + "#other-key", federationtest.Key(t, 0), signature.ErrInvalid},
		{"another actor's key", s.Actor("ministry") + "#main-key", federationtest.Key(t, 0), federation.ErrForbidden},
		{"an actor that is not there", s.Actor("nobody") + "#main-key", federationtest.Key(t, 0), signature.ErrInvalid},
	} {
		l := s.NewPeer().Letter(s.Inbox(), map[string]string{"id": own + "/reads/1", "type": "Read", "actor": own, "object": federationtest.Base + "/"})
		l.Key, l.KeyID = tt.key, tt.keyID
		if _, err := l.Sign().Post(); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

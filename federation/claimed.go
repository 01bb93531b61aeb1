package federation

import (
	"communique/federation/moderation"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/hearsay"
	"communique/storage/press"
)

// claimed adds to an error the registrable domain that its message names as its own:
// that of the key, else that of the actor, if either is named.
func (s *Server) claimed(a vocab.Incoming, signed signature.Signature, err error) error {
	for _, address := range []string{signed.KeyID, a.Actor} {
		if host := press.HostOf(address); host != "" {
			return hearsay.Claimed(moderation.Domain(host, s.Loopback), err)
		}
	}
	return err
}

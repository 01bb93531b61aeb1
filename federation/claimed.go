package federation

import (
	"communique/federation/moderation"
	"communique/federation/signature"
	"communique/federation/vocab"
	"communique/storage/press"
)

// claimedError is what failed of a message that says from which server it is. That is
// a claim until the message is verified, and good for no more than the log: it has one
// line for a host, from however many addresses it is named (SECURITY A53).
type claimedError struct {
	error
	host string // the registrable domain
}

func (e claimedError) Unwrap() error { return e.error }

// Claimed is the registrable domain that the message names as its own.
func (e claimedError) Claimed() string { return e.host }

// claimed adds to an error whose message it concerns: that of the key, else that of the
// actor, if either is named.
func (s *Server) claimed(a vocab.Incoming, signed signature.Signature, err error) error {
	for _, address := range []string{signed.KeyID, a.Actor} {
		if host := press.HostOf(address); err != nil && host != "" {
			return claimedError{err, moderation.Domain(host, s.Loopback)}
		}
	}
	return err
}

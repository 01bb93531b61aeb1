package federation

import (
	"context"
	"time"

	"communique/federation/signature"
	"communique/storage"
)

// readSchemes reads which hosts are known to want another signature scheme than the
// usual one, so that a restart doesn't try both on all of them.
func readSchemes(tx *storage.Tx) (map[string]signature.Scheme, error) {
	kept, err := tx.Schemes()
	known := map[string]signature.Scheme{}
	for host, scheme := range kept {
		known[host] = signature.Scheme(scheme)
	}
	return known, err
}

// learnWithin bounds the storing of a scheme, for which a delivery waits.
const learnWithin = 5 * time.Second

// learnScheme stores which scheme a host wants. If that fails, the host is asked
// twice after the next start, which is no reason to fail a delivery.
func (s *Server) learnScheme(host string, scheme signature.Scheme) {
	ctx, cancel := context.WithTimeout(context.Background(), learnWithin)
	defer cancel()
	err := s.Store.Update(ctx, func(tx *storage.Tx) error {
		if scheme == signature.Cavage {
			return tx.ForgetScheme(host)
		}
		return tx.LearnScheme(host, string(scheme))
	})
	if err != nil {
		s.Log.Warn("storing the signature scheme of a host failed", "host", host, "scheme", scheme, "error", err)
	}
}

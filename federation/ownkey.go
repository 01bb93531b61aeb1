package federation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/federation/remote"
	"communique/storage/press"
)

// ownKey returns the public key with an id, if that is at our own site. It is read and
// never fetched: inside a network with a DNS of its own the site's name may lead to an
// address that we don't connect to, and nobody is to have us ask ourselves.
func (s *Server) ownKey(ctx context.Context, keyID string) (key remote.Key, ours bool, err error) {
	owner, _, _ := strings.Cut(keyID, "#")
	if !strings.HasPrefix(owner, s.Site.Base+"/") {
		return remote.Key{}, false, nil
	}
	name, _ := strings.CutPrefix(owner, s.Site.Actor(""))
	main, further, err := s.keys.now(ctx, name)
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return remote.Key{}, true, fmt.Errorf("%w: %w", remote.ErrUnavailable, err)
	}
	for _, k := range slices.Concat(main, further) {
		if k.key.ID == keyID {
			return remote.Key{ID: keyID, Owner: owner, Public: k.key.Private.Public()}, true, nil
		}
	}
	return remote.Key{}, true, fmt.Errorf("%w: we have no key %s", remote.ErrNotFound, keyID)
}

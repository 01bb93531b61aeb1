package federation

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/federation/vocab"
	"communique/storage/press"
)

// FindActor fetches the actor that is named by its handle
// (@ministry@social.example) or its id. Errors are those of package remote.
func (s *Server) FindActor(ctx context.Context, ref string) (vocab.RemoteActor, error) {
	id := ref
	if !strings.Contains(ref, "://") {
		var err error
		if id, err = s.remote.FetchHandle(ctx, ref); err != nil {
			return vocab.RemoteActor{}, fmt.Errorf("look for %s: %w", ref, err)
		}
	}
	a, err := s.remote.FetchActor(ctx, id)
	if err != nil {
		return a, fmt.Errorf("look for %s: %w", ref, err)
	}
	return a, nil
}

// CheckTarget returns press.ErrConflict, with the reason, if the followers of one
// of our actors cannot be sent to another account: other servers believe a Move
// only if that account names ours in alsoKnownAs and has not moved itself (INTEROP
// C8). press.ErrNotFound if there is no actor of that name.
func (s *Server) CheckTarget(name string, target vocab.RemoteActor) error {
	of, err := s.actorNamed(name)
	switch {
	case err != nil:
		return err
	case target.ID == of.id:
		return fmt.Errorf("%w: %s is @%s itself", press.ErrConflict, target.ID, name)
	case target.MovedTo != "":
		return fmt.Errorf("%w: %s has moved, to %s", press.ErrConflict, target.ID, target.MovedTo)
	case !slices.Contains(target.AlsoKnownAs, of.id):
		return fmt.Errorf("%w: %s does not name %s among its aliases (alsoKnownAs); add it there first", press.ErrConflict, target.ID, of.id)
	}
	return nil
}

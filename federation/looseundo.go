package federation

import (
	"context"
	"strings"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/deliveries"
	"communique/storage/press"
)

// undoesLoosely reports whether the id of an activity that is embedded in an Undo need
// not be the one with which it came: with an unknown one its server means whatever it
// is that stands. Of all others an unknown id says that an Undo has overtaken what it
// undoes, and what stands under another one stays.
func (s *Server) undoesLoosely(ctx context.Context, undone vocab.Incoming) (bool, error) {
	if namesPair(undone) {
		return true, nil
	}
	var runs deliveries.Software
	err := s.Store.View(ctx, func(tx *storage.Tx) (err error) {
		runs, err = tx.SoftwareOf(press.HostOf(undone.Actor))
		return err
	})
	return habits[runs.Name].undoesLoosely, err
}

// namesPair reports whether a Follow is named by who follows whom, as Misskey and its
// descendants do in their Undos: /follows/FOLLOWER/FOLLOWED of /users/FOLLOWER. The Follow
// itself was /follows/REQUEST (packages/backend/src/core/UserFollowingService.ts#unfollow
// and #createFollowRequest). Seen by its form, it needs no answer to what a host runs.
func namesPair(undone vocab.Incoming) bool {
	base, follower, ok := strings.Cut(undone.Actor, "/users/")
	if !ok || undone.Type != vocab.TypeFollow {
		return false
	}
	followed, ok := strings.CutPrefix(undone.ID, base+"/follows/"+follower+"/")
	return ok && followed != "" && !strings.Contains(followed, "/")
}

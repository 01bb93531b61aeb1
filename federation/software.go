package federation

import (
	"context"
	"errors"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/deliveries"
)

// habit is what a software is known for.
type habit struct {
	// passesOverUpdates: a correction of a Note is answered 2xx and never shown.
	passesOverUpdates bool
	// oneKey: the actor's key is kept for a day and a half whatever is told
	// meanwhile, and what it does not fit is answered 2xx and dropped.
	oneKey bool
	// undoesLoosely: what an Undo has embedded in it has another id than the activity
	// had that is undone.
	undoesLoosely bool
}

// habits are those of software by its name in NodeInfo, each with its source. What was
// looked into and has no such habit stands here, too, so that nobody looks again.
// MisskeyIO, Type4ny and most small descendants of Misskey have its name.
var habits = map[string]habit{
	// packages/backend/src/core/activitypub/ApInboxService.ts#update: "Unknown type" of
	// everything but actors and questions; seen with MisskeyIO 2025.4
	"misskey": {passesOverUpdates: true},
	// Descendants of Misskey that show corrections of a Note.
	// transfem-org/Sharkey, packages/backend/src/core/activitypub/ApInboxService.ts#update
	"sharkey": {},
	// kokonect-link/cherrypick, the same file
	"cherrypick": {},
	// jclaudan/firefish, packages/backend/src/remote/activitypub/kernel/update/index.ts
	"firefish": {},
	// Ernous/iceshrimp, the same file; the one in C# is another program of that name
	"iceshrimp": {},
	// mei23/misskey, src/remote/activitypub/kernel/update/index.ts
	"meisskey": {},
	// data.c#actor_get: stale after 36 hours; activitypub.c: Update of an Organization
	// is ignored; seen with snac2 2.94
	"snac": {oneKey: true},
	// LemmyNet/lemmy, activities/src/following/undo_follow.rs and voting/vote.rs: what is
	// undone is made anew for the Undo, with a random id
	"lemmy": {undoesLoosely: true},
	// rimu/pyfedi, app/community/routes.py: likewise
	"piefed": {undoesLoosely: true},
	// ernestwisniewski/kbin, src/MessageHandler/ActivityPub/Outbox/FollowHandler.php: likewise
	"kbin": {undoesLoosely: true},
	// pixelfed/pixelfed, app/Http/Controllers/FollowerController.php: #follow/1 and #follows/1
	"pixelfed": {undoesLoosely: true},
}

// PassesOverUpdates reports whether a software is known for never showing a correction.
func PassesOverUpdates(name string) bool { return habits[name].passesOverUpdates }

const (
	askEvery  = time.Minute
	askAtOnce = 20 // hosts in that time
)

// RunSoftware asks the hosts that are delivered to what they run, each once a week and
// more often while it does not say, until ctx ends. Deliveries never wait for it.
func (s *Server) RunSoftware(ctx context.Context) {
	s.Store.Tidy(ctx, askEvery, s.AskSoftware, func(err error) {
		if err != nil {
			s.Log.Warn("asking what servers run failed, will retry", "error", err)
		}
	})
}

// AskSoftware asks some of the hosts that are due, side by side: those that hang keep
// nobody waiting. That it does is written down before.
func (s *Server) AskSoftware(ctx context.Context) error {
	var hosts []string
	err := s.Store.Update(ctx, func(tx *storage.Tx) (err error) {
		hosts, err = tx.HostsToAsk(askAtOnce)
		return err
	})
	if err != nil {
		return err
	}
	errs := make([]error, len(hosts))
	var asking sync.WaitGroup
	for i, host := range hosts {
		asking.Go(func() { errs[i] = s.askSoftware(ctx, host) })
	}
	asking.Wait()
	return errors.Join(errs...)
}

// askSoftware asks one host. What it said before is kept if it does not say.
func (s *Server) askSoftware(ctx context.Context, host string) error {
	said, err := s.remote.FetchSoftware(ctx, host)
	if err != nil {
		s.Log.Debug("a server does not say what it runs", "host", host, "error", err)
		return nil
	}
	runs := deliveries.Software{Name: said.Name, Version: said.Version}
	if err := s.Store.Update(ctx, func(tx *storage.Tx) error { return tx.SetSoftware(host, runs) }); err != nil {
		return err
	}
	s.keys.keepsOneKey(host, habits[runs.Name].oneKey)
	s.ed25519.note(host, runs)
	return nil
}

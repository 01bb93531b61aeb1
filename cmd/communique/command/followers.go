package command

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/audience"
	"communique/storage/deliveries"
	"communique/storage/press"
	"communique/storage/publog"
)

// followerLine is a follower as followers list prints it with --json.
type followerLine struct {
	Actor  string `json:"actor"`
	Handle string `json:"handle,omitempty"`
	Since  string `json:"since"`
	// Software is what their server says that it runs.
	Software string `json:"software,omitempty"`
}

func newFollowersCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "followers",
		Short: "List the followers of an actor, or export them",
		Long: `List the followers of an actor of this site, or export them as CSV.

Followers cannot be imported: their own servers know whom they follow, and accept
nothing else. To bring the followers of an account on another server, move that
account here: see communique alias --help.`,
		Example: `  communique followers list
  communique followers export > followers.csv
  communique followers confirm`,
	}
	c.AddCommand(a.followersListCommand(), a.followersExportCommand(), a.followersConfirmCommand())
	return c
}

// pageOfFollowers is how many followers are read at a time.
const pageOfFollowers = 1000

// eachFollower calls fn for followers of an actor in the order of their ids, beginning
// after one; limit 0 is all of them. Pages are read one by one, so that a long export
// holds nothing up.
func (in *installation) eachFollower(ctx context.Context, actor, after string, limit int, fn func(audience.Follower) error) error {
	for done := 0; ; {
		size := pageOfFollowers
		if limit > 0 {
			size = min(size, limit-done)
		}
		var page []audience.Follower
		err := in.store.View(ctx, func(tx *storage.Tx) (err error) {
			page, err = tx.Followers(publog.ActorSource(actor), after, size)
			return err
		})
		if err != nil {
			return err
		}
		for _, f := range page {
			after = f.Actor
			if err := fn(f); err != nil {
				return err
			}
		}
		if done += len(page); len(page) < size || done == limit {
			return nil
		}
	}
}

func (a *app) followersListCommand() *cobra.Command {
	limit, after := listLength, ""
	c := a.onActor(a.atSite, &cobra.Command{
		Use:   "list",
		Short: "List the followers of an actor",
		Example: `  communique followers list --actor spokesperson
  communique followers list --after https://social.example/users/ada --limit 500`,
		Args: arguments(),
	}, func(ctx context.Context, in *installation, actor string, _ []string) error {
		if err := checkLimit(limit); err != nil {
			return err
		}
		return a.listFollowers(ctx, in, actor, after, limit)
	})
	c.Flags().StringVar(&after, "after", "", "begin after this follower")
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	return c
}

func (a *app) listFollowers(ctx context.Context, in *installation, actor, after string, limit int) error {
	var runs map[string]deliveries.Software
	err := in.store.View(ctx, func(tx *storage.Tx) (err error) {
		runs, err = tx.SoftwareByHost()
		return err
	})
	if err != nil {
		return err
	}
	t, n, last := newTable("FOLLOWER", "HANDLE", "SINCE", "SOFTWARE"), 0, ""
	err = in.eachFollower(ctx, actor, after, limit, func(f audience.Follower) error {
		n, last = n+1, f.Actor
		if a.json {
			return a.object(followerLine{Actor: f.Actor, Handle: f.Handle, Since: stamp(f.Since), Software: runs[press.HostOf(f.Actor)].String()})
		}
		t.row(plain(f.Actor), orDash(plain(f.Handle)), in.moment(f.Since), orDash(plain(runs[press.HostOf(f.Actor)].String())))
		return nil
	})
	if err != nil || a.json {
		return err
	}
	return a.printPage(t, n == limit, plain(last))
}

func (a *app) followersExportCommand() *cobra.Command {
	return a.onActor(a.atSite, &cobra.Command{
		Use:   "export",
		Short: "Export the followers of an actor as CSV",
		Long: `Write the followers of an actor on standard output, as CSV. The column "Account
address" is that of Mastodon's lists, which its import reads; it is empty for followers
from before handles were kept. "Actor" is the follower's id, "Since" when they followed.`,
		Example: `  communique followers export > followers.csv
  communique followers export --actor spokesperson > followers.csv`,
		Args: arguments(),
	}, func(ctx context.Context, in *installation, actor string, _ []string) error {
		w := csv.NewWriter(a.Stdout)
		if err := w.Write([]string{"Account address", "Actor", "Since"}); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
		err := in.eachFollower(ctx, actor, "", 0, func(f audience.Follower) error {
			return w.Write([]string{f.Handle, f.Actor, stamp(f.Since)})
		})
		w.Flush()
		return errors.Join(err, w.Error())
	})
}

func (a *app) followersConfirmCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "confirm",
		Short: "Say that the followers here are all that count",
		Long: `Say that the followers here are all that count, after a backup was restored. Who
followed since the backup is not among them, but their servers believe that they follow.
Until this is said, no server is told which followers it has here; from then on, servers
that compare (Mastodon) end such follows, and their people can follow anew. Say it when
the backup was made with the server stopped, or once you have accepted that loss: it also
mends unfollows that were lost on the way.`,
		Example: `  communique followers confirm`,
		Args:    arguments(),
		RunE: a.onSite(func(ctx context.Context, in *installation, _ []string) error {
			if err := a.desk(in).Act(ctx, "followers confirmed", "", (*storage.Tx).ConfirmFollowers); err != nil {
				return err
			}
			return a.acted(ctx, in, takesHold, map[string]any{"confirmed": true}, "Confirmed. Servers that compare end the follows that are unknown here.")
		}),
	}
}

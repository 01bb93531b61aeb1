package command

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"communique/federation/vocab"
	"communique/storage"
	"communique/storage/publog"
)

// moveFlags are the flags of move as they were given.
type moveFlags struct {
	to      string
	dry     bool
	confirm bool
	cancel  bool
}

func newMoveCommand(a *app) *cobra.Command {
	var m moveFlags
	c := &cobra.Command{
		Use:   "move",
		Short: "Send the followers of an actor to an account on another server",
		Long: `Send the followers of an actor to an account on another server, which must name
this actor among its aliases. The followers' servers make them follow that account
instead.

Afterwards the actor publishes nothing new. It still answers, and corrections and
withdrawals of what it published still go out, so leave the site running. Other
servers accept one move in seven days. --cancel lets the actor publish again to the
followers who have stayed; those who have moved do not come back.`,
		Example: `  communique move --to @ministry@press.new.example --dry-run
  communique move --to @ministry@press.new.example --confirm
  communique move --cancel`,
		Args: arguments(),
	}
	c.Flags().StringVar(&m.to, "to", "", "the account: its handle or its address")
	c.Flags().BoolVar(&m.dry, "dry-run", false, "say what would happen, and do nothing")
	c.Flags().BoolVar(&m.confirm, "confirm", false, "do it")
	c.Flags().BoolVar(&m.cancel, "cancel", false, "undo the move")
	return a.onActor(a.onSite, c, func(ctx context.Context, in *installation, name string, _ []string) error {
		switch {
		case m.cancel && (m.to != "" || m.confirm || m.dry), m.confirm && m.dry:
			return usagef("use one of --cancel, --dry-run and --confirm, and --cancel without --to")
		case m.cancel:
			return a.cancelMove(ctx, in, name)
		case m.to == "":
			return usagef("say with --to where the followers go, as in: communique move --to @ministry@press.new.example --dry-run")
		}
		return a.move(ctx, in, name, m)
	})
}

func (a *app) move(ctx context.Context, in *installation, name string, m moveFlags) error {
	target, err := a.moveTarget(ctx, in, name, m.to)
	if err != nil {
		return err
	}
	var followers int
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		if err := tx.MayMove(name); err != nil {
			return err
		}
		followers, err = tx.CountFollowers(publog.ActorSource(name))
		return err
	})
	if err != nil {
		return err
	}
	if !m.confirm {
		return a.printPlannedMove(name, target, followers, m.dry)
	}
	err = a.desk(in).Act(ctx, "moved", "@"+name+" to "+target.ID, func(tx *storage.Tx) error {
		_, err := tx.MoveActor(name, target.ID)
		return err
	})
	if err != nil {
		return err
	}
	return a.acted(ctx, in, goesOut, moveLine{Actor: name, To: target.ID, Followers: followers, Moved: true},
		"@%s has moved to %s: %d followers are told while the site is served.", name, target.ID, followers)
}

// moveTarget finds the account that the followers go to, and checks of it what other
// servers check.
func (a *app) moveTarget(ctx context.Context, in *installation, name, to string) (vocab.RemoteActor, error) {
	s, err := a.lookup(ctx, in)
	if err != nil {
		return vocab.RemoteActor{}, err
	}
	defer s.Close()
	target, err := s.FindActor(ctx, to)
	if err != nil {
		return target, err
	}
	return target, s.CheckTarget(name, target)
}

// moveLine is a move as it is printed with --json.
type moveLine struct {
	Actor     string `json:"actor"`
	To        string `json:"to"`
	Followers int    `json:"followers"`
	Moved     bool   `json:"moved"`
}

// printPlannedMove says what a move would do. Without --dry-run that is an error: the
// move was asked for and not made.
func (a *app) printPlannedMove(name string, target vocab.RemoteActor, followers int, dry bool) error {
	if a.json {
		if err := a.object(moveLine{Actor: name, To: target.ID, Followers: followers}); err != nil {
			return err
		}
	} else {
		a.say("%d followers of @%s would be sent to %s, which names it among its aliases. @%s would publish nothing new from then on.",
			followers, name, target.ID, name)
	}
	if dry {
		return nil
	}
	return errors.New("nothing was done: for at least seven days a move cannot be repeated; add --confirm to make it")
}

func (a *app) cancelMove(ctx context.Context, in *installation, name string) error {
	err := a.desk(in).Act(ctx, "move cancelled", "@"+name, func(tx *storage.Tx) error {
		_, err := tx.CancelMove(name)
		return err
	})
	if err != nil {
		return err
	}
	return a.acted(ctx, in, takesHold, moveLine{Actor: name}, "@%s publishes again, to those who still follow it.", name)
}

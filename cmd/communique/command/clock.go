package command

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"communique/storage"
)

// clockLine is what clock prints with --json.
type clockLine struct {
	Now    string `json:"now"`
	Zone   string `json:"zone"`
	Held   bool   `json:"held"`
	Reason string `json:"reason,omitempty"`
}

func newClockCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "clock",
		Short: "Show the time by which embargoes end",
		Long: `Show the time by which embargoes end, in the zone of the site, and whether they
are held. That is the clock of this machine or, with a PostgreSQL database, of its
server. If it jumps by more than two seconds while the site is served, or is that much
off after a failover, no embargo ends until somebody has looked: set the clock right,
then run communique clock confirm. Embargoes are also held after a backup was restored,
or where the database lacks what was published: check the drafts first (communique
list).`,
		Example: `  communique clock
  communique clock confirm`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			return a.showClock(ctx, in)
		}),
	}
	c.AddCommand(&cobra.Command{
		Use:   "confirm",
		Short: "Say that the clock is right: embargoes end by it again",
		Long: `Say that the clock is right: embargoes end by it again. Articles whose time has come
meanwhile are public at once.`,
		Example: `  communique clock confirm`,
		Args:    arguments(),
		RunE: a.onSite(func(ctx context.Context, in *installation, _ []string) error {
			if err := a.desk(in).Act(ctx, "clock confirmed", "", (*storage.Tx).ConfirmClock); err != nil {
				return err
			}
			return a.showClock(ctx, in)
		}),
	})
	return c
}

func (a *app) showClock(ctx context.Context, in *installation) error {
	var reason string
	err := in.store.View(ctx, func(tx *storage.Tx) (err error) {
		reason, err = tx.ClockHeld()
		return err
	})
	if err != nil {
		return err
	}
	now := in.store.Now().In(in.config.Zone)
	switch {
	case a.json:
		return a.objectServed(ctx, in, clockLine{Now: now.Format(time.RFC3339), Zone: in.config.Zone.String(), Held: reason != "", Reason: reason})
	case reason != "":
		a.say("It is %s. Embargoes are held: %s.", now.Format(toTheSecond), reason)
		a.say("If that is the right time, and the drafts are as they should be, run communique clock confirm.")
	default:
		a.say("It is %s. Embargoes end by this clock.", now.Format(toTheSecond))
		a.sayServing(ctx, in, "what is due goes out")
	}
	return nil
}

package command

import (
	"context"

	"github.com/spf13/cobra"
)

func newUpgradeCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "upgrade",
		Short: "Bring the database up to date for this version",
		Long: `Bring the database up to date for this version, as serve and every other command do when
they open it, and copy it as it is before that: the embedded one beside itself, as
communique.db.before-upgrade-from-54, one on a server by pg_dump into the folder of the
installation, as communique.dump.before-upgrade-from-54 (the number is that of the schema).
Where the copy cannot be made, because there is no room or no pg_dump, nothing is changed.

With --without-copy none is made: for who has another one, such as the archive of the
database's server.`,
		Example: `  communique upgrade
  communique upgrade --without-copy`,
		Args: arguments(),
		RunE: a.onSite(func(_ context.Context, in *installation, _ []string) error {
			if a.json {
				return a.object(map[string]any{"schema": in.store.Schema(), "version": version()})
			}
			a.say("The database is up to date for version %s, with schema %d.", version(), in.store.Schema())
			return nil
		}),
	}
	c.Flags().BoolVar(&a.uncopied, "without-copy", false, "make no copy before")
	return c
}

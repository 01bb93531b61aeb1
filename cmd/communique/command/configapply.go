package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/deliveries"
)

// configLine is what config apply prints with --json.
type configLine struct {
	Version int           `json:"version"` // of the settings that are served
	Changed []changedLine `json:"changed"`
	Applied bool          `json:"applied"`
	// Restart names the servers that run with earlier settings.
	Restart []string `json:"restart"`
}

func newConfigCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:     "config",
		Short:   "Change the settings of a site that several machines serve",
		Example: `  communique config apply`,
	}
	confirmed := false
	apply := &cobra.Command{
		Use:   "apply",
		Short: "Have all machines serve with the communique.yaml of this one",
		Long: `Have all machines that share a PostgreSQL database serve with the communique.yaml of
this one, and the pictures that it names. From the moment on in which a second machine
serves the site, one with other settings is refused. To change them, put the same file
and pictures on all machines, then apply them on one, and restart communique serve on
each, one after the other. Those that run go on with the earlier settings until then,
and say so in their logs.

Without --confirm it only says what would change. It is refused if communique serve
could not start with these settings.`,
		Example: `  communique config apply
  communique config apply --confirm`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, args []string) error {
			at := a.atSite
			if confirmed {
				at = a.onSite
			}
			return at(func(ctx context.Context, in *installation, _ []string) error {
				return a.applyConfig(ctx, in, confirmed)
			})(cmd, args)
		},
	}
	apply.Flags().BoolVar(&confirmed, "confirm", false, "have them served; without it, only say what would change")
	c.AddCommand(apply)
	return c
}

func (a *app) applyConfig(ctx context.Context, in *installation, confirmed bool) error {
	if in.config.Server == "" {
		return errors.New("one server alone serves a database in a file, with the settings that it finds when it starts: restart communique serve")
	}
	if err := a.couldStart(ctx, in); err != nil {
		return err
	}
	mine, err := in.lines()
	if err != nil {
		return err
	}
	var line configLine
	var running []deliveries.Replica
	look := func(tx *storage.Tx) error {
		before, err := readApplied(tx)
		if err != nil {
			return err
		}
		line = configLine{Version: before.Version, Changed: changedLines(before.Lines, mine), Restart: []string{}}
		if running, err = tx.Replicas(0); err != nil || !confirmed || len(line.Changed) == 0 {
			return err
		}
		line.Version, line.Applied = before.Version+1, true
		for _, r := range running {
			line.Restart = append(line.Restart, r.Name)
		}
		applied := appliedSettings{Version: line.Version, At: tx.Now(), Shared: before.Shared, Lines: mine}
		if err := applied.write(tx); err != nil {
			return err
		}
		return a.desk(in).Note(tx, "settings applied", fmt.Sprintf("version %d", line.Version), nil)
	}
	if confirmed {
		err = in.store.Update(ctx, look)
	} else {
		err = in.store.View(ctx, look)
	}
	if err != nil {
		return fmt.Errorf("apply the settings: %w", err)
	}
	if a.json {
		return a.object(line)
	}
	a.sayApplied(in, line)
	return nil
}

func (a *app) sayApplied(in *installation, line configLine) {
	if len(line.Changed) == 0 {
		a.say("The settings in %s are those that are served (version %d).", in.configFile(), line.Version)
		return
	}
	for _, c := range line.Changed {
		a.say("%s", c)
	}
	switch {
	case !line.Applied:
		a.say("Nothing has changed yet: version %d is served. communique config apply --confirm has all machines serve with what stands here.", line.Version)
	case len(line.Restart) == 0:
		a.say("Version %d of the settings is served when serve runs.", line.Version)
	default:
		a.say("Version %d of the settings is served from now on. Restart these, one after the other; until then they serve with the earlier ones:", line.Version)
		for _, name := range line.Restart {
			a.say("  %s", name)
		}
	}
}

// couldStart refuses settings with which no server starts.
func (a *app) couldStart(ctx context.Context, in *installation) error {
	all, err := a.hurdles(ctx, in)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Stops {
			return fmt.Errorf("communique serve could not start with these settings: %s", h.Observed)
		}
	}
	return nil
}

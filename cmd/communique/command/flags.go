package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/answers"
	"communique/storage"
	"communique/storage/audience"
)

// flagLine is a report as flags prints it with --json.
type flagLine struct {
	ID       string   `json:"id"`
	Received string   `json:"received"`
	Actor    string   `json:"actor"`
	Content  string   `json:"content"`
	Objects  []string `json:"objects"`
}

func newFlagsCommand(a *app) *cobra.Command {
	limit := listLength
	c := &cobra.Command{
		Use:   "flags",
		Short: "List what other servers report about us",
		Long: `List the reports that other servers have sent about our actors and articles, the
oldest first. A thousand are kept. The sender is often an actor of the server itself,
so that nobody learns which person reported.`,
		Example: `  communique flags
  communique flags dismiss k3tq5m2zr7ab4cde`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			if err := checkLimit(limit); err != nil {
				return err
			}
			var flags []audience.Flag
			err := in.store.View(ctx, func(tx *storage.Tx) (err error) {
				flags, err = tx.Flags(audience.Flag{}, limit)
				return err
			})
			if err != nil {
				return err
			}
			return a.printFlags(in, flags)
		}),
	}
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	c.AddCommand(&cobra.Command{
		Use:     "dismiss ID",
		Short:   "Delete a report that needs no more attention",
		Example: "  communique flags dismiss k3tq5m2zr7ab4cde",
		Args:    arguments("ID"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			err := answers.Dismiss(ctx, a.desk(in), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.objectServed(ctx, in, map[string]string{"id": args[0], "did": "dismiss"})
			}
			a.say("Dismissed: %s", args[0])
			return nil
		}),
	})
	return c
}

func (a *app) printFlags(in *installation, flags []audience.Flag) error {
	t := newTable("ID", "RECEIVED", "FROM", "ABOUT", "WHAT IT SAYS")
	for _, f := range flags {
		if a.json {
			line := flagLine{ID: f.ID, Received: stamp(f.At), Actor: f.Actor, Content: f.Content, Objects: f.Objects}
			if err := a.object(line); err != nil {
				return err
			}
			continue
		}
		t.row(f.ID, in.moment(f.At), plain(f.Actor), plain(strings.Join(f.Objects, " ")), orDash(plain(f.Content)))
	}
	if a.json {
		return nil
	}
	return t.print(a.Stdout)
}

package command

import (
	"context"

	"github.com/spf13/cobra"

	"communique/federation"
	"communique/storage"
	"communique/storage/audience"
	"communique/storage/publog"
)

// collectionLine is a collection as collections prints it with --json.
type collectionLine struct {
	ID         string `json:"id"`
	Actor      string `json:"actor"`
	Collection string `json:"collection"`
	By         string `json:"by"`
	Since      string `json:"since"`
}

func newCollectionsCommand(a *app) *cobra.Command {
	limit, after := listLength, ""
	c := &cobra.Command{
		Use:   "collections",
		Short: "List the collections of accounts that list an actor, or leave one",
		Long: `List the collections of accounts (starter packs) on other servers that have the
permission to list an actor of this site. Who gets it at once is set by collections in
the configuration; nobody who is blocked does.`,
		Example: `  communique collections
  communique collections leave k3tq5m2zr7ab4cde`,
		Args: arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) error {
			if err := checkLimit(limit); err != nil {
				return err
			}
			var all []audience.Feature
			err := in.store.View(ctx, func(tx *storage.Tx) (err error) {
				all, err = tx.Features(after, limit)
				return err
			})
			if err != nil {
				return err
			}
			return a.printCollections(in, all, limit)
		}),
	}
	c.Flags().StringVar(&after, "after", "", "begin after this one")
	c.Flags().IntVar(&limit, "limit", limit, "how many")
	c.AddCommand(&cobra.Command{
		Use:     "leave ID",
		Short:   "Take back the permission of a collection, for good",
		Example: "  communique collections leave k3tq5m2zr7ab4cde",
		Args:    arguments("ID"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			var left audience.Feature
			err := a.desk(in).Act(ctx, "collection left", args[0], func(tx *storage.Tx) (err error) {
				left, err = federation.TakeBackFeature(tx, in.site, args[0])
				return err
			})
			if err != nil {
				return err
			}
			return a.acted(ctx, in, goesOut, map[string]string{"id": args[0], "did": "leave"}, "Left: %s", plain(left.Collection))
		}),
	})
	return c
}

func (a *app) printCollections(in *installation, all []audience.Feature, limit int) error {
	t := newTable("ID", "ACTOR", "COLLECTION", "OF", "SINCE")
	last := ""
	for _, f := range all {
		last = f.Token
		actor := publog.Source{Name: f.Source}.Actor()
		if a.json {
			line := collectionLine{ID: f.Token, Actor: actor, Collection: f.Collection, By: f.Actor, Since: stamp(f.Granted)}
			if err := a.object(line); err != nil {
				return err
			}
			continue
		}
		t.row(f.Token, "@"+actor, plain(f.Collection), plain(f.Actor), in.moment(f.Granted))
	}
	if a.json {
		return nil
	}
	return a.printPage(t, len(all) == limit, last)
}

package command

import (
	"context"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

func newPinCommand(a *app) *cobra.Command {
	return a.pinCommand("pin", "Put an article at the top of the profile", `Put an article at the top of the profile in the fediverse, where there is room for
five; the one pinned last comes first, also if it was pinned before. Followers' servers are told to look again.
An article that is withdrawn is no longer shown there.`, "Pinned", "It is in front already", newsroom.Desk.Pin)
}

func newUnpinCommand(a *app) *cobra.Command {
	return a.pinCommand("unpin", "Take an article off the top of the profile",
		`Take an article off the top of the profile in the fediverse. Followers' servers are
told to look again.`, "Unpinned", "It was not pinned", newsroom.Desk.Unpin)
}

func (a *app) pinCommand(name, short, long, done, before string, act func(newsroom.Desk, context.Context, press.ArticleID) (newsroom.Profile, error)) *cobra.Command {
	return &cobra.Command{
		Use:     name + " ID",
		Short:   short,
		Long:    long,
		Example: "  communique " + name + " k3tq5m2zr7ab4cde",
		Args:    arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, id, err := a.openArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			p, err := act(a.desk(in), cmd.Context(), id)
			if err != nil {
				return err
			}
			if p.Pinned == nil {
				p.Pinned = []press.ArticleID{} // a list without items, for machines
			}
			line := map[string]any{"id": id, "pinned": p.Pinned, "changed": p.Changed}
			if !p.Changed && !a.json {
				a.say("%s: %s", before, in.site.Article(p.Article))
				return nil
			}
			return a.acted(cmd.Context(), in, goesOut, line, "%s: %s", done, in.site.Article(p.Article))
		},
	}
}

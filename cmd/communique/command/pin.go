package command

import (
	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/press"
)

func newPinCommand(a *app) *cobra.Command {
	return a.pinCommand("pin", "Put an article on top of the profile", `Put an article on top of the profile in the fediverse, where five have room; the
last one pinned stands first. Followers' servers are told to look. One that is
withdrawn stands there no more.`, "Pinned", (*storage.Tx).Pin)
}

func newUnpinCommand(a *app) *cobra.Command {
	return a.pinCommand("unpin", "Take an article from the top of the profile",
		`Take an article from the top of the profile in the fediverse. Followers' servers
are told to look.`, "Unpinned", (*storage.Tx).Unpin)
}

func (a *app) pinCommand(name, short, long, done string, act func(*storage.Tx, press.ArticleID) (bool, error)) *cobra.Command {
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
			var article press.Article
			var pinned []press.ArticleID
			err = in.store.Update(cmd.Context(), func(tx *storage.Tx) error {
				changed, err := act(tx, id)
				if err != nil {
					return err
				}
				if changed {
					if _, err := tx.AppendActor(in.config.Actor.Name); err != nil {
						return err
					}
				}
				if pinned, err = tx.Pinned(); err != nil {
					return err
				}
				article, err = tx.Article(id)
				return err
			})
			if err != nil {
				return err
			}
			if a.json {
				if pinned == nil {
					pinned = []press.ArticleID{} // a list without items, for machines
				}
				return a.object(map[string]any{"id": id, "pinned": pinned})
			}
			a.say("%s: %s", done, in.site.Article(article))
			return nil
		},
	}
}

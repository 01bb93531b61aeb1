package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
	"communique/storage/richtext"
)

func newReleaseCommand(a *app) *cobra.Command {
	var confirm bool
	c := &cobra.Command{
		Use:   "release ID",
		Short: "Let go out what is left of a set that is held",
		Long: `Let go out what is left of a set of languages that goes out all or none and is held,
because one of them was taken back, or is not what was filed: all of it in one step, at
its instant, or at once if that has come. It tells what that is, and does so with
--confirm. What is missing goes out later, if at all, as a translation that goes its own
way.

ID is one of the set. Where there are people of the desk, an approver does it there.`,
		Example: `  communique release k3tq5m2zr7ab4cde
  communique release k3tq5m2zr7ab4cde --confirm`,
		Args: arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, id, err := a.openArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			desk := a.desk(in)
			rest, err := desk.Rest(cmd.Context(), id)
			if err == nil && confirm {
				err = desk.ReleaseRest(cmd.Context(), id, rest.Digest)
			}
			if errors.Is(err, newsroom.ErrMayNot) {
				err = fmt.Errorf("%w: there are people of the desk: an approver of all of it lets it go at %s/articles/%s/rest", err, in.config.Desk.URL, id)
			}
			if err != nil {
				return err
			}
			line := map[string]any{"articles": idsOf(rest.Articles), "released": confirm, "gone": rest.Gone, "changed": rest.Changed}
			if !confirm {
				if a.json {
					return a.object(line)
				}
				a.sayRest(in, rest)
				return nil
			}
			return a.acted(cmd.Context(), in, goesOut, line, "%d articles go out together, without what is missing", len(rest.Articles))
		},
	}
	c.Flags().BoolVar(&confirm, "confirm", false, "do it")
	return c
}

func idsOf(all []press.Article) (ids []press.ArticleID) {
	for _, a := range all {
		ids = append(ids, a.ID)
	}
	return ids
}

// sayRest tells what would go out, and without what.
func (a *app) sayRest(in *installation, rest newsroom.Rest) {
	for _, each := range rest.Articles {
		a.say("%s  %s  %s  %s", each.ID, each.Language, in.when(each), richtext.Quoted(each.Title))
	}
	for _, language := range rest.Gone {
		a.say("Missing, for it was taken back: the text in %s.", language)
	}
	for _, language := range rest.Changed {
		a.say("Not what was filed: the text in %s.", language)
	}
	a.say("With --confirm these go out in one step: at their instant, or at once if that has come.")
}

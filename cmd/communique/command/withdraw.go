package command

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

func newWithdrawCommand(a *app) *cobra.Command {
	var reason string
	var all bool
	c := &cobra.Command{
		Use:   "withdraw ID",
		Short: "Withdraw an article",
		Long: `Withdraw an article: it leaves feeds and pages, its address says that it was
withdrawn, when and why, and every server that may have it is told to delete it.
Under embargo it is cancelled without a trace, and needs no reason.

Its translations stay up, and are named; --all-languages withdraws all of them in one
step, also if it was withdrawn before. A reason that tells what is under embargo, was
withdrawn or was hidden is refused. If it is what they translate, those under embargo
are held: they go out only by correct, with --release-alone or as translations of
another.`,
		Example: `  communique withdraw k3tq5m2zr7ab4cde --reason "Issued in error."`,
		Args:    arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			reason = strings.TrimSpace(reason)
			in, id, err := a.openArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			withdraw := newsroom.Desk.Withdraw
			if all {
				withdraw = newsroom.Desk.WithdrawSet
			}
			r, err := withdraw(a.desk(in), cmd.Context(), id, reason)
			if errors.Is(err, newsroom.ErrUnexplained) {
				return usagef("say why with --reason: the page of the article will show it to the public")
			}
			if err != nil {
				return err
			}
			if a.json {
				return a.result(cmd.Context(), in, r, "")
			}
			switch {
			case r.Repeated:
				a.say("It was %s before: %s", r.Article.State, id)
			case r.Article.State == press.Cancelled:
				a.say("Cancelled before it was public: %s", id)
			default:
				a.say("Withdrawn: %s", in.site.Article(r.Article))
			}
			a.printSiblings(in, r)
			if r.Article.State != press.Cancelled || len(r.Siblings) > 0 {
				a.sayServing(cmd.Context(), in, goesOut)
			}
			return nil
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the public")
	c.Flags().BoolVar(&all, "all-languages", false, "withdraw its translations and its original as well")
	return c
}

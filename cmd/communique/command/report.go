package command

import (
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
)

func newReportCommand(a *app) *cobra.Command {
	var table bool
	c := &cobra.Command{
		Use:   "report ID",
		Short: "Show how an article was released",
		Long: `Show how an article was released: when it was due, when it was public, when the first
server accepted it, half of them and the last one so far, and which are missing, with
the reason. It is made of what the site keeps of each delivery, at any time later.

ID is the article's id, its page's address or its ActivityPub id. --csv prints a table
for spreadsheets.`,
		Example: `  communique report k3tq5m2zr7ab4cde
  communique report --csv k3tq5m2zr7ab4cde > report.csv`,
		Args: arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if table && a.json {
				return usagef("--csv and --json are two forms: choose one")
			}
			in, id, err := a.lookAtArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			r, err := a.desk(in).Report(cmd.Context(), id)
			switch {
			case err != nil:
				return err
			case table:
				return r.WriteCSV(a.Stdout)
			case a.json:
				return a.object(r)
			}
			return a.printReport(in, r)
		},
	}
	c.Flags().BoolVar(&table, "csv", false, "print a table for spreadsheets")
	return c
}

func (a *app) printReport(in *installation, r newsroom.Report) error {
	a.say("Due:    %s", in.moment(r.Due))
	a.say("Public: %s", in.moment(r.Public))
	if r.Silent {
		a.say("It is silent: servers were not told.")
	}
	after := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Sub(r.Public).Round(100 * time.Millisecond).String()
	}
	for _, one := range r.Actors {
		a.say("Of the servers of @%s's followers %d of %d accepted it: the first after %s, half of them after %s, the last so far after %s.",
			one.Actor, one.Accepted, one.Servers, after(one.First), after(one.Median), after(one.Last))
		for _, m := range one.Missing {
			next := ""
			if !m.NextTry.IsZero() {
				next = "; next try " + in.moment(m.NextTry)
			}
			a.say("  Missing: %s  %s%s", plain(m.Inbox), orDash(plain(m.Why)), next)
		}
		if one.Unnamed > 0 {
			a.say("  And %d more.", one.Unnamed)
		}
	}
	return nil
}

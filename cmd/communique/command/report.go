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
		Long: `Show how an article was released, corrected and withdrawn: when it was due, when it was
public, when its page and the feed of its section showed it at the site's public address,
when the first server accepted it, half of them and the last one so far, and which are
missing, with the reason. The server looks at that address as readers do, until it sees
both; it says so where it cannot. The report is written down again and again in
the first month, and stays then as it was. Of what is under embargo it tells when that is due.

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
	if len(r.Releases) == 0 {
		a.say("It is under embargo until %s.", in.moment(r.Due))
	}
	for _, one := range r.Releases {
		a.printRelease(in, one)
	}
	return nil
}

func (a *app) printRelease(in *installation, r newsroom.Release) {
	a.say("%s %s", in.second(r.Public), r.Kind)
	if !r.Due.IsZero() {
		a.say("  Due:   %s", in.moment(r.Due))
	}
	if !r.Dated.IsZero() {
		a.say("  Dated: %s; it is back-dated", in.moment(r.Dated))
	}
	after := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.Sub(r.Public).Round(100 * time.Millisecond).String()
	}
	for _, at := range []struct {
		where string
		seen  newsroom.Sight
	}{{"page", r.Page}, {"feed", r.Feed}} {
		if at.seen.Seen.IsZero() {
			a.say("  The %s was not seen yet: %s", at.where, orDash(plain(at.seen.Why)))
			continue
		}
		a.say("  The %s was seen after %s.", at.where, after(at.seen.Seen))
	}
	if r.Silent {
		a.say("  It is silent: servers were not told.")
	}
	for _, one := range r.Actors {
		a.say("  Of the servers of @%s's followers %d of %d accepted it: the first after %s, half of them after %s, the last so far after %s.",
			one.Actor, one.Accepted, one.Servers, after(one.First), after(one.Median), after(one.Last))
		for _, m := range one.Missing {
			next := ""
			if !m.NextTry.IsZero() {
				next = "; next try " + in.moment(m.NextTry)
			}
			a.say("    Missing: %s  %s%s", plain(m.Inbox), orDash(plain(m.Why)), next)
		}
		if one.Unnamed > 0 {
			a.say("    And %d more.", one.Unnamed)
		}
	}
}

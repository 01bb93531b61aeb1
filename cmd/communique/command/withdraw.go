package command

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/cmd/internal/journal"
	"communique/cmd/internal/newsroom"
	"communique/storage/postgres"
	"communique/storage/press"
	"communique/storage/sqlite"
)

func newWithdrawCommand(a *app) *cobra.Command {
	var reason string
	var all, orphan bool
	var unknown newsroom.Orphan
	var person personFlags
	var proposal withdrawalProposal
	c := &cobra.Command{
		Use:   "withdraw ID",
		Short: "Withdraw an article",
		Long: `Withdraw an article: it leaves feeds and pages, its address says that it was
withdrawn, when and why, and every server that may have it is told to delete it.
Under embargo it is cancelled without a trace, and needs no reason: copies of the
database from before an upgrade, which may have it, are removed.

Its translations stay up, and are named; --all-languages withdraws all of them in one
step, also if it was withdrawn before. A reason that tells what is under embargo, was
withdrawn or was hidden is refused. If it is what they translate, those under embargo
are held: they go out only by correct, with --release-alone or as translations of
another.

Where there are people of the desk, --as says who withdraws; one with the right is
enough, unless the rule of its section asks for two: then it is handed in for review, or
goes out with --alone. --propose hands it in for review in any case, which an author may;
--at says when it is withdrawn, once that is approved. A picture or file alone is
withdrawn by communique withdraw file.

--orphan withdraws what followers have and this site does not know, because it was
published after the backup was made that the site was restored from: every server that
is known is told to delete it, and its address says that it was withdrawn. The journal
tells of which section it was; where it does not know the article, --section names one,
and --confirm says that the id is right.`,
		Example: `  communique withdraw k3tq5m2zr7ab4cde --reason "Issued in error."
  communique withdraw --orphan https://press.mfa.example/en/articles/k3tq5m2zr7ab4cde/treaty --reason "Issued in error."`,
		Args: arguments("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			reason = strings.TrimSpace(reason)
			in, id, err := a.openArticle(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			defer in.Close()
			withdraw := newsroom.Desk.Withdraw
			switch {
			case orphan && all:
				return usagef("--orphan withdraws one article, of which no translation is known: leave --all-languages out, and withdraw each")
			case !orphan && (unknown.Section != "" || unknown.Sure):
				return usagef("--section and --confirm are for --orphan")
			case orphan:
				unknown.ID, unknown.Language = id, languageIn(args[0])
				if unknown.Told, err = journal.Find(in.config.JournalFolder(), in.config.BaseURL, id); err != nil && !unknown.Sure {
					return err
				}
				withdraw = func(d newsroom.Desk, ctx context.Context, _ press.ArticleID, reason string) (newsroom.Result, error) {
					return d.WithdrawOrphan(ctx, unknown, reason)
				}
			case all:
				withdraw = newsroom.Desk.WithdrawSet
			}
			desk, proposes, err := person.desk(cmd.Context(), a, in)
			if err != nil {
				return err
			}
			if proposal.meant() {
				if all || orphan || !proposes {
					return usagef("--propose and --at hand in the withdrawal of one article: say with --as who does it, and leave --alone, --all-languages and --orphan out")
				}
				return a.proposeWithdrawal(cmd.Context(), in, desk, id, reason, proposal)
			}
			older := in.olderCopies()
			r, err := withdraw(desk, cmd.Context(), id, reason)
			if errors.Is(err, newsroom.ErrReview) && proposes && !all && !orphan {
				return a.proposeWithdrawal(cmd.Context(), in, desk, id, reason, proposal)
			}
			if err != nil {
				return withWithdrawalHint(err, orphan)
			}
			if a.json {
				return a.result(cmd.Context(), in, r, "")
			}
			a.sayWithdrawn(cmd.Context(), in, r, older)
			return nil
		},
	}
	c.Flags().StringVar(&reason, "reason", "", "why, for the public")
	c.Flags().StringVar(&person.as, "as", "", "who does it, by the login of one of the people of the desk")
	c.Flags().StringVar(&person.alone, "alone", "", "why it goes out without a second person where the rule asks for one, by somebody who may: --as says who")
	c.Flags().BoolVar(&proposal.propose, "propose", false, "hand it in for review: somebody else carries it out")
	c.Flags().StringVar(&proposal.at, "at", "", "with --propose, when it is withdrawn, once it is approved: 2026-03-01 14:30, in the zone of the site unless it names another")
	c.Flags().BoolVar(&orphan, "orphan", false, "withdraw what followers have and this site does not know")
	c.Flags().StringVar(&unknown.Section, "section", "", "with --orphan: the path of the section whose readers are told")
	c.Flags().BoolVar(&unknown.Sure, "confirm", false, "with --orphan: also if the journal does not know the article")
	c.Flags().BoolVar(&all, "all-languages", false, "withdraw its translations and its original as well")
	c.AddCommand(newWithdrawFileCommand(a), newWithdrawnFilesCommand(a))
	return c
}

// errNoReason is that a withdrawal has no reason.
var errNoReason = usagef("say why with --reason: the page of the article will show it to the public")

// withWithdrawalHint says what to do where something could not be withdrawn.
func withWithdrawalHint(err error, orphan bool) error {
	switch {
	case errors.Is(err, newsroom.ErrUnheard):
		return fmt.Errorf("%w. If the id is right, add --confirm, and --section with the path of its section: its address and feeds say from then on that an article was withdrawn, and why, and every server that is known is told to delete it. Nothing takes that back", err)
	case errors.Is(err, press.ErrNotFound) && !orphan:
		return fmt.Errorf("%w; if followers have it, because it was published after the backup was made that this site was restored from, add --orphan", err)
	case errors.Is(err, newsroom.ErrUnexplained):
		return errNoReason
	}
	return withPersonHint(err)
}

// sayWithdrawn tells what was withdrawn; older are copies of the database that may have it.
func (a *app) sayWithdrawn(ctx context.Context, in *installation, r newsroom.Result, older []string) {
	switch {
	case r.Repeated:
		a.say("It was %s before: %s", r.Article.State, r.Article.ID)
	case r.Article.State == press.Cancelled:
		a.say("Cancelled before it was public: %s", r.Article.ID)
		a.sayCopiesGone(ctx, in, older)
	default:
		a.say("Withdrawn: %s", in.site.Article(r.Article))
	}
	a.printSiblings(in, r)
	if r.Article.State != press.Cancelled || len(r.Siblings) > 0 {
		a.sayServing(ctx, in, goesOut)
	}
}

// olderCopies are those of the database from before upgrades.
func (in *installation) olderCopies() []string {
	if in.config.Server != "" {
		all, _ := postgres.KeptBefore(dumpOf(in.config)) // its name is a pattern in any case
		return all
	}
	all, _ := sqlite.KeptBefore(filepath.Join(in.config.Data, config.Database)) // so is its
	return all
}

// removeVoid removes the copies on this machine of a database on a server, from before upgrades,
// if they have what is to be nowhere any more: a draft was cancelled, perhaps on another machine.
func (in *installation) removeVoid(ctx context.Context) error {
	if in.config.Server == "" {
		return nil // they went with it
	}
	return postgres.RemoveVoid(ctx, in.store, dumpOf(in.config), siteMark(in.config))
}

// sayCopiesGone says which copies of the database went with a draft that was cancelled, and
// which could not.
func (a *app) sayCopiesGone(ctx context.Context, in *installation, before []string) {
	_ = in.removeVoid(ctx) // which of them are left, is said
	left := in.olderCopies()
	for _, file := range before {
		if slices.Contains(left, file) {
			a.warn("what was cancelled may be in %s, from before an upgrade, which could not be removed: remove it", file)
		} else {
			a.say("Removed, for what was cancelled may be in it: %s, from before an upgrade.", file)
		}
	}
}

// languageIn is the language that the address of a page names, or nothing.
func languageIn(ref string) press.Language {
	u, err := url.Parse(ref)
	if err != nil || u.Host == "" {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	return press.Language(first)
}

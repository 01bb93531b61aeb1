package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage/manuscripts"
	"communique/storage/press"
	"communique/storage/richtext"
)

// personFlags say who does what a command does, where there are people of the desk.
type personFlags struct{ as, alone string }

// flags adds them to a command that lets something out.
func (p *personFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.as, "as", "", "who does it, by the login of one of the people of the desk: a second person approves it")
	c.Flags().StringVar(&p.alone, "alone", "", "why it goes out without a second person, by somebody who may: --as says who")
}

// desk is where somebody works by these flags. proposes tells that a second person has to
// approve what they do.
func (p *personFlags) desk(ctx context.Context, a *app, in *installation) (desk newsroom.Desk, proposes bool, err error) {
	desk = a.desk(in)
	if p.as == "" {
		if p.alone != "" {
			return desk, false, usagef("--alone: say with --as who takes it upon themselves")
		}
		return desk, false, nil
	}
	if desk, err = desk.As(ctx, p.as); err != nil {
		return desk, false, fmt.Errorf("--as: %w; communique people list shows those that are there", err)
	}
	if p.alone == "" {
		return desk, true, nil
	}
	desk, err = desk.ByAlone(p.alone)
	return desk, false, err
}

// withPersonHint names the flags that the newsroom does not know of.
func withPersonHint(err error) error {
	switch {
	case errors.Is(err, newsroom.ErrReview):
		return fmt.Errorf("%w, for there are people of the desk: say with --as who does it, and it is handed in for review; or with --alone, too, why it cannot wait", err)
	case errors.Is(err, newsroom.ErrMayNot):
		return fmt.Errorf("%w: say with --as who does it that may", err)
	}
	return err
}

// proposed is a manuscript as the commands print it with --json that hand one in.
type proposed struct {
	Manuscript string            `json:"manuscript"`
	State      manuscripts.State `json:"state"`
	Title      string            `json:"title"`
	URL        string            `json:"url"`
}

// manuscriptURL is the page of a manuscript on the desk.
func (in *installation) manuscriptURL(id string) string {
	return in.config.Desk.URL + "/manuscripts/" + id
}

func (a *app) printProposed(in *installation, m manuscripts.Manuscript) error {
	line := proposed{Manuscript: m.ID, State: m.State, Title: m.Title, URL: in.manuscriptURL(m.ID)}
	if a.json {
		return a.object(line)
	}
	done := "goes out"
	if m.Kind == manuscripts.Withdrawal {
		done = "is withdrawn"
	}
	a.say("Handed in for review: %s. It %s when a second person has approved it: %s", richtext.Quoted(m.Title), done, line.URL)
	return nil
}

// proposeFiling hands in what publish would publish.
func (a *app) proposeFiling(ctx context.Context, in *installation, desk newsroom.Desk, names []string, f newsroom.Filing) error {
	if f.Key != "" {
		return usagef("--key: what is handed in for review is published once in any case: leave it out")
	}
	how := manuscripts.How{Silent: f.Silent}
	how.Meant = meant(map[string]bool{"again": f.Again, "alone": f.Alone, "final": f.Final})
	if len(names) > 1 {
		return a.proposeSet(ctx, in, desk, how, names, f.Together)
	}
	return a.propose(ctx, in, desk, newsroom.Proposal{Kind: manuscripts.NewArticle, How: how}, names[0])
}

// proposeSet hands in one statement in several languages.
func (a *app) proposeSet(ctx context.Context, in *installation, desk newsroom.Desk, how manuscripts.How, names []string, together bool) error {
	var all []newsroom.Proposal
	var beside []fs.FS
	for _, name := range names {
		text, folder, err := a.readFile(name)
		if err != nil {
			return err
		}
		all, beside = append(all, newsroom.Proposal{Kind: manuscripts.NewArticle, How: how, Text: text}), append(beside, folder)
	}
	begun, err := desk.ProposeSet(ctx, all, beside, together)
	if err != nil {
		return withPersonHint(err)
	}
	for _, m := range begun {
		if err := a.printProposed(in, m); err != nil {
			return err
		}
	}
	if together && !a.json {
		a.say("They go out in one step when all of them are approved.")
	}
	return nil
}

// proposeCorrection hands in what correct would correct.
func (a *app) proposeCorrection(ctx context.Context, in *installation, desk newsroom.Desk, id press.ArticleID, name string, c newsroom.Correction, at string) (err error) {
	how := manuscripts.How{Note: c.Note, Minor: c.Minor, Hide: c.HideEarlier, Silent: c.Silent}
	how.Meant = meant(map[string]bool{"again": c.Again, "alone": c.Alone, "final": c.Final, "back": c.Back, "replace": c.Replace, "lift": c.Lift})
	if at != "" {
		if how.At, how.Local, err = desk.Instant(at); err != nil {
			return usagef("--at: %w", err)
		}
	}
	return a.propose(ctx, in, desk, newsroom.Proposal{Kind: manuscripts.Correction, Article: id, How: how}, name)
}

// meant are the refusals that flags say are meant.
func meant(flags map[string]bool) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		if flags[name] {
			all = append(all, name)
		}
	}
	return all
}

// propose hands in a document, with what is beside it.
func (a *app) propose(ctx context.Context, in *installation, desk newsroom.Desk, p newsroom.Proposal, name string) error {
	text, folder, err := a.readFile(name)
	if err != nil {
		return err
	}
	p.Text = text
	m, err := desk.Propose(ctx, p, folder)
	if err != nil {
		return withPersonHint(err)
	}
	return a.printProposed(in, m)
}

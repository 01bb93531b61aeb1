package command

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
)

func newSectionRenameCommand(a *app) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "rename PATH SLUG",
		Short: "Give a section another address in the same place",
		Long: `Give a section another address in the same place. The old addresses of its pages and
feeds, and of everything below it, lead to the new ones for ever; feed readers notice
nothing. The name that its pages show is set by communique section name.`,
		Example: `  communique section rename the-ministry/spokesman spokesperson`,
		Args:    arguments("PATH", "SLUG"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			moved, err := a.desk(in).RenameSection(ctx, args[0], args[1], force)
			if err != nil {
				return err
			}
			return a.printMoved(ctx, in, moved)
		}),
	}
	addForce(c, &force)
	return c
}

func newSectionMoveCommand(a *app) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "move PATH PARENT",
		Short: "Put a section below another one",
		Long: `Put a section, with everything below it, below another one; "/" is the top. Its
articles appear in the pages and feeds of the sections above it and leave those
of the sections that it was below. The old addresses lead to the new ones for
ever. Where two persons are needed and one would be enough above the new place, two are
needed still: the rule goes along.`,
		Example: `  communique section move the-ministry/the-minister/speeches press-room
  communique section move the-ministry/archive /`,
		Args: arguments("PATH", "PARENT"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			desk := a.desk(in)
			slow, err := desk.MovesSlowly(ctx, args[0])
			if err != nil {
				return err
			}
			if slow {
				fmt.Fprintln(a.Stderr, "Many articles move with it: until that is done, nothing can be published.")
			}
			moved, err := desk.MoveSection(ctx, args[0], args[1], force)
			if err != nil {
				return err
			}
			return a.printMoved(ctx, in, moved)
		}),
	}
	addForce(c, &force)
	return c
}

func addForce(c *cobra.Command, force *bool) {
	c.Flags().BoolVar(force, "force", false, "take an address that leads to a section which has moved away from it")
}

func (a *app) printMoved(ctx context.Context, in *installation, moved newsroom.Changed) error {
	a.warnOfNames(moved)
	for _, act := range moved.Kept {
		fmt.Fprintf(a.Stderr, "Fewer persons are enough there for a %s: %s takes as many as before, by a rule of its own. An operator asks for fewer at the desk, and a second person agrees.\n", act, moved.Section.Path)
	}
	return a.acted(ctx, in, takesHold, in.sectionLine(moved.Tree, moved.Section),
		"%s is now %s; the old address and those below it lead there", moved.Before, moved.Section.Path)
}

// warnOfNames tells of what the configuration calls otherwise now.
func (a *app) warnOfNames(changed newsroom.Changed) {
	for _, warning := range changed.Warnings {
		fmt.Fprintf(a.Stderr, "Warning: %s\n", warning)
	}
}

func newSectionRemoveCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "remove PATH",
		Short: "Remove a section that never had an article",
		Long: `Remove a section in which nothing was ever filed, such as one with a mistyped name.
A section that has had articles is closed instead: readers know its address.`,
		Example: `  communique section remove the-ministry/spokesmann`,
		Args:    arguments("PATH"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			removed, err := a.desk(in).RemoveSection(ctx, args[0])
			if err != nil {
				return err
			}
			return a.acted(ctx, in, takesHold, map[string]any{"removed": removed.Section.Path}, "Removed %s", removed.Section.Path)
		}),
	}
}

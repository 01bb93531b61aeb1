package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/press"
)

// manyArticles take their time to move.
const manyArticles = 50_000

func newSectionRenameCommand(a *app) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "rename PATH SLUG",
		Short: "Give a section another address where it is",
		Long: `Give a section another address where it is. The old addresses of its pages and
feeds, and of everything below it, lead to the new ones for ever; feed readers
notice nothing. What it is called on the pages is set by communique section name.`,
		Example: `  communique section rename the-ministry/spokesman spokesperson`,
		Args:    arguments("PATH", "SLUG"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			return a.moveSection(ctx, in, args[0], func(tx *storage.Tx, _ press.Tree, s press.Section) error {
				_, err := tx.MoveSection(s.ID, s.Parent, args[1], force)
				return err
			})
		}),
	}
	takes(c, &force)
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
ever.`,
		Example: `  communique section move the-ministry/the-minister/speeches press-room
  communique section move the-ministry/archive /`,
		Args: arguments("PATH", "PARENT"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			return a.moveSection(ctx, in, args[0], func(tx *storage.Tx, tree press.Tree, s press.Section) error {
				var parent press.Section
				var err error
				if strings.Trim(args[1], "/ ") != "" {
					if parent, err = tree.Resolve(args[1]); err != nil {
						return err
					}
				}
				if n, err := tx.CountListed(s.ID, manyArticles); err != nil {
					return err
				} else if n == manyArticles {
					fmt.Fprintln(a.Stderr, "Many articles move with it: until that is done, nothing can be published.")
				}
				_, err = tx.MoveSection(s.ID, parent.ID, s.Slug, force)
				return err
			})
		}),
	}
	takes(c, &force)
	return c
}

func takes(c *cobra.Command, force *bool) {
	c.Flags().BoolVar(force, "force", false, "take an address that leads to a section that has moved away from it")
}

func (a *app) moveSection(ctx context.Context, in *installation, path string, move func(*storage.Tx, press.Tree, press.Section) error) error {
	var before press.Path
	s, tree, err := in.changeSection(ctx, path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		before = s.Path
		return move(tx, tree, s)
	})
	if err != nil {
		return err
	}
	if a.json {
		return a.object(in.sectionLine(tree, s))
	}
	a.say("%s is now %s; the old address and those below it lead there", before, s.Path)
	return nil
}

package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/press"
)

func newSectionCloseCommand(a *app) *cobra.Command {
	var instead []string
	c := &cobra.Command{
		Use:   "close PATH",
		Short: "End a section",
		Long: `End a section and everything below it: nothing can be filed there any more, it
leaves the navigation, its pages say that it is closed, and its feeds end with
an entry that names where to read on: what --instead says, or the section above.
Its articles stay, with their addresses.`,
		Example: `  communique section close the-ministry/spokesman --instead press-room --instead the-ministry/speeches`,
		Args:    arguments("PATH"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			s, tree, err := in.changeSection(ctx, args[0], func(tx *storage.Tx, tree press.Tree, s press.Section) error {
				var ids []press.SectionID
				for _, path := range instead {
					other, err := tree.Resolve(path)
					if err != nil {
						return fmt.Errorf("--instead: %w", err)
					}
					ids = append(ids, other.ID)
				}
				_, err := tx.CloseSection(s.ID, ids)
				return err
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.object(in.sectionLine(tree, s))
			}
			a.say("Closed %s; its readers are told to read on in %s", s.Path, readOn(tree, s))
			return nil
		}),
	}
	c.Flags().StringArrayVar(&instead, "instead", nil, "a section in which to read on; may be repeated")
	return c
}

// readOn names what a closed section's readers are told.
func readOn(tree press.Tree, s press.Section) string {
	var paths []string
	for _, i := range tree.Instead(s.ID) {
		paths = append(paths, string(i.Path))
	}
	if len(paths) == 0 {
		return "all statements"
	}
	return strings.Join(paths, ", ")
}

func newSectionReopenCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "reopen PATH",
		Short:   "Open a closed section again",
		Example: `  communique section reopen the-ministry/spokesman`,
		Args:    arguments("PATH"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			s, tree, err := in.changeSection(ctx, args[0], func(tx *storage.Tx, _ press.Tree, s press.Section) error {
				_, err := tx.ReopenSection(s.ID)
				return err
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.object(in.sectionLine(tree, s))
			}
			a.say("%s is open again", s.Path)
			return nil
		}),
	}
}

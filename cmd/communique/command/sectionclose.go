package command

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
)

func newSectionCloseCommand(a *app) *cobra.Command {
	var instead []string
	c := &cobra.Command{
		Use:   "close PATH",
		Short: "Close a section",
		Long: `Close a section and everything below it: nothing can be filed there any more, it
leaves the navigation, its pages say that it is closed, and its feeds end with an
entry that says where to read on: in the sections that --instead names, or in the one
above. Its articles stay, with their addresses.`,
		Example: `  communique section close the-ministry/spokesman --instead press-room --instead the-ministry/speeches`,
		Args:    arguments("PATH"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			closed, err := a.desk(in).CloseSection(ctx, args[0], instead...)
			if err != nil {
				return err
			}
			a.warnOfNames(closed)
			switch {
			case closed.Waiting == 1:
				a.warn("A text that is written there at the desk goes out when it says another section.")
			case closed.Waiting > 1:
				a.warn("%d texts that are written there at the desk go out when they say another section.", closed.Waiting)
			}
			return a.acted(ctx, in, takesHold, in.sectionLine(closed.Tree, closed.Section),
				"Closed %s; its readers are told to read on in %s", closed.Section.Path, readOn(closed))
		}),
	}
	c.Flags().StringArrayVar(&instead, "instead", nil, "a section where readers can read on; may be repeated")
	return c
}

// readOn names what a closed section's readers are told.
func readOn(closed newsroom.Changed) string {
	var paths []string
	for _, i := range closed.Tree.Instead(closed.Section.ID) {
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
			opened, err := a.desk(in).ReopenSection(ctx, args[0])
			if err != nil {
				return err
			}
			line := in.sectionLine(opened.Tree, opened.Section)
			if by, closed := opened.Tree.ClosedBy(opened.Section.ID); closed {
				return a.acted(ctx, in, takesHold, line,
					"%s is no longer closed by itself, but %s above it is: communique section reopen %s opens both", opened.Section.Path, by.Path, by.Path)
			}
			return a.acted(ctx, in, takesHold, line, "%s is open again", opened.Section.Path)
		}),
	}
}

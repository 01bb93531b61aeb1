package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
)

func newSectionCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "section",
		Short: "Make, name, move, close, remove and list sections",
		Example: `  communique section add "The Ministry > The Minister > Activities"
  communique section name the-ministry/the-minister --language fr "Le ministre"
  communique section move the-ministry/the-minister/activities the-ministry
  communique section list`,
	}
	c.AddCommand(newSectionAddCommand(a), newSectionNameCommand(a), newSectionRenameCommand(a), newSectionMoveCommand(a),
		newSectionCloseCommand(a), newSectionReopenCommand(a), newSectionRemoveCommand(a), newSectionListCommand(a))
	return c
}

// sectionLine is a section as --json prints it.
type sectionLine struct {
	Path  press.Path                `json:"path"`
	Names map[press.Language]string `json:"names"`
	Depth int                       `json:"depth"`
	URL   string                    `json:"url"`
	// Former are the addresses that lead here since the section was elsewhere.
	Former []press.Path `json:"former,omitempty"`
	Closed *time.Time   `json:"closed,omitempty"`
	// Made is set by add: whether the section is new.
	Made *bool `json:"made,omitempty"`
}

func (in *installation) sectionLine(tree press.Tree, s press.Section) sectionLine {
	line := sectionLine{
		Path: s.Path, Names: s.Names, Depth: len(s.Path.Slugs()) - 1,
		URL: in.site.Section(in.language(), s.Path), Former: tree.FormerPaths(s.ID),
	}
	if by, ok := tree.ClosedBy(s.ID); ok {
		line.Closed = &by.Closed
	}
	return line
}

func newSectionAddCommand(a *app) *cobra.Command {
	var slug, tag string
	var force bool
	c := &cobra.Command{
		Use:   "add PATH",
		Short: "Make the sections of a path that are missing",
		Long: `Make the sections of a path that are missing. The path is their names from the top
down, with " > " between them. Sections that exist stay as they are.

The address of a section is made from its name, in a-z and 0-9; a name without
Latin letters needs --slug. An address from which another section has moved leads
to that section for ever, unless --force takes it.`,
		Example: `  communique section add "The Ministry > The Minister > Activities"
  communique section add --language ar --slug statements "تصريحات"`,
		Args: arguments("PATH"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			lang, err := in.languageOr(tag)
			if err != nil {
				return err
			}
			names := press.SplitNames(args[0])
			if slices.Contains(names, "") {
				return usagef("%q has an empty name; write it like \"The Ministry > The Minister\"", args[0])
			}
			added, err := a.desk(in).AddSections(ctx, names, newsroom.NewSections{Language: lang, Slug: slug, Take: force})
			if _, ok := errors.AsType[*newsroom.NoSlugError](err); ok {
				return usagef("%w: name it with --slug", err)
			}
			if err != nil {
				return err
			}
			return a.printAdded(ctx, in, added)
		}),
	}
	c.Flags().BoolVar(&force, "force", false, "take addresses that lead to sections which have moved away")
	c.Flags().StringVar(&slug, "slug", "", "address of the last section of the path")
	c.Flags().StringVar(&tag, "language", "", "language of the names (default: the site's)")
	return c
}

// languageOr reads a language tag, or takes the site's default.
func (in *installation) languageOr(tag string) (press.Language, error) {
	if tag == "" {
		return in.language(), nil
	}
	lang, err := press.ParseLanguage(tag)
	if err != nil {
		return "", usagef("--language: %w", err)
	}
	return lang, nil
}

func (a *app) printAdded(ctx context.Context, in *installation, added newsroom.Added) error {
	if a.json {
		line := in.sectionLine(press.Tree{}, added.Section)
		isNew := len(added.Made) > 0
		line.Made = &isNew
		return a.objectServed(ctx, in, line)
	}
	for _, s := range added.Made {
		a.say("Made %s", s.Path)
	}
	switch by := added.ClosedBy; {
	case len(added.Made) > 0:
	case by.ID != 0:
		a.say("%s is there already, and closed since %s: communique section reopen %s opens it", added.Section.Path, by.Closed.In(in.config.Zone).Format(time.DateOnly), by.Path)
		return nil
	default:
		a.say("%s is there already", added.Section.Path)
		return nil
	}
	a.sayServing(ctx, in, takesHold)
	return nil
}

func newSectionNameCommand(a *app) *cobra.Command {
	var tag string
	c := &cobra.Command{
		Use:     "name PATH NAME",
		Short:   "Name a section in a language",
		Example: `  communique section name the-ministry/the-minister --language fr "Le ministre"`,
		Args:    arguments("PATH", "NAME"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			lang, err := in.languageOr(tag)
			if err != nil {
				return err
			}
			named, err := a.desk(in).NameSection(ctx, args[0], lang, args[1])
			if err != nil {
				return err
			}
			a.warnOfNames(named)
			return a.acted(ctx, in, takesHold, in.sectionLine(named.Tree, named.Section),
				"%s is called %q in %s", named.Section.Path, named.Section.Names[lang], lang)
		}),
	}
	c.Flags().StringVar(&tag, "language", "", "language of the name (default: the site's)")
	return c
}

func newSectionListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Show the tree of sections",
		Example: `  communique section list`,
		Args:    arguments(),
		RunE: a.atSite(func(ctx context.Context, in *installation, _ []string) (err error) {
			var tree press.Tree
			err = in.store.View(ctx, func(tx *storage.Tx) error {
				tree, err = tx.Tree()
				return err
			})
			if err != nil {
				return err
			}
			return a.printTree(in, tree)
		}),
	}
}

func (a *app) printTree(in *installation, tree press.Tree) (err error) {
	table := newTable("SECTION", "PATH", "OTHER NAMES")
	tree.Walk(func(s press.Section, depth int) {
		if a.json && err == nil {
			err = a.object(in.sectionLine(tree, s))
		}
		name := s.Name(in.language(), in.language())
		if _, closed := tree.ClosedBy(s.ID); closed {
			name += " (closed)"
		}
		table.row(strings.Repeat("  ", depth)+name, string(s.Path), otherNames(s, in.language()))
	})
	if a.json || err != nil {
		return err
	}
	return table.print(a.Stdout)
}

func otherNames(s press.Section, lang press.Language) string {
	var names []string
	for _, l := range sortedLanguages(s.Names) {
		if l != lang {
			names = append(names, fmt.Sprintf("%s: %s", l, s.Names[l]))
		}
	}
	return strings.Join(names, ", ")
}

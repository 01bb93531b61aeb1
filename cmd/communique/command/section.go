package command

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"communique/storage"
	"communique/storage/press"
)

func newSectionCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "section",
		Short: "Make, name, move, close and list the sections",
		Example: `  communique section add "The Ministry > The Minister > Activities"
  communique section name the-ministry/the-minister --language fr "Le ministre"
  communique section move the-ministry/the-minister/activities the-ministry
  communique section list`,
	}
	c.AddCommand(newSectionAddCommand(a), newSectionNameCommand(a), newSectionRenameCommand(a), newSectionMoveCommand(a),
		newSectionCloseCommand(a), newSectionReopenCommand(a), newSectionListCommand(a))
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
		Short: "Make what is missing of a path of sections",
		Long: `Make what is missing of a path of sections, named from the top down with " > "
between. What is there already stays as it is.

The address of a section is made of its name, in a-z and 0-9; a name without
Latin letters needs --slug. An address from which another section has moved
leads there for ever, unless --force takes it.`,
		Example: `  communique section add "The Ministry > The Minister > Activities"
  communique section add --language ar --slug statements "تصريحات"`,
		Args: arguments("PATH"),
		RunE: a.onSite(func(ctx context.Context, in *installation, args []string) error {
			lang, err := in.languageOr(tag)
			if err != nil {
				return err
			}
			names := press.SplitNames(args[0])
			for _, name := range names {
				if name == "" {
					return usagef("%q has an empty name; write it like \"The Ministry > The Minister\"", args[0])
				}
			}
			var made []press.Section
			var last press.Section
			err = in.store.Update(ctx, func(tx *storage.Tx) (err error) {
				last, made, err = addPath(tx, names, slug, lang, force)
				return err
			})
			if err != nil {
				return err
			}
			return a.printAdded(in, last, made)
		}),
	}
	c.Flags().BoolVar(&force, "force", false, "take addresses that lead to sections that have moved away")
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

// addPath walks down a path of names and makes what is missing. slug is the
// last section's, or empty to make it of the name.
func addPath(tx *storage.Tx, names []string, slug string, lang press.Language, force bool) (last press.Section, made []press.Section, err error) {
	tree, err := tx.Tree()
	if err != nil {
		return last, nil, err
	}
	parent := press.Root
	for i, name := range names {
		own := ""
		if i == len(names)-1 {
			own = slug
		}
		s, ok := tree.ChildNamed(parent, name)
		if !ok {
			if s, err = addSection(tx, last, own, lang, name, force); err != nil {
				return last, nil, err
			}
			made = append(made, s)
		} else if own != "" && s.Slug != own {
			return last, nil, fmt.Errorf("%w: the section %q is there already, at %s", press.ErrConflict, name, s.Path)
		}
		parent, last = s.ID, s
	}
	return last, made, nil
}

func addSection(tx *storage.Tx, parent press.Section, slug string, lang press.Language, name string, force bool) (press.Section, error) {
	if slug == "" {
		slug = press.Slug(name)
	}
	if slug == "" {
		return press.Section{}, usagef("%q has no Latin letters to make an address of: name it with --slug", name)
	}
	if force {
		if err := tx.GiveUp(parent.Path.Child(slug)); err != nil {
			return press.Section{}, err
		}
	}
	return tx.AddSection(parent.ID, slug, lang, name)
}

func (a *app) printAdded(in *installation, last press.Section, made []press.Section) error {
	if a.json {
		line := in.sectionLine(press.Tree{}, last)
		isNew := len(made) > 0
		line.Made = &isNew
		return a.object(line)
	}
	for _, s := range made {
		a.say("Made %s", s.Path)
	}
	if len(made) == 0 {
		a.say("%s is there already", last.Path)
	}
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
			named, tree, err := in.changeSection(ctx, args[0], func(tx *storage.Tx, _ press.Tree, s press.Section) error {
				_, err := tx.NameSection(s.ID, lang, args[1])
				return err
			})
			if err != nil {
				return err
			}
			if a.json {
				return a.object(in.sectionLine(tree, named))
			}
			a.say("%s is called %q in %s", named.Path, named.Names[lang], lang)
			return nil
		}),
	}
	c.Flags().StringVar(&tag, "language", "", "language of the name (default: the site's)")
	return c
}

func resolve(tx *storage.Tx, path string) (press.Section, error) {
	tree, err := tx.Tree()
	if err != nil {
		return press.Section{}, err
	}
	return tree.Resolve(path)
}

// changeSection changes the section that a path or names lead to, and returns
// it as it is then, in its tree.
func (in *installation) changeSection(ctx context.Context, path string, change func(*storage.Tx, press.Tree, press.Section) error) (s press.Section, tree press.Tree, err error) {
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		if s, err = tree.Resolve(path); err != nil {
			return err
		}
		if err := change(tx, tree, s); err != nil {
			return err
		}
		tree, err = tx.Tree()
		s, _ = tree.Section(s.ID)
		return err
	})
	return s, tree, err
}

func newSectionListCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "Show the tree of sections",
		Example: `  communique section list`,
		Args:    arguments(),
		RunE: a.onSite(func(ctx context.Context, in *installation, _ []string) (err error) {
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

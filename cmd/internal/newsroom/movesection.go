package newsroom

import (
	"context"
	"strings"

	"communique/storage"
	"communique/storage/press"
)

// RenameSection gives a section another slug where it is. The old addresses, and
// those of everything below it, lead to the new ones for ever. An address from which
// another section has moved is press.ErrConflict, unless take takes it.
func (d Desk) RenameSection(ctx context.Context, path, slug string, take bool) (Changed, error) {
	return d.changeSection(ctx, "section renamed", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		if err := checkAddress(tree, s.Parent, s.ID, slug); err != nil {
			return err
		}
		_, err := tx.MoveSection(s.ID, s.Parent, slug, take)
		return err
	})
}

// MoveSection puts a section, with everything below it, below another one; "/" is
// the top. Addresses are as in [Desk.RenameSection].
func (d Desk) MoveSection(ctx context.Context, path, parent string, take bool) (Changed, error) {
	return d.changeSection(ctx, "section moved", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
		above := press.Section{ID: press.Root}
		if strings.Trim(parent, "/ ") != "" {
			var err error
			if above, _, err = findSection(tree, parent); err != nil {
				return err
			}
		}
		if err := checkAddress(tree, above.ID, s.ID, s.Slug); err != nil {
			return err
		}
		for _, name := range s.Names {
			if err := checkSiblings(tree, above.ID, s.ID, name); err != nil {
				return err
			}
		}
		_, err := tx.MoveSection(s.ID, above.ID, s.Slug, take)
		return err
	})
}

// manyArticles take their time to move.
const manyArticles = 50_000

// MovesSlowly tells whether moving a section takes so long that an editor should know
// before: until it is done, nothing can be published.
func (d Desk) MovesSlowly(ctx context.Context, path string) (slow bool, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		tree, err := tx.Tree()
		if err != nil {
			return err
		}
		s, _, err := findSection(tree, path)
		if err != nil {
			return err
		}
		n, err := tx.CountListed(s.ID, manyArticles)
		slow = n == manyArticles
		return err
	})
	return slow, err
}

package newsroom

import (
	"context"
	"strings"

	"communique/storage"
	"communique/storage/people"
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
// the top. Addresses are as in [Desk.RenameSection]. Where fewer persons would be enough there than
// were before, the section keeps its rule as one of its own: fewer are enough once a second person
// has agreed, as everywhere; see [Desk.SetPersons]. Kept are the acts of which that is so.
func (d Desk) MoveSection(ctx context.Context, path, parent string, take bool) (c Changed, err error) {
	var kept []people.Act
	c, err = d.changeSection(ctx, "section moved", path, func(tx *storage.Tx, tree press.Tree, s press.Section) error {
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
		if _, err := tx.MoveSection(s.ID, above.ID, s.Slug, take); err != nil {
			return err
		}
		var err error
		kept, err = d.keepRules(tx, tree, s.ID)
		return err
	})
	c.Kept = kept
	return c, err
}

// keepRules has a section that was moved keep the rules that would be looser where it is now.
func (d Desk) keepRules(tx *storage.Tx, before press.Tree, section press.SectionID) (kept []people.Act, err error) {
	rules, err := tx.Rules()
	if err != nil || len(rules) == 0 {
		return nil, err
	}
	now, err := tx.Tree()
	if err != nil {
		return nil, err
	}
	for _, act := range people.Acts() {
		took, takes := holding(rules, before, act, section).Persons, holding(rules, now, act, section).Persons
		if takes >= took {
			continue
		}
		if err := tx.SetRule(section, act, took); err != nil {
			return nil, err
		}
		if err := d.Note(tx, "kept how many persons it takes", ruleName(section, act), personsFacts(took, took)); err != nil {
			return nil, err
		}
		kept = append(kept, act)
	}
	return kept, nil
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

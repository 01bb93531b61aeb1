package newsdesk

import (
	"fmt"
	"slices"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// MoveSection puts a section, with all below it, below a parent under a slug;
// with the parent that it has it is renamed. Its old addresses, and those of
// everything below, lead to the new ones for ever. Articles, feed ids and what
// the sections that it leaves have in their archives stay.
//
// An address that another section has is press.ErrConflict, and so is one from
// which another has moved, unless take says that it leads there no more, and
// the very place where the section is.
func (tx *Tx) MoveSection(id, parent press.SectionID, slug string, take bool) (press.Entry, error) {
	if err := press.CheckSlug(slug); err != nil {
		return press.Entry{}, fmt.Errorf("%w slug: %w", press.ErrInvalid, err)
	}
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return press.Entry{}, err
	}
	section, ok := tree.Section(id)
	if !ok {
		return press.Entry{}, fmt.Errorf("%w: there is no section %d", press.ErrNotFound, id)
	}
	to, err := tx.destination(tree, section, parent, slug)
	if err == nil && !take {
		err = tx.checkFree(subtree(tree, id), section.Path, to)
	}
	if err != nil {
		return press.Entry{}, fmt.Errorf("move section %s: %w", section.Path, err)
	}
	e, err := tx.log.AppendToTree(id)
	if err != nil {
		return e, err
	}
	if err := tx.log.MarkNames(e); err != nil {
		return e, err
	}
	if err := tx.log.TouchNames(e, id); err != nil { // where it was
		return e, err
	}
	for _, name := range section.Names {
		if parent == section.Parent {
			break // it is called as before
		}
		if err := tx.leavePlace(press.Place{Parent: section.Parent, Name: name}, id); err != nil {
			return e, err
		}
	}
	if err := tx.db.Exec(`UPDATE sections SET parent = $1, slug = $2 WHERE id = $3`, parent, slug, id); err != nil {
		return e, fmt.Errorf("move section %s: %w", section.Path, err)
	}
	if err := tx.changePaths(subtree(tree, id), section.Path, to); err != nil {
		return e, err
	}
	if err := tx.changeAncestors(e, id, ancestors(tree, section.Parent), ancestors(tree, parent)); err != nil {
		return e, err
	}
	return e, tx.log.TouchNames(e, id) // where it is
}

// destination is the path that a section would have, if it can have it.
func (tx *Tx) destination(tree press.Tree, section press.Section, parent press.SectionID, slug string) (press.Path, error) {
	above, ok := tree.Section(parent)
	if !ok && parent != press.Root {
		return "", fmt.Errorf("%w: there is no section %d", press.ErrNotFound, parent)
	}
	to := above.Path.Child(slug)
	if slices.Contains(ancestors(tree, parent), section.ID) {
		return "", fmt.Errorf("%w place: %s is the section itself or below it: name another place", press.ErrInvalid, above.Path)
	}
	if other, taken := tree.ByPath(to); taken && other.ID == section.ID {
		return "", fmt.Errorf("%w: it is there already", press.ErrConflict)
	} else if taken {
		return "", fmt.Errorf("%w: the section %s exists: take another address", press.ErrConflict, to)
	}
	if parent != section.Parent && parent != press.Root {
		if err := tx.CheckOpen(parent); err != nil {
			return "", err
		}
	}
	return to, nil
}

// checkFree refuses new paths from which others have moved.
func (tx *Tx) checkFree(sections []press.Section, from, to press.Path) error {
	for _, s := range sections {
		if err := tx.checkUnclaimed(moved(s.Path, from, to), s.ID); err != nil {
			return err
		}
	}
	return nil
}

// moved is a path that begins with from, as it is when that has become to.
func moved(path, from, to press.Path) press.Path {
	return to + press.Path(strings.TrimPrefix(string(path), string(from)))
}

// subtree is a section and all below it.
func subtree(tree press.Tree, id press.SectionID) []press.Section {
	section, _ := tree.Section(id)
	all := []press.Section{section}
	for _, c := range tree.Children(id) {
		all = append(all, subtree(tree, c.ID)...)
	}
	return all
}

// ancestors is a section with all above it and the root.
func ancestors(tree press.Tree, id press.SectionID) []press.SectionID {
	all := []press.SectionID{press.Root}
	for _, s := range tree.Trail(id) {
		all = append(all, s.ID)
	}
	return all
}

// changePaths gives sections their new paths and keeps the old ones.
func (tx *Tx) changePaths(sections []press.Section, from, to press.Path) error {
	for _, s := range sections {
		path := moved(s.Path, from, to)
		if err := tx.GiveUp(path); err != nil { // its own, if it comes back
			return err
		}
		if err := tx.db.Exec(`UPDATE sections SET path = $1 WHERE id = $2`, path, s.ID); err != nil {
			return fmt.Errorf("move section %s to %s: %w", s.Path, path, err)
		}
		if err := tx.leave(s.Path, s.ID); err != nil {
			return err
		}
	}
	return nil
}

// changeAncestors takes a section, all below it and their articles from the
// sections that they were below, and puts them below others.
func (tx *Tx) changeAncestors(e press.Entry, id press.SectionID, before, after []press.SectionID) error {
	for _, above := range before {
		if !slices.Contains(after, above) {
			if err := tx.leaveAncestor(e, id, above); err != nil {
				return fmt.Errorf("take section %d from below %d: %w", id, above, err)
			}
		}
	}
	for _, above := range after {
		if !slices.Contains(before, above) {
			if err := tx.joinAncestor(e, id, above); err != nil {
				return fmt.Errorf("put section %d below %d: %w", id, above, err)
			}
		}
	}
	return nil
}

// mostLeaving is how many articles in a language are told to have left a section with the
// one that they are in: as many as a feed can tell.
const mostLeaving = 500

func (tx *Tx) leaveAncestor(e press.Entry, id, above press.SectionID) error {
	// Whoever got them there is to learn of it there, as of one that is moved alone.
	err := tx.db.Exec(`UPDATE positions SET changed = $1, told = $2 WHERE section = $3 AND withdrawn = 0 AND (article, language) IN (
			SELECT article, language FROM (
				SELECT article, language, ROW_NUMBER() OVER (PARTITION BY language ORDER BY published DESC, article DESC) AS place
				FROM section_articles WHERE section = $4) newest WHERE place <= $5)`,
		e.Seq, kernel.Micros(e.At), above, id, mostLeaving)
	if err != nil {
		return err
	}
	err = tx.db.Exec(`DELETE FROM section_articles WHERE section = $1 AND (language, published, article) IN
		(SELECT language, published, article FROM section_articles WHERE section = $2)`, above, id)
	if err != nil {
		return err
	}
	return tx.db.Exec(`DELETE FROM section_ancestors WHERE ancestor = $1 AND section IN
		(SELECT section FROM section_ancestors WHERE ancestor = $2)`, above, id)
}

func (tx *Tx) joinAncestor(e press.Entry, id, above press.SectionID) error {
	err := tx.db.Exec(`INSERT INTO section_ancestors (section, ancestor)
		SELECT section, CAST($1 AS BIGINT) FROM section_ancestors WHERE ancestor = $2`, above, id)
	if err != nil {
		return err
	}
	err = tx.db.Exec(`INSERT INTO section_articles (section, language, published, article, kind)
		SELECT CAST($1 AS BIGINT), language, published, article, kind FROM section_articles WHERE section = $2`, above, id)
	if err != nil {
		return err
	}
	// Those that were there before have their positions.
	return tx.db.Exec(`INSERT INTO positions (section, language, position, article, joined, changed, withdrawn)
		SELECT CAST($1 AS BIGINT), s.language,
			COALESCE((SELECT MAX(p.position) FROM positions p WHERE p.section = $1 AND p.language = s.language), 0)
				+ ROW_NUMBER() OVER (PARTITION BY s.language ORDER BY s.published, s.article),
			s.article, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0
		FROM section_articles s WHERE s.section = $2 AND NOT EXISTS
			(SELECT 1 FROM positions p WHERE p.article = s.article AND p.section = $1 AND p.language = s.language)`,
		above, id, e.Seq)
}

package newsdesk

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// RemoveSection forgets a section in which nothing was ever filed but drafts that were
// cancelled, of which nobody has read. It returns press.ErrConflict if something was, also something that was moved or withdrawn
// since; if there are sections below it; and if readers of a closed one are referred
// to it. Its number is never given again: feeds and subscriptions are known by it.
func (tx *Tx) RemoveSection(id press.SectionID) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	tree, err := tx.Tree()
	if err != nil {
		return press.Entry{}, err
	}
	s, ok := tree.Section(id)
	if !ok {
		return press.Entry{}, fmt.Errorf("%w: there is no section %d", press.ErrNotFound, id)
	}
	if err := tx.checkUnused(tree, s); err != nil {
		return press.Entry{}, err
	}
	e, err := tx.log.AppendToTree(id)
	if err == nil {
		err = tx.rehouseCancelled(id)
	}
	if err == nil {
		err = tx.log.MarkNames(e)
	}
	if err == nil {
		err = tx.log.TouchNames(e, id)
	}
	if err == nil {
		err = tx.log.ForgetSection(id)
	}
	if err == nil {
		err = tx.noteRemoved(id)
	}
	for _, forget := range []string{
		`DELETE FROM section_aliases WHERE section = $1`, `DELETE FROM section_names WHERE section = $1`,
		`DELETE FROM section_places WHERE section = $1 OR parent = $1`,
		`DELETE FROM section_ancestors WHERE section = $1`, `DELETE FROM sections WHERE id = $1`,
	} {
		if err == nil {
			err = tx.db.Exec(forget, id)
		}
	}
	if err != nil {
		return e, fmt.Errorf("remove section %s: %w", s.Path, err)
	}
	return e, nil
}

func (tx *Tx) checkUnused(tree press.Tree, s press.Section) error {
	if below := tree.Children(s.ID); len(below) > 0 {
		return fmt.Errorf("%w: there are sections below %s, such as %s: remove those first", press.ErrConflict, s.Path, below[0].Path)
	}
	var led error
	tree.Walk(func(other press.Section, _ int) {
		if led == nil && slices.Contains(other.Instead, s.ID) {
			led = fmt.Errorf("%w: readers of %s, which is closed, are referred to %s: reopen %s and close it with another --instead first",
				press.ErrConflict, other.Path, s.Path, other.Path)
		}
	})
	if led != nil {
		return led
	}
	var articles int
	err := tx.db.Row(`SELECT (SELECT COUNT(*) FROM revisions r JOIN articles a ON a.id = r.article WHERE r.section = $1 AND a.state <> 'cancelled')
		+ (SELECT COUNT(*) FROM articles WHERE section = $1 AND state <> 'cancelled')
		+ (SELECT COUNT(*) FROM positions WHERE section = $1)`, s.ID).Scan(&articles)
	if err != nil {
		return fmt.Errorf("look for articles of section %s: %w", s.Path, err)
	}
	if articles > 0 {
		return fmt.Errorf("%w: the section %s has had articles or drafts, and readers may know its address: close it instead", press.ErrConflict, s.Path)
	}
	return tx.checkHousing(s)
}

// checkHousing refuses to remove the only section if drafts in it were cancelled: their rows
// must have one.
func (tx *Tx) checkHousing(s press.Section) error {
	alone, err := tx.db.Any(`SELECT 1 FROM articles WHERE section = $1 AND NOT EXISTS (SELECT 1 FROM sections WHERE id <> $1)`, s.ID)
	if err == nil && alone {
		err = fmt.Errorf("%w: %s is the only section, and drafts in it were cancelled: add another one first", press.ErrConflict, s.Path)
	}
	return err
}

// rehouseCancelled takes cancelled drafts out of a section. They say no section then; only
// their rows must have one.
func (tx *Tx) rehouseCancelled(id press.SectionID) error {
	for _, table := range []string{
		`UPDATE revisions SET section = 0 WHERE section = $1`,
		`UPDATE articles SET section = (SELECT MIN(id) FROM sections WHERE id <> $1) WHERE section = $1`,
	} {
		if err := tx.db.Exec(table, id); err != nil {
			return fmt.Errorf("put cancelled drafts elsewhere: %w", err)
		}
	}
	return nil
}

// factRemoved is the highest number of a section that was removed.
const factRemoved = "removed_section"

func (tx *Tx) removed() (press.SectionID, error) {
	text, err := tx.db.Fact(factRemoved)
	if errors.Is(err, press.ErrNotFound) {
		return press.Root, nil
	}
	if err != nil {
		return press.Root, err
	}
	id, err := strconv.ParseInt(text, 10, 64)
	return press.SectionID(id), err
}

func (tx *Tx) noteRemoved(id press.SectionID) error {
	before, err := tx.removed()
	if err != nil {
		return err
	}
	return tx.db.SetFact(factRemoved, strconv.FormatInt(int64(max(before, id)), 10))
}

// newSectionID is a number that no section has or had.
func (tx *Tx) newSectionID() (press.SectionID, error) {
	removed, err := tx.removed()
	if err != nil {
		return press.Root, err
	}
	var highest press.SectionID
	if err := tx.db.Row(`SELECT COALESCE(MAX(id), 0) FROM sections`).Scan(&highest); err != nil {
		return press.Root, fmt.Errorf("number a section: %w", kernel.NotFound(err, "there is none"))
	}
	return max(removed, highest) + 1, nil
}

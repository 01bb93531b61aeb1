package newsdesk

import (
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/press"
)

// formerPaths reads where sections were in the past. What is read is the
// section, not its next path: a chain of moves leads to where it is now.
func (tx *Tx) formerPaths() (map[press.Path]press.SectionID, error) {
	former := map[press.Path]press.SectionID{}
	err := tx.db.Each(func(scan func(...any) error) error {
		var path press.Path
		var id press.SectionID
		err := scan(&path, &id)
		former[path] = id
		return err
	}, `SELECT path, section FROM section_aliases`)
	if err != nil {
		return nil, fmt.Errorf("read former addresses: %w", err)
	}
	return former, nil
}

// checkUnclaimed refuses a path from which another section has moved away:
// readers who know it from there would be given something else.
func (tx *Tx) checkUnclaimed(path press.Path, id press.SectionID) error {
	var to press.Path
	err := tx.db.Row(`SELECT s.path FROM section_aliases a JOIN sections s ON s.id = a.section
		WHERE a.path = $1 AND a.section <> $2`, path, id).Scan(&to)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("read former addresses: %w", err)
	}
	return fmt.Errorf("%w: the address %s leads to %s, which was there before; --force takes it", press.ErrConflict, path, to)
}

// GiveUp forgets that a section was at a path in the past, so that another can
// take the path. Whoever knows the old address is led there no more.
func (tx *Tx) GiveUp(path press.Path) error {
	if err := tx.db.Exec(`DELETE FROM section_aliases WHERE path = $1`, path); err != nil {
		return fmt.Errorf("give up the address %s: %w", path, err)
	}
	return nil
}

// leave makes a section's old path lead to it.
func (tx *Tx) leave(path press.Path, id press.SectionID) error {
	err := tx.db.Exec(`INSERT INTO section_aliases (path, section) VALUES ($1, $2)
		ON CONFLICT (path) DO UPDATE SET section = excluded.section`, path, id)
	if err != nil {
		return fmt.Errorf("keep the address %s: %w", path, err)
	}
	return nil
}

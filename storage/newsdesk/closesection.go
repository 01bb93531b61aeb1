package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// CheckOpen checks that articles can be filed in a section. It returns
// press.ErrNotFound if there is none, and press.ErrConflict if it or one above it
// is closed.
func (tx *Tx) CheckOpen(id press.SectionID) error {
	if err := tx.checkSection(id); err != nil {
		return err
	}
	var path press.Path
	var closed int64
	err := tx.db.Each(func(scan func(...any) error) error { return scan(&path, &closed) },
		`SELECT s.path, s.closed FROM section_ancestors a JOIN sections s ON s.id = a.ancestor
		WHERE a.section = $1 AND s.closed > 0 ORDER BY LENGTH(s.path) DESC LIMIT 1`, id)
	if err != nil {
		return fmt.Errorf("read section %d: %w", id, err)
	}
	if closed > 0 {
		return fmt.Errorf("%w: the section %s has been closed since %s: nothing can be filed there; file in another, or reopen it", press.ErrConflict,
			path, kernel.Instant(closed).Format(time.DateOnly))
	}
	return nil
}

// CloseSection ends a section and all below it: nothing can be filed there any
// more, its pages and feeds say so and name what is there instead (without any,
// the section above). Its articles and addresses stay. It returns
// press.ErrConflict if the section is closed already, or articles under embargo
// wait there.
func (tx *Tx) CloseSection(id press.SectionID, instead []press.SectionID) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	if err := tx.CheckOpen(id); err != nil {
		return press.Entry{}, err
	}
	for _, other := range instead {
		if err := tx.checkInstead(id, other); err != nil {
			return press.Entry{}, err
		}
	}
	var waiting int
	err := tx.db.Row(`SELECT COUNT(*) FROM articles a JOIN section_ancestors s ON s.section = a.section
		WHERE s.ancestor = $1 AND a.state = 'embargoed'`, id).Scan(&waiting)
	if err != nil {
		return press.Entry{}, fmt.Errorf("read section %d: %w", id, err)
	}
	if waiting > 0 {
		return press.Entry{}, fmt.Errorf("%w: articles under embargo wait in the section (%d of them): file them elsewhere or withdraw them first", press.ErrConflict, waiting)
	}
	return tx.setClosed(id, tx.db.Now(), instead)
}

// checkInstead refuses what is closed, or about to be.
func (tx *Tx) checkInstead(id, other press.SectionID) error {
	if err := tx.CheckOpen(other); err != nil {
		return err
	}
	var below int
	err := tx.db.Row(`SELECT COUNT(*) FROM section_ancestors WHERE section = $1 AND ancestor = $2`, other, id).Scan(&below)
	if err != nil {
		return fmt.Errorf("read section %d: %w", other, err)
	}
	if below > 0 {
		return fmt.Errorf("%w place: what is there instead of a section must not be closed with it: name one that stays open", press.ErrInvalid)
	}
	return nil
}

// ReopenSection undoes [Tx.CloseSection]. It returns press.ErrConflict if the
// section was not closed itself.
func (tx *Tx) ReopenSection(id press.SectionID) (press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Entry{}, err
	}
	var closed int64
	if err := tx.db.Row(`SELECT closed FROM sections WHERE id = $1`, id).Scan(&closed); err != nil {
		return press.Entry{}, fmt.Errorf("reopen section: %w", kernel.NotFound(err, "there is no section %d", id))
	}
	if closed == 0 {
		return press.Entry{}, fmt.Errorf("%w: the section was not closed itself", press.ErrConflict)
	}
	return tx.setClosed(id, time.Time{}, nil)
}

func (tx *Tx) setClosed(id press.SectionID, at time.Time, instead []press.SectionID) (press.Entry, error) {
	e, err := tx.log.AppendToTree(id)
	if err != nil {
		return e, err
	}
	if err := tx.log.TouchNames(e, id); err != nil {
		return e, err
	}
	err = tx.db.Exec(`UPDATE sections SET closed = $1, instead = $2 WHERE id = $3`, kernel.Micros(at), kernel.List(instead), id)
	if err != nil {
		return e, fmt.Errorf("close section %d: %w", id, err)
	}
	return e, nil
}

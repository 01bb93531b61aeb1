package manuscripts

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Unsaved is what somebody has typed in a form and not saved.
type Unsaved struct {
	Person     string
	Form       string // its name, of somebody's own making; see [press.RandomToken]
	Manuscript string // empty of something new
	On         int    // the revision that they had before them
	At         time.Time
	Document   []byte // as the form has it
}

// Limits of what is kept unsaved.
const (
	MaxUnsaved      = 20                    // forms of a person; the oldest of more goes
	MaxUnsavedBytes = press.MaxBody * 3 * 2 // of one: a form writes a text longer than a document does
	UnsavedFor      = 30 * 24 * time.Hour
)

// KeepUnsaved keeps what somebody has typed in a form, in place of what they had typed there
// before. If its manuscript was given up, nothing is kept and the error is press.ErrConflict.
func (tx *Tx) KeepUnsaved(u Unsaved) error {
	if len(u.Document) > MaxUnsavedBytes {
		return fmt.Errorf("%w document: larger than %d MiB", press.ErrInvalid, MaxUnsavedBytes>>20)
	}
	if u.Manuscript != "" {
		m, err := tx.Manuscript(u.Manuscript)
		if err != nil {
			return err
		}
		if m.State == Cancelled {
			return fmt.Errorf("%w: manuscript %s was %s", press.ErrConflict, m.ID, m.State)
		}
	}
	err := tx.db.Exec(`INSERT INTO unsaved (person, form, manuscript, revision, at, document) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (person, form) DO UPDATE SET manuscript = excluded.manuscript, revision = excluded.revision, at = excluded.at, document = excluded.document`,
		u.Person, u.Form, u.Manuscript, u.On, kernel.Micros(tx.db.Now()), u.Document)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM unsaved WHERE person = $1 AND form IN (SELECT form FROM unsaved WHERE person = $1 ORDER BY at DESC, form LIMIT 1000 OFFSET $2)`, u.Person, MaxUnsaved)
	}
	if err != nil {
		return fmt.Errorf("keep what was typed: %w", err)
	}
	return nil
}

// UnsavedBy reads what somebody has typed in a form; press.ErrNotFound if nothing is kept.
func (tx *Tx) UnsavedBy(person, form string) (u Unsaved, err error) {
	var at int64
	u.Person, u.Form = person, form
	err = tx.db.Row(`SELECT manuscript, revision, at, document FROM unsaved WHERE person = $1 AND form = $2`, person, form).Scan(&u.Manuscript, &u.On, &at, &u.Document)
	if err != nil {
		return u, fmt.Errorf("read what was typed: %w", kernel.NotFound(err, "nothing is kept of this form"))
	}
	u.At = kernel.Instant(at)
	return u, nil
}

// UnsavedIn reads who has typed in a manuscript and not saved, the last first, without what:
// they are those who are at it.
func (tx *Tx) UnsavedIn(manuscript string) ([]Unsaved, error) {
	return tx.unsaved(`manuscript = $1`, manuscript)
}

// UnsavedOf reads where somebody has typed and not saved, the last first, without what.
func (tx *Tx) UnsavedOf(person string) ([]Unsaved, error) {
	return tx.unsaved(`person = $1`, person)
}

func (tx *Tx) unsaved(where string, args ...any) (all []Unsaved, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var u Unsaved
		var at int64
		err := scan(&u.Person, &u.Form, &u.Manuscript, &u.On, &at)
		u.At = kernel.Instant(at)
		all = append(all, u)
		return err
	}, `SELECT person, form, manuscript, revision, at FROM unsaved WHERE `+where+` ORDER BY at DESC, person, form LIMIT 200`, args...)
	if err != nil {
		return nil, fmt.Errorf("read who has typed: %w", err)
	}
	return all, nil
}

// DropUnsaved keeps no longer what somebody has typed in a form.
func (tx *Tx) DropUnsaved(person, form string) error {
	if err := tx.db.Exec(`DELETE FROM unsaved WHERE person = $1 AND form = $2`, person, form); err != nil {
		return fmt.Errorf("drop what was typed: %w", err)
	}
	return nil
}

// DropUnsavedOf forgets all that somebody typed and did not save, as when they work here no
// longer: nobody else is shown it.
func (tx *Tx) DropUnsavedOf(person string) error {
	if err := tx.db.Exec(`DELETE FROM unsaved WHERE person = $1`, person); err != nil {
		return fmt.Errorf("forget what somebody typed: %w", err)
	}
	return nil
}

// DropOldUnsaved keeps no longer what was typed [UnsavedFor] ago.
func (tx *Tx) DropOldUnsaved() error {
	if err := tx.db.Exec(`DELETE FROM unsaved WHERE at < $1`, kernel.Micros(tx.db.Now().Add(-UnsavedFor))); err != nil {
		return fmt.Errorf("drop what was typed long ago: %w", err)
	}
	return nil
}

package audience

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Flag is a report that another server sent about us or our articles.
type Flag struct {
	ID       string // random
	Activity string
	Actor    string   // often the server's own, to hide who reported
	Content  string   // plain text
	Objects  []string // what of ours is reported
	At       time.Time
}

// AddFlag keeps a report; one that is known changes nothing.
func (tx *Tx) AddFlag(f Flag) error {
	id := press.RandomToken()
	if f.Activity == "" {
		f.Activity = id // without a name of its own it is never the same as another
	}
	err := tx.db.Exec(`INSERT INTO flags (id, activity, actor, content, objects, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (activity) DO NOTHING`, id, f.Activity, f.Actor, f.Content, kernel.List(f.Objects), kernel.Micros(tx.db.Now()))
	if err != nil {
		return fmt.Errorf("store the report %s: %w", f.Activity, err)
	}
	return nil
}

// Flags reads up to limit reports, the oldest first, after one; the zero
// flag is the start.
func (tx *Tx) Flags(after Flag, limit int) ([]Flag, error) {
	var all []Flag
	err := tx.db.Each(func(scan func(...any) error) error {
		var f Flag
		var at int64
		var objects string
		if err := scan(&f.ID, &f.Activity, &f.Actor, &f.Content, &objects, &at); err != nil {
			return err
		}
		f.At = kernel.Instant(at)
		if err := kernel.Unlist(objects, &f.Objects); err != nil {
			return fmt.Errorf("objects of report %s: %w", f.ID, err)
		}
		all = append(all, f)
		return nil
	}, `SELECT id, activity, actor, content, objects, at FROM flags WHERE (at, id) > ($1, $2) ORDER BY at, id LIMIT $3`,
		kernel.Micros(after.At), after.ID, limit)
	if err != nil {
		return nil, fmt.Errorf("read reports: %w", err)
	}
	return all, nil
}

// RemoveFlag forgets a report that was seen to; an unknown one is
// press.ErrNotFound.
func (tx *Tx) RemoveFlag(id string) error {
	var one int
	if err := tx.db.Row(`DELETE FROM flags WHERE id = $1 RETURNING 1`, id).Scan(&one); err != nil {
		return fmt.Errorf("remove report: %w", kernel.NotFound(err, "there is no report %s", id))
	}
	return nil
}

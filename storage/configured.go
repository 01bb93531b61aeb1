package storage

import (
	"context"
	"errors"
	"time"

	"communique/storage/press"
)

// Show notes under which build and configuration everything is shown, by their
// fingerprint, and returns since when: what they have changed is newer than every entry
// of the log that is older.
func (s *Store) Show(ctx context.Context, fingerprint string) (since time.Time, err error) {
	read := func(tx *Tx) (err error) {
		since, err = tx.ConfiguredSince(fingerprint)
		return err
	}
	if err = s.View(ctx, read); !errors.Is(err, press.ErrNotFound) {
		return since, err
	}
	err = s.Update(ctx, func(tx *Tx) error {
		if err := tx.Configured(fingerprint); err != nil {
			return err
		}
		return read(tx)
	})
	return since, err
}

// DateIn makes the days of articles begin as they do in the zone of the site, and
// returns how many have moved: see DateIn of the newsdesk. It writes only if the zone
// has changed.
func (s *Store) DateIn(ctx context.Context, zone *time.Location) (moved int, err error) {
	same := false
	err = s.View(ctx, func(tx *Tx) (err error) {
		same, err = tx.DatedIn(zone)
		return err
	})
	if err != nil || same {
		return 0, err
	}
	err = s.Update(ctx, func(tx *Tx) (err error) {
		moved, err = tx.DateIn(zone)
		return err
	})
	return moved, err
}

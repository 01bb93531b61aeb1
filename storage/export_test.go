package storage

import (
	"context"

	"communique/storage/migrations"
)

// Migrate brings the schema to where a later program would.
func (s *Store) Migrate(ctx context.Context, later ...migrations.Migration) error {
	all, err := migrations.All("sqlite")
	if err != nil {
		return err
	}
	return migrate(ctx, s.db, append(all, later...))
}

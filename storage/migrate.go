package storage

import (
	"context"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/migrations"
)

// NewerSchemaError says that the database was written by a later version of
// the program.
type NewerSchemaError struct{ Found, Known int }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d, this program knows up to %d: use the newer program, or restore a backup that is older than the upgrade", e.Found, e.Known)
}

const schemaTable = `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)`

// migrate brings the schema up to date.
func migrate(ctx context.Context, db *kernel.DB, engine string) error {
	all, err := migrations.All(engine)
	if err != nil {
		return err
	}
	for {
		done, err := migrateOnce(ctx, db, all)
		if err != nil || done {
			return err
		}
	}
}

// migrateOnce takes the next step in a transaction of its own, so that two
// processes that start together do each step once.
func migrateOnce(ctx context.Context, db *kernel.DB, all []migrations.Migration) (done bool, err error) {
	err = db.Update(ctx, func(tx *kernel.Tx) error {
		if err := tx.Exec(schemaTable); err != nil {
			return fmt.Errorf("prepare the schema: %w", err)
		}
		var version int
		if err := tx.Row(`SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&version); err != nil {
			return fmt.Errorf("read the schema version: %w", err)
		}
		if version > len(all) {
			return &NewerSchemaError{Found: version, Known: len(all)}
		}
		if done = version == len(all); done {
			return nil
		}
		return take(tx, all[version])
	})
	return done, err
}

func take(tx *kernel.Tx, step migrations.Migration) error {
	err := tx.Script(step.SQL)
	if err == nil && step.Fill != nil {
		err = step.Fill(tx)
	}
	if err == nil {
		err = tx.Exec(`INSERT INTO schema_version (version) VALUES ($1)`, step.Version)
	}
	if err != nil {
		return fmt.Errorf("migration %s: %w", step.Name, err)
	}
	return nil
}

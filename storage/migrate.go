package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/migrations"
)

// NewerSchemaError says that a later version of the program has made of the database what
// this one cannot work on.
type NewerSchemaError struct {
	Found, Known int
	// Oldest is the schema that a program must know at least.
	Oldest int
}

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d, for programs that know %d at least, this program knows up to %d: use the newer program, or restore a backup that is older than the upgrade", e.Found, e.Oldest, e.Known)
}

// OlderProgramError says that a program serves the database which cannot work on what this
// one would make of it.
type OlderProgramError struct{ Name, Version string }

func (e *OlderProgramError) Error() string {
	return fmt.Sprintf("%s serves the database with version %s, which is too old to share it with this one: upgrade that server to a version in between first, or stop it; one that died is known for a quarter of a minute", e.Name, e.Version)
}

const schemaTable = `CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY)`

// migrate brings the schema up to date, unless it is further already. It is done by one
// program behind all that write, step by step, while others serve.
func migrate(ctx context.Context, db *kernel.DB, all []migrations.Migration) error {
	for began := -1; ; {
		done, err := migrateOnce(ctx, db, all, &began)
		switch {
		case errors.Is(err, errBehind):
			if err := beginUpgrade(ctx, began); err != nil {
				return err
			}
		case err != nil || done:
			return err
		}
	}
}

var (
	// errUpToDate ends a transaction that has nothing to write.
	errUpToDate = errors.New("the schema is up to date")
	// errBehind ends the first one of an upgrade: what comes before may take long.
	errBehind = errors.New("the schema is to be brought up to date")
)

// migrateOnce takes the next step in a transaction of its own, so that two
// processes that start together do each step once. began is the schema at which these steps
// began; negative before the first.
func migrateOnce(ctx context.Context, db *kernel.DB, all []migrations.Migration, began *int) (done bool, err error) {
	err = db.Update(ctx, func(tx *kernel.Tx) error {
		if err := tx.Exec(schemaTable); err != nil {
			return fmt.Errorf("prepare the schema: %w", err)
		}
		found, err := readSchema(tx)
		if err != nil {
			return err
		}
		if found.version >= len(all) {
			if err := found.fits(len(all)); err != nil {
				return err
			}
			return errUpToDate // every command comes here, and none need wait for the disk
		}
		if *began < 0 {
			*began = found.version
			return errBehind
		}
		return take(ctx, tx, found, all[found.version], Upgrade{Step: found.version - *began + 1, Steps: len(all) - *began})
	})
	if errors.Is(err, errUpToDate) {
		return true, nil
	}
	return false, err
}

// schema is how far a database was brought.
type schema struct{ version, oldest int }

// readSchema reads the schema; versions before 53 did not note the oldest, and refused
// whatever was newer than themselves.
func readSchema(tx *kernel.Tx) (s schema, err error) {
	if err := tx.Row(`SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&s.version); err != nil {
		return s, fmt.Errorf("read the schema version: %w", err)
	}
	if s.version < 53 {
		return s, nil
	}
	if err := tx.Row(`SELECT version FROM schema_oldest`).Scan(&s.oldest); err != nil {
		return s, fmt.Errorf("read the oldest schema version: %w", err)
	}
	return s, nil
}

// fits returns a [*NewerSchemaError] if a program that knows a schema cannot work here.
func (s schema) fits(known int) error {
	if known < s.oldest {
		return &NewerSchemaError{Found: s.version, Known: known, Oldest: s.oldest}
	}
	return nil
}

// take takes a step. One that programs before it cannot live with waits for none of them:
// as long as any serves, it is refused.
func take(ctx context.Context, tx *kernel.Tx, found schema, step migrations.Migration, at Upgrade) error {
	if step.Oldest > found.oldest && found.oldest > 0 {
		if err := noneOlder(tx, step.Oldest); err != nil {
			return err
		}
	}
	TellUpgrade(ctx, at)
	err := tx.Script(step.SQL)
	if err == nil && step.Fill != nil {
		err = fill(ctx, tx, step, at)
	}
	if err == nil && step.Oldest > 0 {
		err = tx.Exec(`UPDATE schema_oldest SET version = $1`, step.Oldest)
	}
	if err == nil {
		err = tx.Exec(`INSERT INTO schema_version (version) VALUES ($1)`, step.Version)
	}
	if err != nil {
		return fmt.Errorf("migration %s: %w", step.Name, err)
	}
	return nil
}

// noneOlder returns an [*OlderProgramError] if a program serves the database that does not
// know a schema.
func noneOlder(tx *kernel.Tx, known int) error {
	var e OlderProgramError
	err := tx.Row(`SELECT name, version FROM replicas WHERE until > $1 AND schema < $2 ORDER BY id LIMIT 1`, kernel.Micros(tx.Now()), known).Scan(&e.Name, &e.Version)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("look for older programs: %w", err)
	}
	return &e
}

// schemaEvery is how often a server looks whether it can still work on the database.
const schemaEvery = 2 * time.Second

// RunSchema watches the schema until ctx ends, and returns a [*NewerSchemaError] when a
// later program has made of it what this one cannot work on.
func (s *Store) RunSchema(ctx context.Context) (err error) {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	Every(ctx, schemaEvery, s.checkSchema, func(err error) {
		if newer, is := errors.AsType[*NewerSchemaError](err); is {
			end(newer)
		}
	})
	if newer, is := errors.AsType[*NewerSchemaError](context.Cause(ctx)); is {
		return newer
	}
	return nil
}

func (s *Store) checkSchema(ctx context.Context) error {
	return s.db.View(ctx, func(tx *kernel.Tx) error {
		found, err := readSchema(tx)
		if err != nil {
			return err
		}
		return found.fits(s.schema)
	})
}

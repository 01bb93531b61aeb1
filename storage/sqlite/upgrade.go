package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"communique/storage"
	"communique/storage/internal/before"
	"communique/storage/migrations"
)

// BackUpBeforeUpgrade makes a copy of a database file beside it, as it is, if this program is
// going to bring its schema up to date: FILE.before-upgrade-from-54. It returns the name of
// the copy, or nothing if none is needed, as where an upgrade goes on that was cut short, whose
// copy is there. Of those that were made before, the newest few are kept. Where there is no room
// for it, or it fails otherwise, the database is better left as it is. What was left of a copy
// that was cut short is removed.
func BackUpBeforeUpgrade(ctx context.Context, file string) (made string, err error) {
	if _, err := os.Stat(file); err != nil {
		return "", nil //nolint:nilerr // whoever opens it says so
	}
	if err := before.RemoveParts(file); err != nil {
		return "", err
	}
	steps, err := migrations.For(ctx, dialect.Name)
	if err != nil {
		return "", err
	}
	db, err := sql.Open("sqlite", dsn(file, busyTimeout)) // VACUUM INTO is refused to those that only query
	if err != nil {
		return "", fmt.Errorf("open database %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var found int
	err = db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&found)
	if err != nil || found == 0 || found >= len(steps) {
		return "", nil //nolint:nilerr // a database without one is new, or none, of which whoever opens it says so
	}
	return before.Upgrade{
		DB: db, File: file, Found: found, Steps: len(steps), Classify: classify,
		Copy: func(ctx context.Context, to string) error {
			var size int64
			_ = db.QueryRowContext(ctx, dialect.Size).Scan(&size) // 0 if it cannot be told: the copying fails, too
			defer storage.TellCopying(ctx, size, to)()
			_, err := db.ExecContext(ctx, `VACUUM INTO $1`, to)
			return err
		},
	}.BackUp(ctx)
}

// Upgrades tells whether this program is going to bring the schema of a database file up to
// date when it opens it.
func Upgrades(ctx context.Context, file string) (is bool, err error) {
	steps, err := migrations.For(ctx, dialect.Name)
	if err != nil {
		return false, err
	}
	db, err := sql.Open("sqlite", dsn(file, busyTimeout, "query_only(1)"))
	if err != nil {
		return false, fmt.Errorf("open database %s: %w", file, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var found int
	if err := db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version), 0) FROM schema_version`).Scan(&found); err != nil {
		return false, fmt.Errorf("read the schema of %s: %w", file, classify(err))
	}
	return found < len(steps), nil
}

// KeptBefore are the copies of a database file from before upgrades, the oldest schema first.
func KeptBefore(file string) ([]string, error) { return before.Kept(file) }

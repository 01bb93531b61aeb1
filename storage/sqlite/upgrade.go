package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/migrations"
)

// keptBefore is how many copies of a database as it was before an upgrade are kept.
const keptBefore = 3

// beforeName begins the ending of the names of these copies; the schema follows.
const beforeName = ".before-upgrade-from-"

// BackUpBeforeUpgrade makes a copy of a database file beside it, as it is, if this program is
// going to bring its schema up to date: FILE.before-upgrade-from-54. It returns the name of
// the copy, or nothing if none is needed. Of those that were made before, the newest few are
// kept. Where there is no room for it, or it fails otherwise, the database is better left as it
// is.
func BackUpBeforeUpgrade(ctx context.Context, file string) (made string, err error) {
	if _, err := os.Stat(file); err != nil {
		return "", nil //nolint:nilerr // whoever opens it says so
	}
	steps, err := migrations.All(dialect.Name)
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
	made = fmt.Sprintf("%s%s%02d", file, beforeName, found)
	if err := copyBefore(ctx, db, made); err != nil {
		return "", fmt.Errorf("the database was not brought up to date, because the backup before that failed: copy it to %s: %w", made, classify(err))
	}
	return made, pruneBefore(file)
}

// copyBefore makes the copy under another name first, so that one of the final name is whole.
func copyBefore(ctx context.Context, db *sql.DB, to string) (err error) {
	half, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".*.part") // nobody else reads it: the keys are in it
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(half.Name()) // the error that led here is the one to tell
		}
	}()
	if err := half.Close(); err != nil {
		return err
	}
	copied := tellCopying(ctx, db, half.Name())
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, half.Name())
	copied()
	if err != nil {
		return err
	}
	return os.Rename(half.Name(), to)
}

// tellEvery is how often those who wait are told how far a copy is.
const tellEvery = 200 * time.Millisecond

// tellCopying tells how far the copy is, until copied is called: VACUUM says nothing, but its
// file grows.
func tellCopying(ctx context.Context, db *sql.DB, to string) (copied func()) {
	at := storage.Upgrade{Copying: true}
	_ = db.QueryRowContext(ctx, dialect.Size).Scan(&at.All) // 0 if it cannot be told: the copying fails, too
	storage.TellUpgrade(ctx, at)
	ctx, cancel := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() {
		ticker := time.NewTicker(tellEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				if info, err := os.Stat(to); err == nil {
					at.Done = min(info.Size(), at.All)
					storage.TellUpgrade(ctx, at)
				}
			}
		}
	})
	return func() {
		cancel()
		telling.Wait()
	}
}

// pruneBefore removes all but the newest copies.
func pruneBefore(file string) error {
	all, err := filepath.Glob(strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(file) + beforeName + "??")
	if err != nil {
		return err
	}
	slices.Sort(all)
	for _, name := range all[:max(len(all)-keptBefore, 0)] {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("remove an older backup: %w", err)
		}
	}
	return nil
}

package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"communique/storage"
	"communique/storage/internal/kernel"
	"communique/storage/migrations"
)

// keptBefore is how many copies of a database as it was before an upgrade are kept.
const keptBefore = 3

// beforeName begins the ending of the names of these copies; the schema follows.
const beforeName = ".before-upgrade-from-"

// factUpgrade says from which schema a database is brought up to date, to which: "54 80". As
// long as it has not come there, the copy from before is the one that leads back.
const factUpgrade = "upgrade_from_to"

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
	if err := removeParts(file); err != nil {
		return "", err
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
	from, err := unfinished(ctx, db, found)
	if err != nil {
		return "", fmt.Errorf("read how far the database %s was brought up to date: %w", file, classify(err))
	}
	made = fmt.Sprintf("%s%s%02d", file, beforeName, from)
	if _, gone := os.Stat(made); from < found && gone == nil {
		return "", noteUpgrade(ctx, db, from, len(steps)) // it may go further than the one that was cut short
	}
	made = fmt.Sprintf("%s%s%02d", file, beforeName, found)
	if err := copyBefore(ctx, db, made); err != nil {
		return "", fmt.Errorf("the database was not brought up to date, because the backup before that failed: copy it to %s: %w", made, classify(err))
	}
	if err := noteUpgrade(ctx, db, found, len(steps)); err != nil {
		return "", err
	}
	return made, pruneBefore(file, made)
}

// Upgrades tells whether this program is going to bring the schema of a database file up to
// date when it opens it.
func Upgrades(ctx context.Context, file string) (is bool, err error) {
	steps, err := migrations.All(dialect.Name)
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

// unfinished is the schema from which an upgrade began that was cut short, or the one that was
// found.
func unfinished(ctx context.Context, db *sql.DB, found int) (from int, err error) {
	var text string
	err = db.QueryRowContext(ctx, `SELECT value FROM facts WHERE name = $1`, factUpgrade).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return found, nil
	}
	if err != nil {
		return 0, err
	}
	var to int
	if _, err := fmt.Sscan(text, &from, &to); err != nil {
		return 0, err
	}
	if found < from || found >= to {
		return found, nil // that one came to its end
	}
	return from, nil
}

// noteUpgrade notes from which schema an upgrade begins, and to which it is to come.
func noteUpgrade(ctx context.Context, db *sql.DB, from, to int) error {
	if err := kernel.SetFactBefore(ctx, db, factUpgrade, fmt.Sprint(from, " ", to)); err != nil {
		return fmt.Errorf("note from where the database is brought up to date: %w", classify(err))
	}
	return nil
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
	lock := flock.New(half.Name()) // else another program takes it for one that was cut short
	if err := lock.Lock(); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }() // the end of the process unlocks, too
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
		storage.Every(ctx, tellEvery, func(ctx context.Context) error {
			info, err := os.Stat(to)
			if err == nil {
				at.Done = min(info.Size(), at.All)
				storage.TellUpgrade(ctx, at)
			}
			return err
		}, func(error) {}) // the copying fails, too
	})
	return func() {
		cancel()
		telling.Wait()
	}
}

// KeptBefore are the copies of a database file from before upgrades, the oldest schema first.
func KeptBefore(file string) ([]string, error) {
	all, err := filepath.Glob(literal(file) + beforeName + "??")
	slices.Sort(all)
	return all, err
}

// literal is a name as a pattern that nothing else matches.
func literal(name string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(name)
}

// pruneBefore removes all but the newest copies, and never the one that was made just now,
// which is not the newest where somebody had gone back to an older version.
func pruneBefore(file, made string) error {
	all, err := KeptBefore(file)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(name string) bool { return name == made })
	for _, name := range all[:max(len(all)-keptBefore+1, 0)] {
		if err := os.Remove(name); err != nil {
			return fmt.Errorf("remove an older backup: %w", err)
		}
	}
	return nil
}

// removeParts removes what was left of copies that were cut short, and nothing of one that
// another program makes.
func removeParts(file string) error {
	all, err := filepath.Glob(literal(file) + beforeName + "*.part")
	if err != nil {
		return err
	}
	for _, part := range all {
		lock := flock.New(part)
		if free, err := lock.TryLock(); err != nil || !free {
			continue // it is made just now, or not ours
		}
		for _, name := range []string{part, part + "-journal"} {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return errors.Join(fmt.Errorf("remove what is left of a copy: %w", err), lock.Unlock())
			}
		}
		if err := lock.Unlock(); err != nil {
			return err
		}
	}
	return nil
}

// removeBefore removes all copies from before upgrades: they have what was deleted since.
func removeBefore(file string) error {
	if err := removeParts(file); err != nil {
		return err
	}
	all, err := KeptBefore(file)
	if err != nil {
		return err
	}
	for _, name := range all {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the copy from before an upgrade: %w", err)
		}
	}
	return nil
}

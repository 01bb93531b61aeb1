// Package before keeps copies of a database as it was before an upgrade: files of which the
// last few stay, named after the schema that they have.
package before

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"communique/storage/internal/kernel"
)

// factUpgrade says from which schema a database is brought up to date, to which: "54 80". As
// long as it has not come there, the copy from before is the one that leads back.
const factUpgrade = "upgrade_from_to"

// Upgrade is one that a program is about to do.
type Upgrade struct {
	DB    *sql.DB
	File  string // whose name the copy's begins with
	Found int    // the schema of the database
	Steps int    // that the program knows
	// Copy copies the database into a file that is there and empty.
	Copy     func(ctx context.Context, to string) error
	Classify func(error) error
}

// BackUp makes the copy, FILE.before-upgrade-from-54, and returns its name; nothing if none is
// needed, as where an upgrade goes on that was cut short, whose copy is there. Of those that
// were made before, the newest few are kept. Where it fails, the database is better left as it
// is.
func (u Upgrade) BackUp(ctx context.Context) (made string, err error) {
	from, err := u.unfinished(ctx)
	if err != nil {
		return "", fmt.Errorf("read how far the database was brought up to date: %w", u.Classify(err))
	}
	made = name(u.File, from)
	if _, gone := os.Stat(made); from < u.Found && gone == nil {
		return "", u.note(ctx, from) // it may go further than the one that was cut short
	}
	made = name(u.File, u.Found)
	if err := u.copy(ctx, made); err != nil {
		return "", fmt.Errorf("the database was not brought up to date, because the backup before that failed: copy it to %s: %w", made, u.Classify(err))
	}
	if err := u.note(ctx, u.Found); err != nil {
		return "", err
	}
	return made, prune(u.File, made)
}

// unfinished is the schema from which an upgrade began that was cut short, or the one that was
// found.
func (u Upgrade) unfinished(ctx context.Context) (from int, err error) {
	var text string
	err = u.DB.QueryRowContext(ctx, `SELECT value FROM facts WHERE name = $1`, factUpgrade).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return u.Found, nil
	}
	if err != nil {
		return 0, err
	}
	var to int
	if _, err := fmt.Sscan(text, &from, &to); err != nil {
		return 0, err
	}
	if u.Found < from || u.Found >= to {
		return u.Found, nil // that one came to its end
	}
	return from, nil
}

// note notes from which schema an upgrade begins, and to which it is to come.
func (u Upgrade) note(ctx context.Context, from int) error {
	if err := kernel.SetFactBefore(ctx, u.DB, factUpgrade, fmt.Sprint(from, " ", u.Steps)); err != nil {
		return fmt.Errorf("note from where the database is brought up to date: %w", u.Classify(err))
	}
	return nil
}

// copy makes the copy under another name first, so that one of the final name is whole.
func (u Upgrade) copy(ctx context.Context, to string) (err error) {
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
	if err := u.Copy(ctx, half.Name()); err != nil {
		return err
	}
	return os.Rename(half.Name(), to)
}

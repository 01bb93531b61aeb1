package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/newsroom"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/sqlite"
)

// doneLine is what was done since a backup as restore prints it with --json.
type doneLine struct {
	Since    newsroom.Deed   `json:"since"` // what was done
	At       string          `json:"at"`
	ID       press.ArticleID `json:"id"`
	Title    string          `json:"title"`
	Language press.Language  `json:"language"`
	State    press.State     `json:"state"`
	Note     string          `json:"note,omitempty"`
}

// leftIn is the database that an installation in a folder has left, or that the name
// is of; nothing if there is none.
func leftIn(name string) string {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, config.Database)
	}
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	return name
}

// tellSince tells what was done after a backup was made, as far as the database that
// was left tells it. That one is not touched: both are read as copies, of which SQLite
// may make what it wants.
func (a *app) tellSince(ctx context.Context, backup backupFile, left string) (err error) {
	folder, err := os.MkdirTemp("", "communique-restore-")
	if err != nil {
		return fmt.Errorf("make room to compare: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	restored := filepath.Join(folder, "backup.db")
	if _, err := backup.copyTo(ctx, restored); err != nil {
		return err
	}
	before, err := a.openRead(ctx, backup.name, restored)
	if err != nil {
		return err
	}
	defer before.Close()
	after, err := a.openCopy(ctx, left, filepath.Join(folder, "left.db"))
	if err != nil {
		return err
	}
	defer after.Close()
	all, err := newsroom.Since(ctx, before, after)
	if !a.json && (len(all) > 0 || err == nil) {
		a.say("Since the backup, as %s tells:", left)
	}
	zone := time.UTC
	if failed := before.View(ctx, func(tx *storage.Tx) (err error) {
		zone, err = zoneOf(tx)
		return err
	}); failed != nil {
		return errors.Join(err, failed)
	}
	for _, d := range all {
		if err := a.printDone(d, zone); err != nil {
			return err
		}
	}
	switch {
	case err != nil:
		return fmt.Errorf("%s: what else was done since the backup cannot be read: %w", left, err)
	case len(all) == 0 && !a.json:
		a.say("  nothing was published, corrected or withdrawn")
	}
	return nil
}

func (a *app) printDone(d newsroom.Done, zone *time.Location) error {
	if a.json {
		return a.object(doneLine{d.What, stamp(d.At), d.Article.ID, d.Article.Title, d.Article.Language, d.Article.State, d.Note})
	}
	title := fmt.Sprintf("%s (%s)", richtext.Quoted(d.Article.Title), d.Article.Language)
	if d.Article.State == press.Cancelled {
		title = cancelledTitle
	}
	note := ""
	if d.Note != "" {
		note = ": " + d.Note
	}
	at := "at a time unknown"
	if !d.At.IsZero() {
		at = d.At.In(zone).Format(toTheSecond)
	}
	a.say("  %-23s  %s  %s %s%s", at, d.Article.ID, d.What.Said(), title, note)
	return nil
}

// openCopy opens a copy of a database, with the log that a server which was killed has
// left beside it.
func (a *app) openCopy(ctx context.Context, file, to string) (*storage.Store, error) {
	err := copyFile(file, to)
	if err == nil {
		if err = copyFile(file+walEnding, to+walEnding); errors.Is(err, os.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: it cannot be read: %w", file, unwrapPath(err))
	}
	return a.openRead(ctx, file, to)
}

// openRead opens the copy of a database that has been read.
func (a *app) openRead(ctx context.Context, file, copied string) (*storage.Store, error) {
	store, err := sqlite.Open(ctx, copied, a.Clock)
	if err != nil {
		return nil, fmt.Errorf("%s: it cannot be read: %w", file, err)
	}
	return store, nil
}

// copyFile copies a file for nobody else to read: the keys are in it.
func copyFile(from, to string) error {
	r, err := os.Open(from)
	if err != nil {
		return err
	}
	defer r.Close()
	w, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return errors.Join(err, w.Close())
}

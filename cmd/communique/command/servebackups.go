package command

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"path/filepath"
	"time"

	"communique/cmd/internal/ops/backup"
	"communique/federation/signature"
	"communique/storage"
)

const (
	// backupLook is the pause between two looks whether a backup is due.
	backupLook = 15 * time.Second
	// backupAgain is the pause after one that could not be made.
	backupAgain = 15 * time.Minute
)

// backups makes those that the configuration asks for, while the site is served. A file is
// served by one server, so no other makes them.
type backups struct {
	a          *app
	in         *installation
	passphrase *signature.Passphrase
	log        *slog.Logger
	gone       string // why one is, as it was told last; empty if none is
}

// run makes them until ctx ends. One that is being made then is given up.
func (b *backups) run(ctx context.Context) {
	if b.in.config.Backup.Folder == "" || b.in.config.Paused {
		return
	}
	if err := b.in.clearBackups(); err != nil && !errors.Is(err, fs.ErrNotExist) { // a folder that is not there has none left
		b.log.Warn("what a backup that was interrupted has left is still there", "error", err)
	}
	for ctx.Err() == nil {
		next := backupLook
		if err := b.makeDue(ctx); err != nil && ctx.Err() == nil {
			next = backupAgain
			b.failed(ctx, err)
		}
		_ = pause(ctx, next)
	}
}

// makeDue makes one if it is due.
func (b *backups) makeDue(ctx context.Context) error {
	due, err := b.due(ctx)
	if err != nil || !due {
		return err
	}
	began := b.in.store.Elapsed()
	m, err := b.a.backupByRule(ctx, b.in, b.passphrase)
	if err != nil {
		return err
	}
	if m.left != nil {
		b.log.Warn("more backups are there than are to be kept", "error", m.left)
	}
	for _, old := range m.removed {
		b.log.Info("an old backup was removed", "file", filepath.Base(old))
	}
	said := b.log.With("file", m.file, "entry", m.head, "bytes", m.size, "took", (b.in.store.Elapsed() - began).Round(time.Millisecond))
	if fault := m.rehearsal.fault(); fault != nil {
		said.Error("the backup that was made cannot be relied on", "error", fault)
		return nil
	}
	said.Info("a backup was made and rehearsed")
	return nil
}

// due tells whether the newest backup is of an earlier turn: the one in the folder or, as
// after a restore, the one that the database knows of.
func (b *backups) due(ctx context.Context) (bool, error) {
	var known storage.Backups
	var now time.Time
	err := b.in.store.View(ctx, func(tx *storage.Tx) (err error) {
		now = tx.Now()
		known, err = tx.Backups()
		return err
	})
	if err != nil {
		return false, err
	}
	all, err := b.in.backupFolder().List()
	if err != nil {
		return false, err
	}
	there := b.in.among(known, all)
	if there.gone != "" && there.gone != b.gone {
		b.log.Error("a backup is gone: another is made when it is due", "error", there.gone)
	}
	known, b.gone = there.known, there.gone
	var newest time.Time
	for _, f := range all {
		if !f.Made.After(now) {
			newest = f.Made
			break
		}
	}
	if known.Made.Before(newest) {
		newest = known.Made
	}
	return backup.Due(newest, now, b.in.config.Backup.Every, b.in.config.Zone), nil
}

// failed says that none could be made, in the log and in the database.
func (b *backups) failed(ctx context.Context, why error) {
	b.log.Error("no backup could be made; trying again", "in", backupAgain, "error", why)
	err := b.in.store.Update(ctx, func(tx *storage.Tx) error { return tx.NoteNoBackup(oneLine(why)) })
	if err != nil {
		b.log.Warn("monitoring does not learn that no backup could be made", "error", err)
	}
}

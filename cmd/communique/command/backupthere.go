package command

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"communique/cmd/internal/ops/backup"
	"communique/storage"
)

// thereBackups is what is known of backups, after a look into their folder.
type thereBackups struct {
	known storage.Backups
	// gone is why the newest one in the folder is not there any more, empty if it is. Then
	// known is about those that are.
	gone string
}

// stillThere looks whether the backups that the database knows of in its folder are there:
// a site whose backups somebody has removed must not be told to have any.
func (in *installation) stillThere(known storage.Backups) thereBackups {
	if in.config.Backup.Folder == "" || len(known.Files) == 0 {
		return thereBackups{known: known}
	}
	all, err := in.backupFolder().List()
	there := in.among(known, all)
	if err != nil {
		there.gone = oneLine(fmt.Errorf("the backups cannot be looked at: %w", err))
	}
	return there
}

// among holds what the database knows of backups against all that are in its folder.
func (in *installation) among(known storage.Backups, all []backup.File) thereBackups {
	if len(known.Files) == 0 {
		return thereBackups{known: known}
	}
	newest := known.Files[len(known.Files)-1]
	if slices.ContainsFunc(all, func(f backup.File) bool { return filepath.Base(f.Name) == newest }) {
		return thereBackups{known: known}
	}
	known.Made, known.Proven, known.Size = time.Time{}, time.Time{}, 0
	for _, f := range slices.Backward(all) {
		if !slices.Contains(known.Files, filepath.Base(f.Name)) {
			continue
		}
		known.Made = f.Made
		if !f.Unproven {
			known.Proven = f.Made
		}
	}
	gone := fmt.Errorf("%s is no longer in %s, where the last backup was put: somebody has removed it, or another disk is there", newest, in.config.BackupFolder())
	return thereBackups{known, oneLine(gone)}
}

// countBackups is what metrics tell of backups: of those that are there. If none is that
// should be, the last one was made when time began, for an alert by its age.
func (in *installation) countBackups(known storage.Backups) storage.Backups {
	there := in.stillThere(known)
	if there.gone != "" && there.known.Made.IsZero() {
		there.known.Made = time.Unix(0, 0)
	}
	return there.known
}

// ownBackups are the names of those in the folder that this database made, the newest last.
// One that was never restored and has noted no names yet, for it is of version 0.4, has made
// those that are as old as its last one or older.
func (in *installation) ownBackups(ctx context.Context) (names []string, err error) {
	all, err := in.backupFolder().List()
	if err != nil {
		return nil, err
	}
	var known storage.Backups
	var restored storage.Restoration
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		if known, err = tx.Backups(); err == nil {
			restored, err = tx.Restoration()
		}
		return err
	})
	unnoted := len(known.Files) == 0 && restored.At.IsZero()
	for _, f := range slices.Backward(all) {
		if name := filepath.Base(f.Name); slices.Contains(known.Files, name) || unnoted && !f.Made.After(known.Made) {
			names = append(names, name)
		}
	}
	return names, err
}

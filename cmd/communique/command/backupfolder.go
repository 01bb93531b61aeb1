package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"communique/cmd/internal/ops/backup"
	"communique/federation/signature"
	"communique/storage"
)

// backupFolder is where the configuration has backups put.
func (in *installation) backupFolder() backup.Folder {
	return backup.Folder{Dir: in.config.BackupFolder(), Site: in.config.BaseURL}
}

// backupByRule makes a backup as the configuration says: into its folder, rehearsed before
// it is given its name, in the place of old ones. Who made it is told by the database.
func (a *app) backupByRule(ctx context.Context, in *installation, passphrase *signature.Passphrase) (m madeBackup, err error) {
	folder := in.backupFolder()
	if info, err := os.Stat(folder.Dir); err != nil || !info.IsDir() {
		return m, fmt.Errorf("backup.folder: there is no folder %s: make it, or see that its disk is there", folder.Dir)
	}
	scratch, release, err := a.scratch(ctx, in)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := folder.Clear(); err != nil {
		return m, err
	}
	if m, err = a.backupInto(ctx, in, folder, scratch, passphrase); err != nil {
		return m, err
	}
	own, err := in.ownBackups(ctx)
	if err != nil {
		return m, err
	}
	own = append(own, filepath.Base(m.file))
	m.removed, m.left = folder.Prune(in.config.Backup.Keep, own)
	own = slices.DeleteFunc(own, func(name string) bool {
		return slices.Contains(m.removed, filepath.Join(folder.Dir, name))
	})
	err = in.store.Update(ctx, func(tx *storage.Tx) error {
		fault := ""
		if failed := m.rehearsal.fault(); failed != nil {
			fault = oneLine(failed)
		}
		return errors.Join(tx.NoteBackup(m.at, m.size), tx.NoteRehearsal(m.at, fault), tx.NoteFiles(own))
	})
	if err != nil {
		return m, fmt.Errorf("the backup is made, but monitoring does not learn of it: %w", err)
	}
	return m, nil
}

// backupInto makes the backup itself. What is rehearsed is the very file in the folder or,
// if that is encrypted and cannot be read here, the copy that it was made of.
func (a *app) backupInto(ctx context.Context, in *installation, folder backup.Folder, scratch string, passphrase *signature.Passphrase) (m madeBackup, err error) {
	sealed := len(in.config.Backup.Seals) > 0
	copies := uint64(1)
	if sealed {
		copies = 2
	}
	if err := in.hasRoom(ctx, copies); err != nil {
		return m, err
	}
	copied := filepath.Join(scratch, "copy")
	if m, err = in.copyAll(ctx, copied); err != nil {
		return m, err
	}
	file := backup.File{Made: m.at, Sealed: sealed}
	part, err := backup.Begin(folder.Name(file))
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, part.Abandon())
		}
	}()
	if err := in.put(ctx, copied, part); err != nil {
		return m, err
	}
	info, err := os.Stat(part.Name())
	if err != nil {
		return m, fmt.Errorf("look at the backup: %w", err)
	}
	m.size = info.Size()
	source := backupFile{name: copied}
	if !sealed {
		source.name = part.Name()
	}
	r, err := a.rehearseBackup(ctx, source, filepath.Join(scratch, "rehearsal"), func(*installation) (*signature.Passphrase, error) { return passphrase, nil })
	if err != nil {
		return m, err
	}
	m.rehearsal = &r
	file.Unproven = r.fault() != nil
	m.file = folder.Name(file)
	return m, part.FinishAs(m.file)
}

// put has a copy be what is in the folder. It stays only if that is encrypted.
func (in *installation) put(ctx context.Context, copied string, part *backup.Part) error {
	sealed := len(in.config.Backup.Seals) > 0
	if !sealed {
		if taken, err := part.Take(copied); taken || err != nil {
			return err
		}
	}
	if err := in.sealFile(ctx, copied, part); err != nil || sealed {
		return err
	}
	if err := os.Remove(copied); err != nil {
		return fmt.Errorf("make room for the rehearsal: %w", err)
	}
	return nil
}

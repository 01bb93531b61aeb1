package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"filippo.io/age"

	"communique/cmd/internal/ops/backup"
)

// backupFile is a backup that is read, and what decrypts it if it is encrypted.
type backupFile struct {
	name string
	keys []age.Identity
}

// openBackup looks whether a backup can be read, with the secret keys in the file that
// identity names.
func openBackup(name, identity string) (backupFile, error) {
	b := backupFile{name: name}
	info, err := os.Stat(name)
	if err != nil {
		return b, b.cannotRead(err)
	}
	if !info.Mode().IsRegular() {
		return b, fmt.Errorf("%s is not a file: name a backup", name)
	}
	if b.keys, err = backup.ReadIdentities(identity); err != nil {
		return b, err
	}
	r, err := backup.Open(name, b.keys)
	if err != nil {
		return b, b.cannotRead(err)
	}
	return b, r.Close()
}

func (b backupFile) cannotRead(err error) error {
	return fmt.Errorf("%s: it cannot be read: %w", b.name, unwrapPath(err))
}

// copyTo writes the database that is in the backup to a file that is not there yet, piece
// by piece: it may be larger than the memory. Nobody else can read it: the keys are in it. It
// tells whether a digest has shown that it is what was written, and fails if it is not.
func (b backupFile) copyTo(ctx context.Context, database string) (digested bool, err error) {
	r, err := backup.Open(b.name, b.keys)
	if err != nil {
		return false, b.cannotRead(err)
	}
	defer r.Close()
	w, err := os.OpenFile(database, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false, fmt.Errorf("write the database: %w", err)
	}
	digested, err = backup.CopyChecked(backup.Piecewise(w), underContext{ctx, r})
	switch {
	case errors.Is(err, backup.ErrChanged):
		return digested, errors.Join(fmt.Errorf("%s is damaged: %w", b.name, err), w.Close())
	case err != nil:
		return digested, errors.Join(fmt.Errorf("write what is in %s to %s: %w", b.name, database, err), w.Close())
	}
	if err := errors.Join(w.Sync(), w.Close()); err != nil {
		return digested, fmt.Errorf("write the database: %w", err)
	}
	return digested, nil
}

// underContext reads until a context ends.
type underContext struct {
	ctx context.Context
	io.Reader
}

func (r underContext) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(b)
}

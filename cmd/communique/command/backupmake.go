package command

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"communique/cmd/internal/config"
	"communique/cmd/internal/ops/backup"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
)

// factFile begins the names of the facts that hold, in a backup, the files beside
// the database.
const factFile = "backup_file:"

// factDigested is, in a backup, that a digest is at the end of its file: without it one whose
// end has changed would pass for that of an older version.
const factDigested = "backup_digested"

// madeBackup is a backup that was made.
type madeBackup struct {
	file string
	at   time.Time // it holds all that was acknowledged before
	head press.Seq
	size int64
	// rehearsal is what its trial showed, nil if there was none, and removed are the older
	// ones that it took the place of; left is why some of these could not be removed.
	rehearsal *rehearsal
	removed   []string
	left      error
}

// backupToFile makes a backup of a name. One that is not encrypted is written in its place
// at once, so that the disk of the data needs no room for it.
func (a *app) backupToFile(ctx context.Context, in *installation, name string) (m madeBackup, err error) {
	part, err := backup.Begin(name)
	if err != nil {
		return m, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeBeside(part.Name()), part.Abandon())
		}
	}()
	if len(in.config.Backup.Seals) == 0 {
		m, err = in.copyAll(ctx, part.Name())
	} else {
		m, err = a.sealInto(ctx, in, part)
	}
	if err != nil {
		return m, err
	}
	info, err := os.Stat(part.Name())
	if err != nil {
		return m, fmt.Errorf("look at the backup: %w", err)
	}
	m.file, m.size = name, info.Size()
	return m, part.Finish()
}

// backupToOutput writes a backup to standard output, when it is whole.
func (a *app) backupToOutput(ctx context.Context, in *installation) (madeBackup, error) {
	out := &counter{to: a.Stdout}
	m, err := a.sealInto(ctx, in, out)
	m.file, m.size = "-", out.n
	return m, err
}

// sealInto makes a backup in the folder for that, and writes it, encrypted if it is to be.
func (a *app) sealInto(ctx context.Context, in *installation, to io.Writer) (m madeBackup, err error) {
	folder, release, err := a.scratch(ctx, in)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if err := in.hasRoom(ctx, 1); err != nil {
		return m, err
	}
	copied := filepath.Join(folder, "copy")
	if m, err = in.copyAll(ctx, copied); err != nil {
		return m, err
	}
	return m, in.sealFile(ctx, copied, to)
}

// sealFile writes a copy that is whole, encrypted if it is to be.
func (in *installation) sealFile(ctx context.Context, copied string, to io.Writer) error {
	from, err := os.Open(copied)
	if err != nil {
		return fmt.Errorf("read the backup: %w", err)
	}
	defer from.Close()
	sealed, err := backup.Seal(to, in.config.Backup.Seals)
	if err != nil {
		return err
	}
	if _, err := io.Copy(sealed, underContext{ctx, from}); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}

// copyAll copies the database, the configuration and the pictures that it names into a
// file that is not there yet or empty, and checks the whole.
func (in *installation) copyAll(ctx context.Context, file string) (m madeBackup, err error) {
	in.knowJournal(ctx)
	m.at = in.store.Now()
	if err := in.store.Backup(ctx, file); err != nil {
		return m, err
	}
	store, err := sqlite.Open(ctx, file, in.store)
	if err != nil {
		return m, err
	}
	var head publog.Head
	err = store.Update(ctx, func(tx *storage.Tx) error {
		for _, name := range append([]string{config.File}, in.config.Pictures()...) {
			content, err := os.ReadFile(filepath.Join(in.config.Data, name))
			if err != nil {
				return fmt.Errorf("back up %s: %w", name, err)
			}
			if err := tx.SetFact(factFile+name, base64.StdEncoding.EncodeToString(content)); err != nil {
				return err
			}
		}
		if err := errors.Join(tx.MarkBackup(), tx.SetFact(factDigested, "1")); err != nil {
			return err
		}
		head, err = tx.Head()
		return err
	})
	if err == nil {
		err = store.Verify(ctx)
	}
	m.head = head.Seq
	if err = errors.Join(err, store.Close()); err != nil {
		return m, err
	}
	if err := allInside(file); err != nil {
		return m, err
	}
	return m, backup.AddDigest(ctx, file)
}

// allInside tells whether all that was written to a database that nobody has open stands in its file:
// SQLite says nothing of it if it cannot bring its log in there as the last one closes it.
func allInside(file string) error {
	_, err := os.Lstat(file + walEnding)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look whether the backup is whole: %w", err)
	}
	return errors.New("the backup is not whole: what was written last could not be brought into its file; look at the disk, and run the command again")
}

// The folder in which copies are kept for a moment, and the lock that whoever uses it
// holds. It is beside the database because nobody else may read what is in it.
const (
	scratchFolder = "backup.scratch"
	scratchLock   = "backup.lock"
	scratchEvery  = 200 * time.Millisecond
)

// scratch makes an empty folder, when nobody else uses it. What one that was killed has
// left in it is removed.
func (a *app) scratch(ctx context.Context, in *installation) (folder string, release func() error, err error) {
	lock := flock.New(filepath.Join(in.config.Data, scratchLock))
	held, err := lock.TryLock()
	if err == nil && !held {
		a.warn("another backup is being made: this one waits for it.")
		held, err = lock.TryLockContext(ctx, scratchEvery)
	}
	if err != nil || !held {
		return "", nil, fmt.Errorf("lock %s: %w", lock.Path(), err)
	}
	folder, release, err = emptyScratch(lock)
	if err != nil {
		return "", nil, err
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return "", nil, errors.Join(fmt.Errorf("make room for a backup: %w", err), release())
	}
	return folder, release, nil
}

// emptyScratch removes what is in the folder, for who has locked it, and returns how it is
// removed and unlocked again.
func emptyScratch(lock *flock.Flock) (folder string, release func() error, err error) {
	folder = filepath.Join(filepath.Dir(lock.Path()), scratchFolder)
	release = func() error {
		if err := errors.Join(os.RemoveAll(folder), lock.Unlock()); err != nil {
			return fmt.Errorf("clear the folder for backups: %w", err)
		}
		return nil
	}
	if err := os.RemoveAll(folder); err != nil {
		return "", nil, errors.Join(fmt.Errorf("clear the folder for backups: %w", err), lock.Unlock())
	}
	return folder, release, nil
}

// clearBackups removes what a backup that was killed has left, unless one is being made.
func (in *installation) clearBackups() error {
	lock := flock.New(filepath.Join(in.config.Data, scratchLock))
	if held, err := lock.TryLock(); err != nil || !held {
		return err
	}
	_, release, err := emptyScratch(lock)
	if err != nil {
		return err
	}
	return errors.Join(in.backupFolder().Clear(), release())
}

// roomLeft is what must stay free on the disk of the data, in bytes: a backup must not be
// why nothing can be published.
const roomLeft = 100 << 20

// hasRoom looks whether the disk of the data has room for copies of the database.
func (in *installation) hasRoom(ctx context.Context, copies uint64) error {
	free, _, err := roomIn(in.config.Data)
	if errors.Is(err, errors.ErrUnsupported) {
		return nil
	}
	var size int64
	if err == nil {
		err = in.store.View(ctx, func(tx *storage.Tx) (err error) {
			size, err = tx.Size()
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("look for room for a backup: %w", err)
	}
	if need := copies*uint64(size) + roomLeft; free < need {
		return fmt.Errorf("there is no room for a backup to be made: %d MiB are free in %s, and %d are needed meanwhile", free>>20, in.config.Data, need>>20)
	}
	return nil
}

// removeBeside removes what SQLite has beside a database that is not to be.
func removeBeside(database string) error {
	var failed error
	for _, ending := range []string{walEnding, "-shm", "-journal"} {
		if err := os.Remove(database + ending); err != nil && !errors.Is(err, fs.ErrNotExist) {
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// counter counts what is written.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.n += int64(n)
	return n, err
}

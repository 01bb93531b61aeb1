package command

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/press"
	"communique/storage/publog"
	"communique/storage/sqlite"
)

// factFile begins the names of the facts that hold, in a backup, the files beside
// the database.
const factFile = "backup_file:"

func newBackupCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy everything into one file, while the server runs",
		Long: `Copy everything into one new file: articles and log, followers, keys, the
configuration and the actors' pictures. The server may run and publish meanwhile;
the copy holds all that was acknowledged before. It also holds the private keys
by which followers know the ministry: guard it as you guard these. If they are
encrypted, their passphrase is not in the copy, which cannot be served without it.`,
		Example: `  communique backup /backup/press-$(date +%F).backup`,
		Args:    arguments("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.open(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			head, err := in.backup(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			encrypted, err := in.keysAreEncrypted(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.object(map[string]any{"file": args[0], "seq": head, "needs_passphrase": encrypted})
			}
			a.say("Backed up to %s, up to entry %d.", args[0], head)
			if encrypted {
				a.say("The keys in it are encrypted, and their passphrase is not in it: keep that elsewhere.")
			}
			return nil
		},
	}
}

// backup writes the copy under another name first, so that a file of the final name
// is always whole.
func (in *installation) backup(ctx context.Context, file string) (head press.Seq, err error) {
	if _, err := os.Lstat(file); !errors.Is(err, os.ErrNotExist) {
		return 0, fmt.Errorf("%s is there already: name a new file", file)
	}
	half, err := unfinished(file)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(half) // the error that led here is the one to tell
		}
	}()
	if err := in.store.Backup(ctx, half); err != nil {
		return 0, err
	}
	if head, err = in.addFiles(ctx, half); err != nil {
		return 0, err
	}
	return head, os.Rename(half, file)
}

// unfinished makes an empty file for a copy that is under way. Nobody else can read
// it from the first byte, because of the keys, and its name is its own, so that two
// backups to the same file do not finish each other's half.
func unfinished(file string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*.part")
	if err != nil {
		return "", fmt.Errorf("%s: it cannot be written: %w", file, unwrapPath(err))
	}
	return f.Name(), f.Close()
}

// addFiles puts the configuration and the pictures that it names into the copy,
// and checks the whole.
func (in *installation) addFiles(ctx context.Context, file string) (press.Seq, error) {
	store, err := sqlite.Open(ctx, file, in.store)
	if err != nil {
		return 0, err
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
		head, err = tx.Head()
		return err
	})
	if err == nil {
		err = store.Verify(ctx)
	}
	return head.Seq, errors.Join(err, store.Close())
}

func newRestoreCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Make an installation from a backup",
		Long: `Make an installation from a backup, in the folder that --data names, which must not
hold one already. It has the address, the actor and the keys of the one that was
backed up: if that one still runs, stop it first.

What was published after the backup is unknown to the restored site. Its log
continues after a gap, so that no id that may have gone out is used again. Drafts
under embargo wait for communique clock confirm, because the backup has them as they
were: what was cancelled or changed later has to be cancelled or changed again.`,
		Example: `  communique restore --data /srv/press /backup/press-2026-11-20.backup`,
		Args:    arguments("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			held, err := a.restore(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if a.json {
				return a.object(map[string]any{"data": a.data, "held": held})
			}
			a.say("Restored to %s. Next: communique serve --data %s", a.data, a.data)
			if held {
				a.say("Embargoes are held. Cancel and correct again what was cancelled and corrected after the backup, then run communique clock confirm.")
			}
			return nil
		},
	}
}

// restore makes an installation from a backup, whole or not at all, and returns
// whether its embargoes are held.
func (a *app) restore(ctx context.Context, file string) (held bool, err error) {
	data := a.data
	if err := checkVacant(data); err != nil {
		return false, err
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return false, fmt.Errorf("%s: it cannot be read: %w", file, unwrapPath(err))
	}
	_, missing := os.Stat(data)
	if err := os.MkdirAll(data, 0o750); err != nil {
		return false, fmt.Errorf("make the folder: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeHalf(data, missing != nil))
		}
	}()
	database := filepath.Join(data, config.Database)
	if err := os.WriteFile(database, content, 0o600); err != nil {
		return false, fmt.Errorf("write the database: %w", err)
	}
	files, held, err := a.reopen(ctx, database)
	if err != nil {
		return false, fmt.Errorf("%s is not a backup that can be restored: %w", file, err)
	}
	return held, unpack(files, data)
}

// reopen checks the database, prepares its log to continue, and takes the files out of
// it.
func (a *app) reopen(ctx context.Context, database string) (files map[string][]byte, held bool, err error) {
	store, err := sqlite.Open(ctx, database, a.Clock)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := store.Verify(ctx); err != nil {
		return nil, false, err
	}
	files = map[string][]byte{}
	err = store.Update(ctx, func(tx *storage.Tx) error {
		facts, err := tx.TakeFacts(factFile)
		if err != nil {
			return err
		}
		for name, text := range facts {
			content, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return fmt.Errorf("file %s: %w", name, err)
			}
			files[strings.TrimPrefix(name, factFile)] = content
		}
		if _, err = tx.Reopen(); err != nil {
			return err
		}
		reason, err := tx.ClockHeld()
		held = reason != ""
		return err
	})
	if err == nil && files[config.File] == nil {
		err = errors.New("there is no configuration in it")
	}
	return files, held, err
}

// unpack writes the files beside the database, the configuration last: a
// folder without it is not an installation.
func unpack(files map[string][]byte, data string) error {
	root, err := os.OpenRoot(data) // names in a backup must not reach above the folder
	if err != nil {
		return err
	}
	defer root.Close()
	for name, content := range files {
		if name == config.File {
			continue
		}
		// A picture may be in a folder of its own.
		if err := root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			return fmt.Errorf("make the folder of %s: %w", name, err)
		}
		if err := root.WriteFile(name, content, 0o640); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return root.WriteFile(config.File, files[config.File], 0o640)
}

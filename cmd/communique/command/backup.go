package command

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"

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
			in, err := a.openToLook(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if err := in.onFilesOnly("back it up with pg_dump --format=custom, or by its server's archive for point-in-time recovery, and " + config.File + " with the pictures of actors beside it"); err != nil {
				return err
			}
			head, err := in.backup(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if err := in.store.Update(cmd.Context(), func(tx *storage.Tx) error { return tx.NoteBackup() }); err != nil {
				a.warn("the backup is whole, but monitoring does not learn of it: %s", oneLine(err))
			}
			encrypted, err := in.keysAreEncrypted(cmd.Context())
			if err != nil {
				return err
			}
			restoration, err := in.restoration(cmd.Context())
			if err != nil {
				return err
			}
			if a.json {
				return a.object(map[string]any{"file": args[0], "seq": head, "needs_passphrase": encrypted, "unconfirmed": restoration.Waits()})
			}
			a.say("Backed up to %s, up to entry %d.", args[0], head)
			if restoration.Waits() {
				a.say("This site was restored from a backup of %s, and that is not confirmed: what is restored from this one has to be confirmed, too.",
					in.second(restoration.Made))
			}
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
		if err := tx.MarkBackup(); err != nil {
			return err
		}
		head, err = tx.Head()
		return err
	})
	if err == nil {
		err = store.Verify(ctx)
	}
	return head.Seq, errors.Join(err, store.Close())
}

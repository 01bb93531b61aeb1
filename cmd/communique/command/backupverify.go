package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/federation/signature"
)

func newBackupVerifyCommand(a *app) *cobra.Command {
	var identity string
	c := &cobra.Command{
		Use:   "verify FILE",
		Short: "Restore a backup on trial, and tell whether it can be relied on",
		Long: `Restore a backup into a folder that is thrown away, and tell whether it can be relied
on: whether each byte is what was written, by the SHA-256 at its end, each page, index and
reference of the database holds, the log lacks no entry,
the configuration can be read, a page and a feed are shown, and the keys can be used. It
needs no installation, and changes none; the folder is made where TMPDIR says.

Encrypted keys are looked at if their passphrase is here: in ` + passphraseVariable + `,
where the configuration in the backup names its file, or in the installation that --data
names. Otherwise the line of the keys says that they were not looked at.

It ends with 0 if all holds, with 1 if something could not be looked at, and with 2 if
something fails or the backup cannot be read.`,
		Example: `  communique backup verify /backup/press-2026-11-20.backup
  communique backup verify --identity /media/safe/key.txt /backup/press-2026-11-20.backup.age`,
		Args: arguments("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := openBackup(args[0], identity)
			if err != nil {
				return incompleteCheckError{err}
			}
			return a.verifyBackup(cmd.Context(), file)
		},
	}
	c.Flags().StringVar(&identity, "identity", "", "`file` of a secret key of age that decrypts the backup")
	return c
}

// verifyBackup rehearses a backup and tells what that showed.
func (a *app) verifyBackup(ctx context.Context, file backupFile) (err error) {
	folder, err := os.MkdirTemp("", "communique-verify-")
	if err != nil {
		return incompleteCheckError{fmt.Errorf("make room to restore the backup: %w", err)}
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	r, err := a.rehearseBackup(ctx, file, filepath.Join(folder, "rehearsal"), a.passphraseAround)
	if err != nil {
		return incompleteCheckError{err}
	}
	found := foundError{says: "what fails: %d, what was not looked at: %d"}
	for _, p := range r.Parts {
		found.count(p.Verdict)
	}
	if a.json {
		err = a.object(r)
	} else if a.sayRehearsal(r); found.orNil() == nil {
		a.say("The backup can be relied on.")
	}
	return errors.Join(err, found.orNil())
}

// passphraseAround finds the passphrase of a restored site in the environment, in the file
// that its configuration names, or where the installation here has it.
func (a *app) passphraseAround(in *installation) (*signature.Passphrase, error) {
	passphrase, err := a.passphrase(in.config)
	if passphrase != nil || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return passphrase, err
	}
	here, err := config.Load(a.data, a.Env)
	if err != nil {
		return nil, nil // there is none here
	}
	if passphrase, err = a.passphrase(here); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return passphrase, err
}

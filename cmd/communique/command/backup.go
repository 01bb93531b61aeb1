package command

import (
	"context"
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"communique/cmd/internal/config"
	"communique/storage"
	"communique/storage/press"
)

// ownTools say how a database on a server is backed up.
const ownTools = "back it up with pg_dump --format=custom, or by its server's archive for point-in-time recovery, and " + config.File + " with the pictures of actors beside it"

// noBackupsOnTrial says that the server makes none.
const noBackupsOnTrial = "no backups are made by the server while deliveries are held: a site on trial is not to fill the real one's folder"

func newBackupCommand(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "backup [FILE]",
		Short: "Copy everything into one file, while the server runs",
		Long: `Copy everything into one new file: articles and log, followers, keys, the
configuration and the actors' pictures. The server may run and publish meanwhile;
the copy holds all that was acknowledged before. It also holds the private keys
by which followers know the ministry: guard it as you guard these. If they are
encrypted, their passphrase is not in the copy, which cannot be served without it.
With recipients under backup in the configuration the file is encrypted to them (age).

FILE - is standard output. Without FILE a backup is put into the folder that the
configuration names, as the server does by itself: it is restored on trial and looked
at, and old ones of this very site are removed, but none that the site made which it was
restored from. communique backup verify looks at any backup so.`,
		Example: `  communique backup /backup/press-$(date +%F).backup
  communique backup - | ssh vault 'cat > press.backup'
  communique backup`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("expected one FILE, or none; as in: %s", cmd.UseLine())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := a.openToLook(cmd.Context())
			if err != nil {
				return err
			}
			defer in.Close()
			if err := in.onFilesOnly(ownTools); err != nil {
				return err
			}
			switch {
			case len(args) == 1:
				return a.backupTo(cmd.Context(), in, args[0])
			case in.config.Backup.Folder == "":
				return usagef("expected FILE: the configuration names no folder for backups; as in: communique backup FILE")
			}
			return a.backupIntoFolder(cmd.Context(), in)
		},
	}
	c.AddCommand(newBackupVerifyCommand(a))
	return c
}

// backupTo makes a backup of a name, or on standard output, and tells of it.
func (a *app) backupTo(ctx context.Context, in *installation, name string) (err error) {
	var m madeBackup
	if name == "-" {
		m, err = a.backupToOutput(ctx, in)
	} else {
		m, err = a.backupToFile(ctx, in, name)
	}
	if err != nil {
		return err
	}
	if err := in.store.Update(ctx, func(tx *storage.Tx) error { return tx.NoteBackup(m.at, m.size) }); err != nil {
		a.warn("the backup is whole, but monitoring does not learn of it: %s", oneLine(err))
	}
	if name == "-" {
		return nil // where it would be told, the backup is
	}
	return a.printBackup(ctx, in, m)
}

// backupIntoFolder makes one in the folder of the configuration, and tells of it and of its
// rehearsal.
func (a *app) backupIntoFolder(ctx context.Context, in *installation) error {
	passphrase, err := a.passphrase(in.config)
	if err != nil {
		return err
	}
	if in.config.Paused {
		a.warn("%s. This one is made, and none but those of this very site are removed", noBackupsOnTrial)
	}
	m, err := a.backupByRule(ctx, in, passphrase)
	if err != nil {
		return err
	}
	if err := a.printBackup(ctx, in, m); err != nil {
		return err
	}
	if fault := m.rehearsal.fault(); fault != nil {
		return errors.Join(errors.New("the backup is there, and cannot be relied on"), fault)
	}
	return nil
}

// backupLine is a backup as it is printed with --json.
type backupLine struct {
	File            string     `json:"file"`
	Seq             press.Seq  `json:"seq"`
	Size            int64      `json:"size"`
	Encrypted       bool       `json:"encrypted"`
	NeedsPassphrase bool       `json:"needs_passphrase"`
	Unconfirmed     bool       `json:"unconfirmed"`
	Rehearsal       *rehearsal `json:"rehearsal,omitempty"`
	Removed         []string   `json:"removed,omitempty"`
}

func (a *app) printBackup(ctx context.Context, in *installation, m madeBackup) error {
	encrypted, err := in.keysAreEncrypted(ctx)
	if err != nil {
		return err
	}
	restoration, err := in.restoration(ctx)
	if err != nil {
		return err
	}
	recipients := len(in.config.Backup.Seals)
	if a.json {
		return a.object(backupLine{m.file, m.head, m.size, recipients > 0, encrypted, restoration.Waits(), m.rehearsal, m.removed})
	}
	a.say("Backed up to %s, up to entry %d.", m.file, m.head)
	if recipients > 0 {
		a.say("It is encrypted to %d recipients: only their secret keys read it, and none of these is here.", recipients)
	}
	if m.rehearsal != nil {
		a.sayRehearsal(*m.rehearsal)
	}
	for _, old := range m.removed {
		a.say("Removed %s.", filepath.Base(old))
	}
	if m.left != nil {
		a.warn("%s", oneLine(m.left)) // there are more than need be
	}
	if restoration.Waits() {
		a.say("This site was restored from a backup of %s, and that is not confirmed: what is restored from this one has to be confirmed, too.",
			in.second(restoration.Made))
	}
	if encrypted {
		a.say("The keys in it are encrypted, and their passphrase is not in it: keep that elsewhere.")
	}
	return nil
}

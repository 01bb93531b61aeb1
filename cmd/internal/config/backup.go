package config

import (
	"fmt"
	"path/filepath"
	"time"

	"filippo.io/age"

	"communique/cmd/internal/ops/backup"
)

// Backup is where the server puts backups, and to whom they are encrypted.
type Backup struct {
	// Folder is where, in the data folder or absolute; empty if the server makes none.
	Folder string
	// Every is how often, Keep how many are kept.
	Every time.Duration
	Keep  int
	// Recipients are the public keys of age that backups are encrypted to; none if they
	// are not.
	Recipients []string
	// Seals are the same keys, read.
	Seals []age.Recipient
}

// What holds if nothing else is said, and the bounds of it.
const (
	usualEvery = 24 * time.Hour
	leastEvery = time.Minute
	mostEvery  = 31 * 24 * time.Hour
	usualKeep  = 14
	mostKeep   = 10_000
)

// backupFile is the backup of [file].
type backupFile struct {
	Folder     string   `yaml:"folder"`
	Every      string   `yaml:"every"`
	Keep       int      `yaml:"keep"`
	Recipients []string `yaml:"recipients"`
}

func (f file) checkBackup(c *Config) (err error) {
	from := f.Backup
	b := Backup{Folder: from.Folder, Every: usualEvery, Keep: from.Keep, Recipients: from.Recipients}
	if from.Every != "" {
		if b.Every, err = time.ParseDuration(from.Every); err != nil || b.Every < leastEvery || b.Every > mostEvery {
			return &FieldError{Field: "backup.every", Text: fmt.Sprintf("%q is not a time between a minute and 31 days: write one like 24h", from.Every)}
		}
	}
	if b.Keep < 1 || b.Keep > mostKeep {
		return &FieldError{Field: "backup.keep", Text: fmt.Sprintf("%d is not a number between 1 and %d", from.Keep, mostKeep)}
	}
	if b.Seals, err = backup.ParseRecipients(from.Recipients); err != nil {
		return &FieldError{Field: "backup.recipients", Text: err.Error()}
	}
	if clean := filepath.Clean(b.Folder); b.Folder != "" && (clean == "." || clean == "..") {
		return &FieldError{Field: "backup.folder", Text: fmt.Sprintf("%q is not a folder for backups alone, best on another disk: name one like /backup/press", b.Folder)}
	}
	c.Backup = b
	return nil
}

// BackupFolder is where the server puts backups; empty if it makes none.
func (c Config) BackupFolder() string {
	if c.Backup.Folder == "" {
		return ""
	}
	return c.InData(c.Backup.Folder)
}

// lines are those of the file that say something.
func (b Backup) lines() map[string]any {
	all := map[string]any{"folder": b.Folder, "recipients": b.Recipients}
	if b.Folder != "" {
		all["every"], all["keep"] = b.Every.String(), b.Keep
	}
	return all
}

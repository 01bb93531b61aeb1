package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"communique/storage/press"
)

const (
	// factBackedUp is when the last backup of this database was made.
	factBackedUp = "backed_up"
	// factBackups is what else is known of backups.
	factBackups = "backups"
)

// Backups is what is known of the backups of a database.
type Backups struct {
	// Made is when the last one was, zero if none was, and Size how many bytes it has, 0 if
	// that is not known.
	Made time.Time `json:"-"`
	Size int64     `json:"size,omitempty"`
	// Rehearsed is when the last rehearsal ended, and Fault why it failed; Proven is when
	// the newest backup was made whose rehearsal did not.
	Rehearsed time.Time `json:"rehearsed,omitzero"`
	Fault     string    `json:"fault,omitempty"`
	Proven    time.Time `json:"proven,omitzero"`
	// FailedAt is when none could be made, and Failed why; empty if the last one could.
	FailedAt time.Time `json:"failed_at,omitzero"`
	Failed   string    `json:"failed,omitempty"`
	// Files are the names of those that this database has in the folder for backups, the
	// newest last. Those of what it was restored from are none of its own.
	Files []string `json:"files,omitempty"`
}

// Backups reads what is known of them.
func (tx *Tx) Backups() (b Backups, err error) {
	text, err := tx.Fact(factBackups)
	if err == nil {
		err = json.Unmarshal([]byte(text), &b)
	}
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return b, fmt.Errorf("read what is known of backups: %w", err)
	}
	switch text, err = tx.Fact(factBackedUp); {
	case err == nil:
		b.Made, err = time.Parse(time.RFC3339Nano, text)
	case errors.Is(err, press.ErrNotFound):
		err = nil
	}
	if err != nil {
		return b, fmt.Errorf("read when the last backup was made: %w", err)
	}
	return b, nil
}

// NoteBackup notes that a backup was made, when, and of how many bytes.
func (tx *Tx) NoteBackup(made time.Time, size int64) error {
	if err := tx.SetFact(factBackedUp, made.Format(time.RFC3339Nano)); err != nil {
		return err
	}
	return tx.noteBackups(func(b *Backups) { b.Size, b.Failed, b.FailedAt = size, "", time.Time{} })
}

// NoteRehearsal notes that the backup of an instant was rehearsed, and why that failed; no
// fault if it did not.
func (tx *Tx) NoteRehearsal(made time.Time, fault string) error {
	return tx.noteBackups(func(b *Backups) {
		if b.Rehearsed, b.Fault = tx.Now(), fault; fault == "" {
			b.Proven = made
		}
	})
}

// NoteFiles notes the names of the backups that the folder has of this database, the newest
// last.
func (tx *Tx) NoteFiles(names []string) error {
	return tx.noteBackups(func(b *Backups) { b.Files = names })
}

// NoteNoBackup notes why none could be made.
func (tx *Tx) NoteNoBackup(why string) error {
	return tx.noteBackups(func(b *Backups) { b.Failed, b.FailedAt = why, tx.Now() })
}

func (tx *Tx) noteBackups(change func(*Backups)) error {
	b, err := tx.Backups()
	if err != nil {
		return err
	}
	change(&b)
	text, err := json.Marshal(b)
	if err != nil {
		return fmt.Errorf("note what is known of backups: %w", err)
	}
	return tx.SetFact(factBackups, string(text))
}

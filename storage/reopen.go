package storage

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"communique/storage/press"
)

// Facts of backups. factBackup is in a backup, the others in what was restored from one.
const (
	factBackup      = "backup_made"
	factRestored    = "restored" // when the backup was made, and when it was restored
	factUnconfirmed = "restored_unconfirmed"
	factConfirmed   = "restored_confirmed" // when
)

// MarkBackup notes in a copy when it was made.
func (tx *Tx) MarkBackup() error { return tx.SetFact(factBackup, tx.Now().Format(time.RFC3339Nano)) }

// Reopen prepares a database that was restored from a backup for going on, and
// returns the head of the log. If the backup is of what was restored itself, and never
// confirmed, the first backup counts. If it has drafts under embargo these are held: one
// may have been cancelled since, or given a new text or a later second. Sessions and
// invitations are ended, of which some may have been before, and so is all that people sign in
// by; none of them may do anything before it is said that they still work here. What was
// approved for an instant waits for an approval again. The backups in the folder are
// those of the site that was backed up, which may still run. Nothing is to
// be served until [Tx.ConfirmRestore], and no server is shown which followers it has
// here until [audience.Tx.ConfirmFollowers].
func (tx *Tx) Reopen() (press.Seq, error) {
	head, err := tx.Head()
	if err != nil {
		return 0, err
	}
	made := head.At.Format(time.RFC3339Nano) // a copy of version 0.4 says only what is in it
	taken, err := tx.TakeFacts(factBackup)
	if err != nil {
		return 0, err
	}
	if at, ok := taken[factBackup]; ok {
		made = at
	}
	before, err := tx.Restoration()
	if err != nil {
		return 0, err
	}
	if before.Waits() {
		made = before.Made.Format(time.RFC3339Nano) // nobody has looked at what was done since
	}
	if err := tx.SetFact(factRestored, made+" "+tx.Now().Format(time.RFC3339Nano)); err != nil {
		return 0, err
	}
	if err := tx.SetFact(factUnconfirmed, "1"); err != nil {
		return 0, err
	}
	if _, err := tx.TakeFacts(factConfirmed); err != nil {
		return 0, err
	}
	if err := tx.FollowersMayLack(); err != nil {
		return 0, err
	}
	if err := errors.Join(tx.EndAll(), tx.DoubtAll(), tx.RecallPlans()); err != nil {
		return 0, err
	}
	if err := tx.NoteFiles(nil); err != nil {
		return 0, err
	}
	if err := tx.putAside(head.Seq); err != nil {
		return 0, err
	}
	seq, err := tx.log.JumpAhead(0)
	if err != nil {
		return 0, err
	}
	next, err := tx.NextRelease()
	if err == nil && !next.IsZero() {
		err = tx.HoldEmbargoes("a backup was restored, which does not know what became of drafts since")
	}
	return seq, err
}

// Restoration is how a database came out of a backup. The zero one is that it did not.
type Restoration struct {
	Made      time.Time // the backup
	At        time.Time // when it was restored
	Confirmed bool
	// ConfirmedAt is when, or when it was restored if that is not known.
	ConfirmedAt time.Time
}

// Waits tells whether nothing is to be served because nobody has confirmed the restore.
func (r Restoration) Waits() bool { return !r.At.IsZero() && !r.Confirmed }

// Restoration reads whether the database was restored from a backup.
func (tx *Tx) Restoration() (r Restoration, err error) {
	text, err := tx.Fact(factRestored)
	if errors.Is(err, press.ErrNotFound) {
		return r, nil
	}
	if err != nil {
		return r, err
	}
	made, at, _ := strings.Cut(text, " ")
	if r.Made, err = time.Parse(time.RFC3339Nano, made); err == nil {
		r.At, err = time.Parse(time.RFC3339Nano, at)
	}
	if err != nil {
		return r, fmt.Errorf("read when the backup was restored: %w", err)
	}
	_, err = tx.Fact(factUnconfirmed)
	r.Confirmed = errors.Is(err, press.ErrNotFound)
	if !r.Confirmed || err == nil {
		return r, err
	}
	r.ConfirmedAt = r.At
	at, err = tx.Fact(factConfirmed)
	if errors.Is(err, press.ErrNotFound) {
		return r, nil
	}
	if err == nil {
		r.ConfirmedAt, err = time.Parse(time.RFC3339Nano, at)
	}
	return r, err
}

// ConfirmRestore lets what was restored from a backup be served. It returns
// press.ErrNotFound if nothing waits for it.
func (tx *Tx) ConfirmRestore() error {
	taken, err := tx.TakeFacts(factUnconfirmed)
	if err == nil && len(taken) == 0 {
		err = fmt.Errorf("%w: no restored backup waits to be confirmed", press.ErrNotFound)
	}
	if err == nil {
		err = tx.ForgetReplay()
	}
	if err == nil {
		err = tx.SetFact(factConfirmed, tx.Now().Format(time.RFC3339Nano))
	}
	return err
}

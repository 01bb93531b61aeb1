package storage

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"communique/storage/press"
)

// Facts of the journal, which is kept outside the database.
const (
	factJournal        = "journal_name"
	factJournalsBefore = "journals_before" // those of the database that the backup was made of
	factReplayed       = "journal_replayed"
)

// Journals are the names under which what was done is noted outside of the database, so
// that it can be done again after a restore.
type Journals struct {
	// Name is that of this database; empty if none was given yet.
	Name string
	// Before are those of the database that the backup was made of which this one was
	// restored from, as long as nobody has done again or confirmed what they tell.
	Before []string
	// Replayed is up to which entry of theirs the log has what they tell, or it was done again.
	Replayed press.Seq
}

// Journals reads the names of the journals.
func (tx *Tx) Journals() (j Journals, err error) {
	var before, replayed string
	for name, into := range map[string]*string{factJournal: &j.Name, factJournalsBefore: &before, factReplayed: &replayed} {
		if *into, err = tx.Fact(name); err != nil && !errors.Is(err, press.ErrNotFound) {
			return j, err
		}
	}
	j.Before = strings.Fields(before)
	if replayed == "" {
		return j, nil
	}
	seq, err := strconv.ParseInt(replayed, 10, 64)
	if err != nil {
		return j, fmt.Errorf("read how far the journal was replayed: %w", err)
	}
	j.Replayed = press.Seq(seq)
	return j, nil
}

// NameJournal gives the journal of this database its name, a single word.
func (tx *Tx) NameJournal(name string) error { return tx.SetFact(factJournal, name) }

// NoteReplayed notes up to which entry journals were done again.
func (tx *Tx) NoteReplayed(seq press.Seq) error {
	return tx.SetFact(factReplayed, strconv.FormatInt(int64(seq), 10))
}

// ForgetReplay forgets the journals of before, when all was done again.
func (tx *Tx) ForgetReplay() error {
	_, err := tx.TakeFacts(factReplayed)
	if err == nil {
		_, err = tx.TakeFacts(factJournalsBefore)
	}
	return err
}

// putAside has what was restored begin a journal of its own: that of the site it was a copy of
// may go on. What that one tells behind the head is to be done again here.
func (tx *Tx) putAside(head press.Seq) error {
	j, err := tx.Journals()
	if err != nil || j.Name == "" {
		return err
	}
	if err := tx.SetFact(factJournalsBefore, strings.Join(append(j.Before, j.Name), " ")); err != nil {
		return err
	}
	if len(j.Before) == 0 { // else nobody has looked at what the first ones tell
		if err := tx.NoteReplayed(head); err != nil {
			return err
		}
	}
	_, err = tx.TakeFacts(factJournal)
	return err
}

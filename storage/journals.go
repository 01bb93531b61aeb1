package storage

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"communique/storage/press"
)

// Facts of the journal, which is kept outside the database.
const (
	// factsOfJournals is how the names of all of them begin.
	factsOfJournals    = "journal"
	factJournal        = "journal_name"
	factJournalsBefore = "journals_before" // those of the database that the backup was made of
	factReplayed       = "journal_replayed"
	factUnwritten      = "journal_unwritten"         // since when it could not be written
	factGapsBefore     = "journals_before_unwritten" // of those before, in the copy that was restored
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
	// Unwritten is since when that of this database could not be written; zero if it is.
	Unwritten time.Time
	// Gaps are since when those of before could not be written when the backup was made: they
	// tell all that was done since only if they say that they were written again.
	Gaps []time.Time
}

// Journals reads the names of the journals.
func (tx *Tx) Journals() (j Journals, err error) {
	facts, err := tx.db.Facts(factsOfJournals)
	if err != nil {
		return j, err
	}
	j.Name, j.Before = facts[factJournal], strings.Fields(facts[factJournalsBefore])
	for text := range strings.FieldsSeq(facts[factGapsBefore]) {
		gap, err := unwrittenSince(text)
		if err != nil {
			return j, err
		}
		j.Gaps = append(j.Gaps, gap)
	}
	if unwritten := facts[factUnwritten]; unwritten != "" {
		if j.Unwritten, err = unwrittenSince(unwritten); err != nil {
			return j, err
		}
	}
	replayed := facts[factReplayed]
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

func unwrittenSince(text string) (time.Time, error) {
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, fmt.Errorf("read since when the journal was not written: %w", err)
	}
	return at, nil
}

// NoteUnwritten notes that the journal cannot be written from now on, if that is not known: so
// a backup knows that it may not tell what is done after.
func (tx *Tx) NoteUnwritten() error {
	_, err := tx.Fact(factUnwritten)
	if errors.Is(err, press.ErrNotFound) {
		err = tx.SetFact(factUnwritten, tx.Now().Format(time.RFC3339Nano))
	}
	return err
}

// NoteWritten notes that the journal was written again, and says so itself.
func (tx *Tx) NoteWritten() error {
	_, err := tx.TakeFacts(factUnwritten)
	return err
}

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
	if !j.Unwritten.IsZero() {
		var gaps []string
		for _, gap := range append(j.Gaps, j.Unwritten) {
			gaps = append(gaps, gap.Format(time.RFC3339Nano))
		}
		if err := tx.SetFact(factGapsBefore, strings.Join(gaps, " ")); err != nil {
			return err
		}
		if err := tx.NoteWritten(); err != nil {
			return err
		}
	}
	_, err = tx.TakeFacts(factJournal)
	return err
}

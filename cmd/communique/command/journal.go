package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"communique/cmd/internal/config"
	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// keeper writes the journal for a desk. Where that cannot be done it raises an alarm, and
// what is being done goes on: a withdrawal is urgent.
type keeper struct {
	*journal.Journal
	alarm func(err error) // nil: it is written again
}

// Intend notes what is about to be committed. If it cannot, Settle tries again and says so.
func (k keeper) Intend(tx *storage.Tx) {
	if k.Journal.Intend(tx) != nil { // told by Settle, when it is done
		_ = tx.NoteUnwritten() // what fails here fails at the commit
	}
}

// Settle notes what was committed.
func (k keeper) Settle(ctx context.Context) {
	k.alarm(k.Sync(context.WithoutCancel(ctx))) // what was done is to be noted, whoever goes away
}

// Note notes what was done to a draft.
func (k keeper) Note(did journal.Deed, id press.ArticleID, at time.Time) {
	if err := k.Journal.Note(did, id, at); err != nil {
		k.alarm(err)
	}
}

// NoteWithdrawn notes that a picture or file was withdrawn.
func (k keeper) NoteWithdrawn(w newsdesk.WithdrawnMedia) {
	if err := k.Journal.NoteWithdrawn(w); err != nil {
		k.alarm(err)
	}
}

// journalOf is the journal of an installation under its name.
func (in *installation) journalOf(name string) *journal.Journal {
	machine, err := os.Hostname()
	if err != nil {
		machine = "unknown"
	}
	like := in.config.Data
	if in.config.Server == "" {
		like = filepath.Join(like, config.Database)
	}
	return journal.New(journal.Options{Store: in.store, Folder: in.config.JournalFolder(), Name: name, Machine: machine, Site: in.config.BaseURL, Like: like})
}

// beginJournal has what is done be noted outside of the database, from here on if that is new.
func (a *app) beginJournal(ctx context.Context, in *installation) error {
	j, err := in.journals(ctx)
	if err == nil && j.Name == "" {
		j.Name = string(press.NewArticleID()) // as random as that
		err = in.store.Update(ctx, func(tx *storage.Tx) error {
			now, err := tx.Journals()
			if err != nil || now.Name != "" {
				j = now // another program was faster
				return err
			}
			return tx.NameJournal(j.Name)
		})
	}
	if err != nil {
		return fmt.Errorf("name the journal: %w", err)
	}
	told := false
	in.journal = &keeper{in.journalOf(j.Name), func(err error) {
		if err != nil && !told {
			told = true
			a.warn("%s", journalAlarm(err))
		}
	}}
	return nil
}

func (in *installation) journals(ctx context.Context) (j storage.Journals, err error) {
	err = in.store.View(ctx, func(tx *storage.Tx) error {
		j, err = tx.Journals()
		return err
	})
	return j, err
}

// knowJournal has the database know whether the journal can be written, before a backup of
// it is made: status and who has it open tell if not.
func (in *installation) knowJournal(ctx context.Context) {
	if j, err := in.journals(ctx); err == nil && j.Name != "" {
		_ = in.journalOf(j.Name).Sync(ctx)
	}
}

// journalAlarm says what it means that the journal was not written.
func journalAlarm(err error) string {
	if _, is := errors.AsType[*journal.LacksError](err); is {
		return oneLine(err) + ": run communique restore --replay, which does again what was withdrawn and corrected"
	}
	return fmt.Sprintf("the journal cannot be written: %s. What was done is done, but the restore of a backup would not know of it. Mend that soon: whatever is missing is written then; until then make a backup after each withdrawal", oneLine(err))
}

// A server writes what the log has every so often, and says no oftener that it cannot.
const (
	journalEvery      = time.Second
	journalAlarmEvery = time.Minute
)

// keepJournal writes the journal until ctx ends. Where that tells of a withdrawal or a correction
// that the database lacks, as after the failover to a standby that had not got it, it ends the
// server, for which it is as at its start: what was withdrawn would be public again.
func (in *installation) keepJournal(ctx context.Context, end func(error), log *slog.Logger) {
	var last press.Seq
	var failing bool
	var told time.Duration
	storage.Every(ctx, journalEvery, func(ctx context.Context) error {
		var head press.Seq
		var unwritten bool // by another program
		err := in.store.View(ctx, func(tx *storage.Tx) error {
			h, err := tx.Head()
			if err != nil {
				return err
			}
			j, err := tx.Journals()
			head, unwritten = h.Seq, !j.Unwritten.IsZero()
			return err
		})
		if err != nil || head == last && !failing && !unwritten {
			return nil //nolint:nilerr // others say so that the database is away
		}
		if err := in.syncJournal(ctx); err != nil {
			return err
		}
		last = head
		return nil
	}, func(err error) {
		if _, lacks := errors.AsType[*journal.LacksError](err); lacks {
			end(errors.New(journalAlarm(err)))
			return
		}
		now := in.store.Elapsed()
		switch {
		case err == nil && failing:
			log.Info("the journal is written again", "folder", in.journal.Folder())
		case err != nil && (!failing || now-told >= journalAlarmEvery):
			log.Error(journalAlarm(err))
			told = now
		}
		failing = err != nil
	})
}

// syncJournal writes the journal. A log that lacks something may not have gone on after its gap yet:
// only then it is known whether more is missing than what was published.
func (in *installation) syncJournal(ctx context.Context) error {
	err := in.journal.Sync(ctx)
	if _, lacks := errors.AsType[*journal.LacksError](err); !lacks {
		return err
	}
	if err := in.store.Update(ctx, func(*storage.Tx) error { return nil }); err != nil {
		return err
	}
	return in.journal.Sync(ctx)
}

// keepsJournal keeps a site from being served that lacks what its journal tells.
func (s *start) keepsJournal(ctx context.Context, _ *app) ([]error, []string, error) {
	j, err := s.in.journals(ctx)
	if err != nil || j.Name == "" {
		return nil, nil, err
	}
	standing, err := s.in.journalOf(j.Name).Look(ctx)
	switch {
	case err != nil:
		return nil, []string{journalAlarm(err)}, nil
	case standing.Lacks != nil:
		return []error{errors.New(journalAlarm(standing.Lacks))}, nil, nil
	}
	var warned []string
	for _, d := range standing.Damaged {
		warned = append(warned, fmt.Sprintf("the journal is damaged: %v. Make a backup: a restore that needs that line will not do without a person", d))
	}
	return nil, warned, nil
}

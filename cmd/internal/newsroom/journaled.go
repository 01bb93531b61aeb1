package newsroom

import (
	"context"
	"time"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Journal notes outside of the database what a desk does to what is public, so that it can
// be done again after a restore: see [Desk.Replay]. That it cannot be written must keep
// nobody from a withdrawal, which is urgent: it returns nothing, and raises an alarm itself.
type Journal interface {
	// Intend notes corrections and withdrawals in their transaction, right before its commit.
	Intend(tx *storage.Tx)
	// Settle notes whatever was committed, and what was not after all.
	Settle(ctx context.Context)
	// Note notes that a draft under embargo was cancelled or changed.
	Note(did journal.Deed, id press.ArticleID, at time.Time)
	// NoteWithdrawn notes that a picture or file was withdrawn.
	NoteWithdrawn(newsdesk.WithdrawnMedia)
}

// journaled is what an act becomes on a desk that has a journal.
func (d Desk) journaled(act func(*storage.Tx) error) func(*storage.Tx) error {
	if d.Journal == nil {
		return act
	}
	return func(tx *storage.Tx) error {
		err := act(tx)
		if err == nil {
			d.Journal.Intend(tx)
		}
		return err
	}
}

// settle has the journal say what became of acts.
func (d Desk) settle(ctx context.Context) {
	if d.Journal != nil {
		d.Journal.Settle(ctx)
	}
}

// noteDraft notes what was done to a draft, once it is.
func (d Desk) noteDraft(did journal.Deed, a press.Article) {
	if d.Journal != nil {
		d.afterwards(func() { d.Journal.Note(did, a.ID, d.Store.Now()) })
	}
}

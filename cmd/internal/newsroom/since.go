package newsroom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// Done is something that was done to an article.
type Done struct {
	Article press.Article // as it is after all that was done to it
	What    Deed
	At      time.Time // zero if that is not kept
	Note    string    // what was corrected, or why it was withdrawn
}

// Deed is what was done.
type Deed string

// Said is the deed in words, before what it was done to.
func (d Deed) Said() string {
	switch d {
	case WasFiled:
		return "filed under embargo"
	case WasRedrafted:
		return "changed under embargo"
	case WasCancelled:
		return "cancelled under embargo"
	case WasHidden:
		return "hid earlier wordings of"
	}
	return string(d)
}

// What can have been done since a backup was made.
const (
	WasPublished Deed = "published"
	WasCorrected Deed = "corrected"
	WasWithdrawn Deed = "withdrawn"
	WasFiled     Deed = "filed"
	WasRedrafted Deed = "changed"
	WasCancelled Deed = "cancelled"
	WasHidden    Deed = "hid"
)

// ErrElsewhere is that a database is not what became of a backup. It is
// press.ErrConflict.
var ErrElsewhere = fmt.Errorf("%w: another site's", press.ErrConflict)

// Since compares a backup with the database that it was made of, as it was left later,
// and returns what was done between, in its order, what was hidden after it, drafts last. What is returned with
// an error is as much as could be read.
func Since(ctx context.Context, backup, left *storage.Store) ([]Done, error) {
	base, head, drafts, err := stateOf(ctx, backup)
	if err != nil {
		return nil, fmt.Errorf("read the backup: %w", err)
	}
	var entries []press.Entry
	err = left.View(ctx, func(tx *storage.Tx) error {
		address, err := tx.Fact(factBaseURL)
		if err != nil {
			return err
		}
		if address != base {
			return fmt.Errorf("%w: it is of %s, and the backup of %s", ErrElsewhere, address, base)
		}
		entries, err = entriesSince(tx, head)
		return err
	})
	var all []Done
	for _, e := range entries {
		// Each for itself: what is damaged must not hide the others.
		failed := left.View(ctx, func(tx *storage.Tx) error {
			done, err := doneBy(tx, e)
			all = append(all, done)
			return err
		})
		err = cmp.Or(err, failed)
	}
	if err != nil {
		return all, err
	}
	hidden, err := hiddenSince(ctx, backup, left, entries)
	all = append(all, hidden...)
	if err != nil {
		return all, err
	}
	err = left.View(ctx, func(tx *storage.Tx) error {
		changed, err := draftsSince(tx, drafts)
		all = append(all, changed...)
		return err
	})
	return all, err
}

// factBaseURL is where the address of a site is kept, by which it is known.
const factBaseURL = "base_url"

// stateOf reads what a backup knows: its site, its head, and its drafts.
func stateOf(ctx context.Context, backup *storage.Store) (base string, head press.Seq, drafts map[press.ArticleID]press.Edition, err error) {
	drafts = map[press.ArticleID]press.Edition{}
	err = backup.View(ctx, func(tx *storage.Tx) error {
		if base, err = tx.Fact(factBaseURL); err != nil {
			return err
		}
		h, err := tx.Head()
		if err != nil {
			return err
		}
		head = h.Seq
		all, err := tx.Drafts()
		for _, a := range all {
			if drafts[a.ID], _, err = tx.Filed(a.ID); err != nil {
				return err
			}
		}
		return err
	})
	return base, head, drafts, err
}

// entriesSince reads what the log says of articles after an entry.
func entriesSince(tx *storage.Tx, head press.Seq) ([]press.Entry, error) {
	const page = 500
	var all []press.Entry
	for {
		entries, err := tx.EntriesAfter(head, page)
		for _, e := range entries {
			if head = e.Seq; e.Article != "" {
				all = append(all, e)
			}
		}
		if err != nil || len(entries) < page {
			return all, err
		}
	}
}

// doneBy reads what an entry did. With an error it is what the entry itself says.
func doneBy(tx *storage.Tx, e press.Entry) (Done, error) {
	done := Done{Article: press.Article{ID: e.Article}, What: Deed(e.Kind), At: e.At}
	a, err := tx.Article(e.Article)
	if err != nil {
		return done, err
	}
	done.Article = a
	switch e.Kind {
	case press.KindWithdrawn:
		done.Note = a.Reason
	case press.KindCorrected:
		var history []press.Revision
		if history, err = tx.NotedHistory(a.ID, a.Revision); err == nil {
			if i := slices.IndexFunc(history, func(r press.Revision) bool { return r.Number == e.Revision }); i >= 0 {
				done.Note = history[i].Note
			}
		}
	}
	return done, err
}

// draftsSince reads what became of drafts, of which the log says nothing, and which
// there are that a backup does not know.
func draftsSince(tx *storage.Tx, before map[press.ArticleID]press.Edition) ([]Done, error) {
	var all []Done
	for id, edition := range before {
		a, err := tx.Article(id)
		if errors.Is(err, press.ErrNotFound) {
			continue
		}
		if err != nil {
			return all, err
		}
		now, _, err := tx.Filed(id)
		switch {
		case err != nil:
			return all, err
		case a.State == press.Cancelled:
			all = append(all, Done{Article: a, What: WasCancelled, At: a.WithdrawnAt})
		case a.State == press.Embargoed && !now.Same(edition):
			all = append(all, Done{Article: a, What: WasRedrafted})
		}
	}
	drafts, err := tx.Drafts()
	for _, a := range drafts {
		if _, known := before[a.ID]; !known {
			all = append(all, Done{Article: a, What: WasFiled, At: a.Revised})
		}
	}
	slices.SortStableFunc(all, func(a, b Done) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Article.ID, b.Article.ID))
	})
	return all, err
}

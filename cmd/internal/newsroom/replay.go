package newsroom

import (
	"context"
	"errors"
	"fmt"
	"time"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// Replayed is what became of a line of a journal.
type Replayed struct {
	Line    journal.Line
	Article press.Article // as it is then; zero if there is none
	Fate    ReplayFate
	// Notes tell what of it could not be done.
	Notes []string
	Err   error // of [Failed]
}

// ReplayFate is what becomes of what a journal tells.
type ReplayFate string

// The fates.
const (
	// Again was done again, as of when it was done first.
	Again ReplayFate = "again"
	// Orphaned is withdrawn though nothing else is known of it: see [Desk.WithdrawOrphan].
	Orphaned ReplayFate = "orphaned"
	// Lost is not here: what was published since, and what was corrected of it.
	Lost ReplayFate = "lost"
	// Waiting is a draft that waits for a person: it was published or changed since.
	Waiting ReplayFate = "waiting"
	// Failed could not be done again.
	Failed ReplayFate = "failed"
)

// errNoText is that a journal does not have what an article was made to say.
var errNoText = fmt.Errorf("%w: the text of the correction is not in the journal", press.ErrNotFound)

// Replay does again what a journal tells and the log does not have: it withdraws and corrects,
// as of the instants when that was done first, which the clock of the store is set to by at.
// What is known here already, or was done again before, is passed over. Each line is a
// transaction of its own, and one that fails keeps none of the others from being done.
func (d Desk) Replay(ctx context.Context, r journal.Record, at func(time.Time)) ([]Replayed, error) {
	var all []Replayed
	last := map[press.ArticleID]press.Seq{} // the last correction, or the withdrawal
	for _, l := range r.Lines {
		if l.Did == journal.Deed(press.KindCorrected) || l.Did == journal.Deed(press.KindWithdrawn) {
			last[l.Article] = l.Seq
		}
	}
	for _, l := range r.Lines {
		if l.Did == journal.Deed(press.KindCorrected) && l.Text == nil && len(l.Withdrew) == 0 && last[l.Article] != l.Seq {
			continue // a later one takes its place
		}
		at(l.At)
		done, passed := Replayed{Line: l}, false
		err := d.Store.Update(ctx, func(tx *storage.Tx) (err error) {
			done = Replayed{Line: l}
			if passed, err = known(tx, l); passed || err != nil {
				return err
			}
			if err := d.replay(tx, l, &done); err != nil || l.Seq == 0 {
				return err
			}
			return tx.NoteReplayed(l.Seq)
		})
		switch {
		case errors.Is(err, press.ErrInvalid), errors.Is(err, press.ErrConflict), errors.Is(err, press.ErrNotFound):
			done.Fate, done.Err = Failed, err
		case err != nil:
			return all, fmt.Errorf("replay number %d of the journal: %w", l.Seq, err)
		}
		if !passed && done.Fate != "" {
			all = append(all, done)
		}
	}
	return all, nil
}

// known tells whether the log has what a line tells, or it was done again already.
func known(tx *storage.Tx, l journal.Line) (bool, error) {
	if l.Seq == 0 {
		return false, nil
	}
	j, err := tx.Journals()
	if err != nil || l.Seq <= j.Replayed {
		return true, err
	}
	e, err := tx.Entry(l.Seq)
	if errors.Is(err, press.ErrNotFound) {
		return false, nil
	}
	return e.At.Equal(l.At) && e.Article == l.Article, err
}

// replay does a line again. A fate that is left out is that there is nothing to do.
func (d Desk) replay(tx *storage.Tx, l journal.Line, r *Replayed) error {
	if len(l.Withdrew) > 0 {
		return takeOutAgain(tx, l, r)
	}
	a, err := tx.Article(l.Article)
	unknown := errors.Is(err, press.ErrNotFound)
	if l.Article == "" || err != nil && !unknown {
		return ifFound(err)
	}
	r.Article = a
	switch {
	case l.Did == journal.Deed(press.KindWithdrawn):
		return d.withdrawAgain(tx, l, r)
	case unknown:
		if l.Seq > 0 { // of a draft nothing is left to do
			r.Fate = Lost
		}
	case l.Did == journal.Deed(press.KindCorrected):
		return d.correctAgain(tx, l, r)
	case a.State != press.Embargoed:
	case l.Did == journal.Cancelled:
		r.Fate = Again
		r.Article, _, err = tx.Withdraw(a.ID, "")
		return err
	default:
		r.Fate = Waiting
	}
	return nil
}

// ifFound is an error, but none that something is not there.
func ifFound(err error) error {
	if errors.Is(err, press.ErrNotFound) {
		return nil
	}
	return err
}

// withdrawAgain withdraws what was withdrawn. A draft was published before that: its
// followers may have it.
func (d Desk) withdrawAgain(tx *storage.Tx, l journal.Line, r *Replayed) (err error) {
	switch r.Article.State {
	case press.Withdrawn:
		return nil
	case press.Published:
		r.Fate = Again
		r.Article, _, err = tx.Withdraw(l.Article, l.Note)
		return err
	}
	o := newsdesk.Orphan{ID: l.Article, Language: l.Language}
	if l.Published != nil {
		o.Published = *l.Published
	}
	if o.Section, err = someSection(tx, l.Section); err != nil {
		return err
	}
	r.Fate = Orphaned
	r.Article, _, err = tx.WithdrawOrphan(o, l.Note)
	return err
}

// sectionAt is the section that has a path, or had it.
func sectionAt(tx *storage.Tx, path press.Path) (press.SectionID, error) {
	tree, err := tx.Tree()
	if err != nil {
		return press.Root, err
	}
	s, found := tree.ByPath(path)
	if !found {
		s, found = tree.Former(path)
	}
	if !found || path == "" {
		return press.Root, fmt.Errorf("%w: section %s", press.ErrNotFound, path)
	}
	return s.ID, nil
}

// correctAgain has an article say what it was corrected to say.
func (d Desk) correctAgain(tx *storage.Tx, l journal.Line, r *Replayed) error {
	before := r.Article
	if before.State == press.Withdrawn || before.State == press.Cancelled {
		return nil
	}
	if l.Text == nil {
		return errNoText
	}
	draft := press.Draft{
		Section: before.Section, Language: l.Language, Title: l.Text.Title, Lead: l.Text.Lead, Body: l.Text.Body, Tags: l.Text.Tags, Particulars: l.Text.Particulars,
		Silent: before.Silent, Document: l.Text.Document,
	}
	if l.Published != nil && before.Silent && !l.Published.Equal(before.Published) {
		draft.Published, draft.Precision = *l.Published, before.Precision
	}
	section, err := sectionAt(tx, l.Section)
	switch {
	case err == nil:
		draft.Section = section
	case errors.Is(err, press.ErrNotFound):
		r.Notes = append(r.Notes, fmt.Sprintf("the section %s is not here: it stays where it was", l.Section))
	default:
		return err
	}
	if draft.Images, err = tx.DescribeImages(l.Text.Images); err != nil {
		return err
	}
	var kept []press.Image
	for _, i := range draft.Images {
		if newsdesk.MediaHash(i.Src) != "" && i.Width == 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("a picture that was added is not here: %s", i.Alt))
			continue
		}
		kept = append(kept, i)
	}
	draft.Images = kept
	r.Fate = Again
	if before.State == press.Embargoed {
		r.Fate = Waiting
	}
	r.Article, _, err = tx.Correct(before.ID, newsdesk.Correction{Draft: draft, Note: l.Note, Minor: l.Minor, HideEarlier: l.Hides})
	if err == nil && l.Hides {
		err = tx.HideWordingsOf(before.ID, r.Article.Title)
	}
	return err
}

package newsdesk

import (
	"errors"
	"fmt"
	"time"

	"communique/storage/press"
)

// Orphan is an article that others have and the database does not know as public: it was
// published after the backup was made that the database was restored from.
type Orphan struct {
	ID       press.ArticleID
	Language press.Language
	// Section is where readers of feeds are told of it, and in all sections above.
	Section press.SectionID
	// Published is when it was, zero if that is not known.
	Published time.Time
}

// WithdrawOrphan withdraws an article of which nothing is known but its id, for a reason
// that the public is told, and appends its entry: its address says that it was withdrawn,
// and as nobody knows who has it, all are told to delete it. A draft of this id is
// cancelled, which is what it was before it was published. It returns press.ErrConflict
// for an article that is public or was withdrawn.
func (tx *Tx) WithdrawOrphan(o Orphan, reason string) (press.Article, press.Entry, error) {
	if err := press.CheckText("reason", reason, press.MaxNote); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if err := tx.log.Lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	a, err := tx.orphan(o)
	if err != nil {
		return a, press.Entry{}, err
	}
	e, err := tx.log.Append(press.Entry{Kind: press.KindWithdrawn, Article: a.ID, Revision: a.Revision})
	if err != nil {
		return a, e, err
	}
	// It takes the places that it would have had, for readers of feeds are told there.
	before := a
	before.State = press.Published
	if err := tx.updatePositions(e, press.Article{}, before); err != nil {
		return a, e, err
	}
	if err := tx.endArticle(&a, press.Withdrawn, reason, tx.db.Now()); err != nil {
		return a, e, err
	}
	a.Changed = e.Seq
	return a, e, tx.updateViews(e, before, a)
}

// orphan makes an article without a text of one that is not known, or takes the draft that
// it once was, of which nothing is left then.
func (tx *Tx) orphan(o Orphan) (press.Article, error) {
	known, err := tx.Article(o.ID)
	switch {
	case errors.Is(err, press.ErrNotFound):
	case err != nil:
		return known, err
	case known.State == press.Embargoed:
		err := tx.cancel(&known)
		return known, err
	case known.State == press.Cancelled:
		return known, nil
	default:
		return known, fmt.Errorf("%w: article %s is known here, and %s: it is no orphan", press.ErrConflict, o.ID, known.State)
	}
	at := o.Published
	if at.IsZero() {
		at = tx.db.Now()
	}
	a := press.Article{
		ID: o.ID, Group: o.ID, Section: o.Section, Language: o.Language, State: press.Published, Silent: true,
		Published: at.UTC().Truncate(time.Second), Precision: press.ToTheSecond, Revision: 1, Worded: 1, Agrees: 1, Revised: at.UTC().Truncate(time.Second),
	}
	a.Updated = a.Published
	return a, tx.insertArticle(a, "")
}

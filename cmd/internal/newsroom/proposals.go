package newsroom

import (
	"errors"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/press"
)

// errAtWork is told in place of what is proposed already where somebody may not read that.
var errAtWork = fmt.Errorf("%w: no change of it can be proposed now: ask one who may approve it", press.ErrConflict)

// mayPropose tells whether a change of an article can be proposed by the desk's person, and limits
// it as the article is.
func (d Desk) mayPropose(tx *storage.Tx, m *manuscripts.Manuscript) error {
	if m.Article == "" {
		if m.Kind == manuscripts.NewArticle {
			return nil
		}
		return fmt.Errorf("%w article: say which one", press.ErrInvalid)
	}
	a, err := d.readableArticle(tx, m.Article)
	if err != nil {
		return err
	}
	switch {
	case m.Kind == manuscripts.Withdrawal && a.State == press.Embargoed:
		return fmt.Errorf("%w: article %s is not public: it can be cancelled at once", press.ErrConflict, a.ID)
	case a.State != press.Published && a.State != press.Embargoed:
		return fmt.Errorf("%w: article %s was %s", press.ErrConflict, a.ID, a.State)
	case a.State == press.Embargoed && len(m.Named) == 0:
		limits, err := tx.Limits()
		for _, l := range limits {
			if l.Article == a.ID {
				m.Named = l.Named
			}
		}
		return err
	}
	return nil
}

// unlessHidden is why a change of an article cannot be proposed, unless it is for one that is
// proposed already and that the desk's person may not read.
func (d Desk) unlessHidden(tx *storage.Tx, id press.ArticleID, why error) error {
	if id == "" || !errors.Is(why, press.ErrConflict) {
		return why
	}
	m, err := tx.ManuscriptOf(id)
	if errors.Is(err, press.ErrNotFound) {
		return why
	}
	if err != nil {
		return err
	}
	reads, err := d.reads(tx, m)
	if err == nil && !reads {
		return errAtWork
	}
	if err != nil {
		return err
	}
	return why
}

// checkInstant refuses an instant that is past, for what is to be done at once has none; one of
// a new article, whose document says when it goes out; and one of a correction of what is not public
// yet, which the correction is to be before.
func checkInstant(tx *storage.Tx, m manuscripts.Manuscript, how manuscripts.How) error {
	if how.At.IsZero() {
		return nil
	}
	if m.Kind == manuscripts.NewArticle {
		return fmt.Errorf("%w instant: a new article has none: the text says when it goes out", press.ErrInvalid)
	}
	if !how.At.After(tx.Now()) {
		return fmt.Errorf("%w: the instant is past: leave it empty to have it done as soon as it is approved", press.ErrInvalid)
	}
	a, err := tx.Article(m.Article)
	if err == nil && a.State == press.Embargoed {
		err = fmt.Errorf("%w instant: article %s is not public yet, and is to go out corrected: leave it empty, and have the date of publication in the text", press.ErrInvalid, a.ID)
	}
	return err
}

// Instant reads an instant as people write it, in the zone of the desk unless it names another; local
// is the date as it was written then.
func (d Desk) Instant(text string) (at time.Time, local press.Local, err error) {
	read, err := readMoment(text, d.Zone)
	if err == nil && read.precision == press.ToTheDay {
		err = errors.New("write the time of the day, too")
	}
	if err != nil {
		return time.Time{}, "", fmt.Errorf("%w: %w", press.ErrInvalid, err)
	}
	return read.at, read.local, nil
}

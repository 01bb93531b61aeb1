package newsdesk

import (
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// factHeld says in the database that embargoes are held, and why, so that a
// restart does not end what only a person can decide.
const factHeld = "clock_held"

// HoldEmbargoes lets no embargo end, for a reason, until [Tx.ConfirmClock].
func (tx *Tx) HoldEmbargoes(reason string) error { return tx.db.SetFact(factHeld, reason) }

// ConfirmClock lets embargoes end by the clock again. It returns press.ErrNotFound
// if they are not held.
func (tx *Tx) ConfirmClock() error {
	taken, err := tx.db.TakeFacts(factHeld)
	if err == nil && len(taken) == 0 {
		err = fmt.Errorf("%w: embargoes are not held", press.ErrNotFound)
	}
	return err
}

// ClockHeld says why embargoes are held, or nothing if they are not.
func (tx *Tx) ClockHeld() (string, error) {
	reason, err := tx.db.Fact(factHeld)
	if errors.Is(err, press.ErrNotFound) {
		return "", nil
	}
	return reason, err
}

// ended reports whether an embargo until an instant is over. While embargoes are
// held none is: the instant that seems to be past may be one of a clock that is
// wrong, whoever files or corrects what waits for it.
func (tx *Tx) ended(at time.Time) (bool, error) {
	if at.After(tx.db.Now()) {
		return false, nil
	}
	reason, err := tx.ClockHeld()
	return reason == "", err
}

// NextRelease is when the next embargo ends; the zero time if none is set.
func (tx *Tx) NextRelease() (time.Time, error) {
	var at int64
	err := tx.db.Row(`SELECT COALESCE(MIN(published), 0) FROM articles WHERE state = 'embargoed' AND held = 0`).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the next embargo: %w", err)
	}
	return kernel.Instant(at), nil
}

// Drafts reads the articles under embargo, in the order in which they will be public.
func (tx *Tx) Drafts() ([]press.Article, error) {
	return tx.articles(`SELECT ` + articleColumns + ` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.state = 'embargoed' ORDER BY a.published, a.id`)
}

// LocalDrafts reads up to limit articles under embargo whose dates were written without a zone,
// with what they are by: id, set, instant and date. Those that go along with their original are
// left out.
func (tx *Tx) LocalDrafts(limit int) (all []press.Article, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var a press.Article
		var published int64
		err := scan(&a.ID, &a.Group, &published, &a.Precision, &a.Local)
		a.State, a.Published = press.Embargoed, kernel.Given(published)
		all = append(all, a)
		return err
	}, `SELECT id, translation_group, published, precision_of_date, local FROM articles
		WHERE state = 'embargoed' AND local <> '' AND inherits = 0 ORDER BY published, id LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("read what is under embargo by the zone of the site: %w", err)
	}
	return all, nil
}

// LookAhead makes a draft public as it will be when its embargo ends, for those who
// read it in the same transaction, which can no longer be committed.
func (tx *Tx) LookAhead(id press.ArticleID) error {
	tx.db.Forfeit()
	if err := tx.log.Lock(); err != nil {
		return err
	}
	a, err := tx.Article(id)
	if err != nil || a.State != press.Embargoed {
		return err
	}
	_, _, err = tx.makePublic(a)
	return err
}

// Release makes public up to limit articles whose embargo has ended, in the
// order of their instants, a translation after what it translates, and returns
// their entries. What is due of a set goes out in one transaction, also above limit; of a set
// that goes out all or none, see [Tx.GoTogether], all of it or, if one cannot, nothing.
func (tx *Tx) Release(limit int) ([]press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return nil, err
	}
	due, err := tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.state = 'embargoed' AND a.held = 0 AND a.published <= $1
		ORDER BY a.published, a.inherits, a.id LIMIT $2`, kernel.Micros(tx.db.Now()), limit)
	if err != nil {
		return nil, err
	}
	if len(due) == limit {
		if due, err = tx.completeSets(due); err != nil {
			return nil, err
		}
	}
	if due, err = tx.allOrNone(due); err != nil {
		return nil, err
	}
	var entries []press.Entry
	for _, a := range due {
		_, e, err := tx.makePublic(a)
		if err != nil {
			return nil, fmt.Errorf("release: %w", err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

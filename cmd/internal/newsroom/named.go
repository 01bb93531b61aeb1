package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// mayReadUnnamed tells whether somebody may read a manuscript that is limited to others: who may
// approve it may, if none of those who are named can. Somebody must be able to release it.
func (d Desk) mayReadUnnamed(tx *storage.Tx, m manuscripts.Manuscript) error {
	if err := d.may(tx, m, people.Approver); err != nil {
		return err
	}
	able, err := d.seconds(tx, m, m.Named)
	if err == nil && len(able) > 0 {
		err = fmt.Errorf("%w: it is limited to others", ErrMayNot)
	}
	return err
}

// seconds are those of some people who may approve a manuscript as a second person, as it is
// written now, whether or not they may read it.
func (d Desk) seconds(tx *storage.Tx, m manuscripts.Manuscript, ids []string) (able []people.Person, err error) {
	for _, id := range ids {
		p, err := tx.Person(id)
		if errors.Is(err, press.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		d.Person = p
		second, err := granted(d.isSecond(tx, m))
		if err != nil {
			return nil, err
		}
		if second {
			able = append(able, p)
		}
	}
	return able, nil
}

// Limit limits a manuscript to named people, by their ids, or with nobody named widens it to all
// who have the right, together with the article that it becomes or corrects while that is not
// public. Who began it always reads it, and whoever limits it stays named.
func (d Desk) Limit(ctx context.Context, id string, named []string) (m manuscripts.Manuscript, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		if m, err = d.readable(tx, id); err != nil {
			return err
		}
		whole, err := d.mayLimit(tx, m)
		if err != nil {
			return err
		}
		named = slices.Clone(named)
		if len(named) > 0 && !d.wrote(m) {
			named = append(named, d.Person.ID)
		}
		slices.Sort(named)
		named = slices.Compact(named)
		logins, err := d.checkNamedPeople(tx, m, named)
		if err != nil {
			return err
		}
		if whole {
			err = tx.LimitManuscriptsOf(m.Article, named)
		} else {
			err = tx.LimitManuscript(m.ID, named)
		}
		if err != nil {
			return err
		}
		if err := d.unassignUnable(tx, m, whole); err != nil {
			return err
		}
		if m, err = tx.Manuscript(id); err != nil {
			return err
		}
		did := "manuscript limited"
		if len(named) == 0 {
			did = "manuscript opened to all who may read it"
		}
		return d.noteManuscript(tx, did, m, facts("named", strings.Join(logins, ", ")))
	})
	return m, err
}

// mayLimit tells whether the desk's person may limit a manuscript: who writes it, or may approve
// it. whole tells that the limit is that of an article which is not public.
func (d Desk) mayLimit(tx *storage.Tx, m manuscripts.Manuscript) (whole bool, err error) {
	if m.Article != "" {
		a, err := tx.Article(m.Article)
		if err != nil {
			return false, err
		}
		whole = a.State == press.Embargoed
	}
	if !m.State.Pending() && !whole {
		return whole, fmt.Errorf("%w: manuscript %s was %s", press.ErrConflict, m.ID, m.State)
	}
	refusal := d.mayWrite(tx, m)
	if errors.Is(refusal, ErrMayNot) {
		refusal = d.may(tx, m, people.Approver)
	}
	return whole, refusal
}

// checkNamedPeople is that those who are named are there, and may read what is in the place of a
// manuscript. It returns their logins.
func (d Desk) checkNamedPeople(tx *storage.Tx, m manuscripts.Manuscript, named []string) (logins []string, err error) {
	for _, id := range named {
		p, err := tx.Person(id)
		if errors.Is(err, press.ErrNotFound) {
			return nil, fmt.Errorf("%w: one of them is not here", press.ErrInvalid)
		}
		if err != nil {
			return nil, err
		}
		d.Person = p
		if reads, err := granted(d.may(tx, m, people.Reads()...)); err != nil {
			return nil, err
		} else if !reads && !d.wrote(m) {
			return nil, fmt.Errorf("%w: %s has no role there by which to read it", press.ErrInvalid, p.Login)
		}
		logins = append(logins, p.Login)
	}
	return logins, nil
}

// Readers are those who might be named for a manuscript, and have work on it assigned: all with a
// role that reads in its place.
func (d Desk) Readers(ctx context.Context, m manuscripts.Manuscript) (all []people.Person, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		everybody, err := tx.People()
		for _, p := range everybody {
			if err != nil {
				return err
			}
			d.Person = p
			var reads bool
			if reads, err = granted(d.may(tx, m, people.Reads()...)); reads || d.wrote(m) {
				all = append(all, p)
			}
		}
		return err
	})
	return all, err
}

// Seconds are those of some people who could approve a manuscript as a second person, as it is
// written now, if they could read it.
func (d Desk) Seconds(ctx context.Context, m manuscripts.Manuscript, of []people.Person) (able []people.Person, err error) {
	var ids []string
	for _, p := range of {
		ids = append(ids, p.ID)
	}
	err = d.view(ctx, func(tx *storage.Tx) error {
		able, err = d.seconds(tx, m, ids)
		return err
	})
	return able, err
}

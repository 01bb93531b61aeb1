package newsroom

import (
	"context"
	"errors"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// Pile is which manuscripts are listed.
type Pile struct {
	States  []manuscripts.State
	Mine    bool // that the desk's person began, or that are assigned to them
	Waiting bool // for the desk's person: see [Desk.Manuscripts]
	// After is the place behind which the list begins; zero is the last changed of all.
	After manuscripts.Place
}

// MyRights are what the desk's person may do with a manuscript, apart from reading it.
type MyRights struct {
	Write   bool // also to submit it, and to give it up
	Recall  bool // take back what was approved for an instant that has not come
	Limit   bool // limit it to named people
	Return  bool // send it back
	Approve bool // have the role, and wrote no revision of it
	Alone   bool // release it without a second person
}

// pageOfManuscripts is how many manuscripts are looked at in a go.
const pageOfManuscripts = 200

// Manuscripts lists up to limit manuscripts that the desk's person may read, the last changed
// first. For them wait those that are theirs to work on next, and those in review that they
// may approve and have written nothing of.
func (d Desk) Manuscripts(ctx context.Context, p Pile, limit int) (all []manuscripts.Manuscript, tree press.Tree, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		place := p.After
		for {
			page, err := tx.Manuscripts(place, pageOfManuscripts, p.States...)
			if err != nil {
				return err
			}
			for _, m := range page {
				place = manuscripts.PlaceOf(m)
				on, err := d.onPile(tx, m, p)
				if err != nil {
					return err
				}
				if on {
					all = append(all, m)
				}
				if len(all) == limit {
					return nil
				}
			}
			if len(page) < pageOfManuscripts {
				return nil
			}
		}
	})
	return all, tree, err
}

// onPile tells whether a manuscript is one of those that are asked for and may be read.
func (d Desk) onPile(tx *storage.Tx, m manuscripts.Manuscript, p Pile) (bool, error) {
	assigned := m.Assigned != "" && m.Assigned == d.Person.ID
	if p.Mine && !d.wrote(m) && !assigned {
		return false, nil
	}
	if reads, err := d.reads(tx, m); err != nil || !reads || !p.Waiting {
		return reads, err
	}
	if m.State.Open() && assigned {
		return true, nil
	}
	if m.State != manuscripts.InReview {
		return false, nil
	}
	return granted(d.isSecond(tx, m))
}

// reads tells whether the desk's person may read a manuscript.
func (d Desk) reads(tx *storage.Tx, m manuscripts.Manuscript) (bool, error) {
	return granted(d.mayRead(tx, m))
}

// granted tells what a check says: a refusal is no error.
func granted(refusal error) (bool, error) {
	if errors.Is(refusal, ErrMayNot) || errors.Is(refusal, press.ErrNotFound) {
		return false, nil
	}
	return refusal == nil, refusal
}

// Rights tells what the desk's person may do with a manuscript that they may read.
func (d Desk) Rights(ctx context.Context, m manuscripts.Manuscript) (rights MyRights, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		rights, err = d.rights(tx, m)
		return err
	})
	return rights, err
}

func (d Desk) rights(tx *storage.Tx, m manuscripts.Manuscript) (rights MyRights, err error) {
	_, limit := d.mayLimit(tx, m)
	if errors.Is(limit, press.ErrConflict) {
		limit = ErrMayNot
	}
	recall := d.mayRecall(tx, m)
	if errors.Is(recall, press.ErrConflict) {
		recall = ErrMayNot
	}
	for right, refusal := range map[*bool]error{
		&rights.Limit:   limit,
		&rights.Recall:  recall,
		&rights.Write:   d.mayWrite(tx, m),
		&rights.Return:  d.may(tx, m, people.Approver, people.Editor),
		&rights.Approve: d.isSecond(tx, m),
		&rights.Alone:   d.may(tx, m, people.Alone),
	} {
		if *right, err = granted(refusal); err != nil {
			return rights, err
		}
	}
	return rights, nil
}

// Approvers are those who may approve a manuscript as a second person, as it is written now.
func (d Desk) Approvers(ctx context.Context, m manuscripts.Manuscript) (all []people.Person, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all, err = d.approvers(tx, m)
		return err
	})
	return all, err
}

func (d Desk) approvers(tx *storage.Tx, m manuscripts.Manuscript) (all []people.Person, err error) {
	everybody, err := tx.People()
	for _, p := range everybody {
		if err != nil {
			return nil, err
		}
		var may bool
		d.Person = p
		if may, err = granted(d.isSecond(tx, m)); may {
			may, err = d.reads(tx, m)
		}
		if may {
			all = append(all, p)
		}
	}
	return all, err
}

// Coming are the manuscripts that the desk's person may read and that have their instant ahead of
// them: what is not approved, the first to go out first, and what is approved for it.
func (d Desk) Coming(ctx context.Context) (all []manuscripts.Manuscript, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		coming, err := tx.ManuscriptsComing(tx.Now(), tx.Now().Add(comesWithin), alarmsInARound)
		if err != nil {
			return err
		}
		planned, err := tx.ManuscriptsPlanned(tx.Now().Add(comesWithin), alarmsInARound)
		for _, m := range append(coming, planned...) {
			if err == nil {
				var reads bool
				if reads, err = d.reads(tx, m); reads {
					all = append(all, m)
				}
			}
		}
		return err
	})
	return all, err
}

// comesWithin is how far ahead manuscripts are looked for.
const comesWithin = 2 * 365 * 24 * time.Hour

// Unapproved are the manuscripts that the desk's person may read and that come to their
// instant within a while, or have come to it, without having been approved.
func (d Desk) Unapproved(ctx context.Context, within time.Duration) (all []manuscripts.Manuscript, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		due, err := tx.ManuscriptsDue(tx.Now().Add(within), pageOfManuscripts)
		if err != nil {
			return err
		}
		for _, m := range due {
			reads, err := d.reads(tx, m)
			if err != nil {
				return err
			}
			if reads {
				all = append(all, m)
			}
		}
		return nil
	})
	return all, err
}

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

// Pile is which manuscripts are listed; what is zero lets all pass.
type Pile struct {
	States   []manuscripts.State
	Mine     bool   // that the desk's person began, or that are assigned to them
	Waiting  bool   // for the desk's person: see [Desk.Manuscripts]
	Section  string // a path, with everything below it
	Language press.Language
	Kind     press.ArticleKind
	By       string // who began it, the id of a person
	// Text is what is looked for in the words of manuscripts; see [terms.Parse].
	Text string
	// After is the place behind which the list begins; zero is the last changed of all.
	After manuscripts.Place
}

// Piled is a manuscript in a list, with what it lacks.
type Piled struct {
	manuscripts.Manuscript
	Lacking []Lack
}

// PileOf is a page of a list of manuscripts.
type PileOf struct {
	All  []Piled
	Tree press.Tree
	// Next is the place behind which the list goes on; zero if this is its end.
	Next manuscripts.Place
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
// may approve and have written nothing of. A page ends also when so many have been looked at as
// most says, 0 being all. An unknown section is press.ErrNotFound; more words than anybody needs are
// press.ErrInvalid.
func (d Desk) Manuscripts(ctx context.Context, p Pile, limit, most int) (found PileOf, err error) {
	query, err := wordsAsked(p.Text)
	if err != nil {
		return found, err
	}
	err = d.view(ctx, func(tx *storage.Tx) error {
		found = PileOf{}
		if found.Tree, err = tx.Tree(); err != nil {
			return err
		}
		listing, err := d.listing(found.Tree, p)
		if err != nil {
			return err
		}
		indexed, err := query.indexed(tx)
		if err != nil {
			return err
		}
		place, batch, looked := p.After, min(limit+1, pageOfManuscripts), 0
		for {
			var page []manuscripts.Manuscript
			if indexed {
				page, err = tx.ManuscriptsSaying(query.Query, listing, place, batch)
			} else {
				page, err = tx.Manuscripts(listing, place, batch)
			}
			if err != nil {
				return err
			}
			readable, err := d.readableOf(tx, found.Tree, page)
			if err != nil {
				return err
			}
			wait, err := d.waiting(tx, page, p)
			if err != nil {
				return err
			}
			for _, m := range page {
				fits := readable[m.ID] && (!p.Waiting || wait[m.ID])
				if fits && !indexed {
					if fits, err = query.saidBy(tx, m); err != nil {
						return err
					}
				}
				if fits && len(found.All) == limit || most > 0 && looked == most {
					found.Next = place
					return d.fillLacks(tx, found.All)
				}
				if fits {
					found.All = append(found.All, Piled{Manuscript: m})
				}
				place = manuscripts.PlaceOf(m)
				looked++
			}
			if len(page) < batch {
				return d.fillLacks(tx, found.All)
			}
			batch = pageOfManuscripts
		}
	})
	return found, err
}

// listing is what the database narrows a pile by.
func (d Desk) listing(tree press.Tree, p Pile) (l manuscripts.Listing, err error) {
	l = manuscripts.Listing{States: p.States, Language: p.Language, Kind: p.Kind, By: p.By}
	if p.Waiting {
		l.For = d.Person.ID
	}
	if p.Section != "" {
		within, _, err := findSection(tree, p.Section)
		if err != nil {
			return l, err
		}
		l.Sections = withBelow(tree, within.ID)
	}
	if p.Mine {
		if l.Of = d.Person.ID; l.Of == "" || !d.Person.Removed.IsZero() {
			l.States = nil
		}
	}
	return l, nil
}

// readableOf are those of some manuscripts that the desk's person may read, by their numbers.
func (d Desk) readableOf(tx *storage.Tx, tree press.Tree, all []manuscripts.Manuscript) (map[string]bool, error) {
	var of []press.ArticleID
	for _, m := range all {
		if m.Article != "" {
			of = append(of, m.Article)
		}
	}
	placed, err := tx.Placed(of)
	if err != nil {
		return nil, err
	}
	readable := map[string]bool{}
	for _, m := range all {
		if d.shutOut(m) {
			if readable[m.ID], err = granted(d.mayReadUnnamed(tx, m)); err != nil {
				return nil, err
			}
			continue
		}
		places := []press.Article{{Section: m.Section, Language: m.Language}}
		a, there := placed[m.Article]
		if there {
			places = append(places, press.Article{Section: a.Section, Language: a.Language})
		}
		readable[m.ID] = (there || m.Article == "") && d.readsIn(tree, m, places)
	}
	return readable, nil
}

// waiting are those of some manuscripts that wait for the desk's person, by their numbers, if that is
// asked for.
func (d Desk) waiting(tx *storage.Tx, all []manuscripts.Manuscript, p Pile) (map[string]bool, error) {
	wait := map[string]bool{}
	if !p.Waiting {
		return wait, nil
	}
	by, err := d.secondBy(tx, all...)
	if err != nil {
		return nil, err
	}
	for _, m := range all {
		switch {
		case m.Assigned != "" && m.Assigned == d.Person.ID:
			wait[m.ID] = true
		case m.State == manuscripts.InReview:
			err := d.may(tx, m, people.Approver)
			if err == nil {
				err = d.isSecondBy(tx, m, by)
			}
			if wait[m.ID], err = granted(err); err != nil {
				return nil, err
			}
		}
	}
	return wait, nil
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
			waits, err := d.waitsForOther(tx, m)
			if err != nil {
				return err
			}
			reads, err := d.reads(tx, m)
			if err != nil {
				return err
			}
			if reads && !waits {
				all = append(all, m)
			}
		}
		return nil
	})
	return all, err
}

package newsroom

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// AtItFor is for how long after somebody has typed they count as being at it.
const AtItFor = 10 * time.Minute

// KeepTyped keeps what the desk's person has typed in a form and not saved, which is no
// revision and is read by nobody else; and no longer what they have taken over from an earlier
// form, if its name is not empty. It returns the manuscript as it is now, if there is one:
// what it has become meanwhile is for the writer to know. If it was given up, nothing is kept,
// and the error is press.ErrConflict.
func (d Desk) KeepTyped(ctx context.Context, u manuscripts.Unsaved, taken string) (m manuscripts.Manuscript, err error) {
	u.Person = d.Person.ID
	err = d.update(ctx, func(tx *storage.Tx) error {
		tx.Quiet()
		if m, err = d.typesIn(tx, u.Manuscript); err != nil {
			return err
		}
		if err := tx.KeepUnsaved(u); err != nil || taken == "" || taken == u.Form {
			return err
		}
		return tx.DropUnsaved(u.Person, taken)
	})
	return m, err
}

// typesIn tells whether the desk's person may type in a manuscript, or in something new.
func (d Desk) typesIn(tx *storage.Tx, id string) (m manuscripts.Manuscript, err error) {
	if id == "" {
		if !d.Person.MayAnywhere(people.Author, people.Editor) {
			return m, ErrMayNot
		}
		return m, nil
	}
	if m, err = tx.Manuscript(id); err != nil {
		return m, err
	}
	return m, d.mayWrite(tx, m)
}

// Typed reads what the desk's person has typed in a form and not saved, if they may write
// there still; press.ErrNotFound if nothing is kept.
func (d Desk) Typed(ctx context.Context, form string) (u manuscripts.Unsaved, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if u, err = tx.UnsavedBy(d.Person.ID, form); err != nil {
			return err
		}
		_, err = d.typesIn(tx, u.Manuscript)
		return err
	})
	return u, err
}

// TypedIn is what the desk's person has typed in a manuscript and not saved, or in something
// new if its number is empty: the last first.
func (d Desk) TypedIn(ctx context.Context, manuscript string) (mine []manuscripts.Unsaved, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all, err := tx.UnsavedOf(d.Person.ID)
		for _, u := range all {
			if u.Manuscript != manuscript {
				continue
			}
			if u, err = tx.UnsavedBy(u.Person, u.Form); err != nil {
				return err
			}
			mine = append(mine, u)
		}
		return err
	})
	return mine, err
}

// TypedPlace is where somebody has typed and not saved.
type TypedPlace struct {
	manuscripts.Unsaved        // without what was typed
	Title               string // of the manuscript; empty of something new
}

// TypedBy is where the desk's person has typed and not saved, the last first.
func (d Desk) TypedBy(ctx context.Context) (places []TypedPlace, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all, err := tx.UnsavedOf(d.Person.ID)
		if err != nil {
			return err
		}
		for _, u := range all {
			m, err := d.typesIn(tx, u.Manuscript)
			may, err := granted(err)
			if err != nil {
				return err
			}
			if may {
				places = append(places, TypedPlace{u, m.Title})
			}
		}
		return nil
	})
	return places, err
}

// AtIt are the others who have typed in a manuscript a short while ago and not saved, the last
// first, each once.
func (d Desk) AtIt(ctx context.Context, manuscript string) (others []manuscripts.Unsaved, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all, err := tx.UnsavedIn(manuscript)
		seen := map[string]bool{d.Person.ID: true}
		for _, u := range all {
			if !seen[u.Person] && tx.Now().Sub(u.At) < AtItFor {
				others = append(others, u)
			}
			seen[u.Person] = true
		}
		return err
	})
	return others, err
}

// DropTyped keeps no longer what the desk's person has typed in some forms.
func (d Desk) DropTyped(ctx context.Context, forms ...string) error {
	return d.update(ctx, func(tx *storage.Tx) error {
		for _, form := range forms {
			if err := tx.DropUnsaved(d.Person.ID, form); err != nil {
				return err
			}
		}
		return nil
	})
}

// ThrowTypedAway is [Desk.DropTyped] for somebody who says so, which leaves nothing of it.
func (d Desk) ThrowTypedAway(ctx context.Context, form string) error {
	err := d.DropTyped(ctx, form)
	if err == nil {
		d.afterwards(func() { d.scrub(ctx) })
	}
	return err
}

// ErrProposed is that somebody else has proposed a change of the article already. It is
// press.ErrConflict.
var ErrProposed = fmt.Errorf("%w: a change is proposed already", press.ErrConflict)

// ProposeTyped makes what the desk's person has written in a manuscript, which was released
// meanwhile, a proposed correction of the article that it has become. If a change of that is
// proposed already, what was typed is kept with that one, which is returned, and the error is
// [ErrProposed].
func (d Desk) ProposeTyped(ctx context.Context, u manuscripts.Unsaved, text []byte, how manuscripts.How, files Enclosed) (m manuscripts.Manuscript, err error) {
	u.Person = d.Person.ID
	proposed := false
	if err := d.refuseWithdrawn(ctx, files.Put); err != nil {
		return m, err
	}
	err = d.Together(ctx, func(d Desk) error {
		if err := d.noted(ctx, func(tx *storage.Tx) error {
			m, proposed, err = d.proposeTyped(tx, u, text, how)
			return err
		}); err != nil || !proposed {
			return err
		}
		return d.enclose(ctx, m, files)
	})
	if err == nil && !proposed {
		err = ErrProposed
	}
	return m, err
}

func (d Desk) proposeTyped(tx *storage.Tx, u manuscripts.Unsaved, text []byte, how manuscripts.How) (m manuscripts.Manuscript, proposed bool, err error) {
	of, err := d.typesIn(tx, u.Manuscript)
	if err != nil {
		return m, false, err
	}
	if of.State != manuscripts.Released || of.Kind == manuscripts.Withdrawal {
		return of, false, fmt.Errorf("%w: manuscript %s was not released", press.ErrConflict, of.ID)
	}
	a, err := tx.Article(of.Article)
	if err != nil {
		return m, false, err
	}
	if a.State != press.Published && a.State != press.Embargoed {
		return m, false, fmt.Errorf("%w: article %s was %s", press.ErrConflict, a.ID, a.State)
	}
	m, err = tx.ManuscriptOf(a.ID)
	switch {
	case err == nil:
		if err := d.mayWrite(tx, m); err != nil {
			return m, false, err
		}
		u.Manuscript, u.On = m.ID, m.Revision
		return m, false, tx.KeepUnsaved(u)
	case !errors.Is(err, press.ErrNotFound):
		return m, false, err
	}
	edition, _, err := tx.Filed(a.ID)
	if err != nil {
		return m, false, err
	}
	if _, err := ReadComposition(text); err == nil {
		text = mark(text, a.ID, edition)
	}
	about := manuscripts.Manuscript{Kind: manuscripts.Correction, Article: a.ID, By: d.Person.ID, Named: of.Named}
	written, err := d.describe(tx, &about, text, how)
	if err != nil {
		return m, false, err
	}
	if m, err = tx.AddManuscript(about, written); err != nil {
		return m, false, err
	}
	if err := tx.DropUnsaved(u.Person, u.Form); err != nil {
		return m, false, err
	}
	return m, true, d.noteManuscript(tx, "manuscript begun", m, map[string]string{"of": of.ID})
}

// factForms is the fact that holds the key of [Desk.FormKey].
const factForms = "desk_forms"

// FormKey is a key of this site by which the desk knows its own forms again. It is made when
// it is first asked for.
func (d Desk) FormKey(ctx context.Context) (key []byte, err error) {
	read := func(tx *storage.Tx) error {
		text, err := tx.Fact(factForms)
		if err == nil {
			key, err = hex.DecodeString(text)
		}
		return err
	}
	if err = d.view(ctx, read); !errors.Is(err, press.ErrNotFound) {
		return key, err
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		if err := read(tx); !errors.Is(err, press.ErrNotFound) {
			return err
		}
		key = make([]byte, 32)
		_, _ = rand.Read(key) // it never fails
		return tx.SetFact(factForms, hex.EncodeToString(key))
	})
	return key, err
}

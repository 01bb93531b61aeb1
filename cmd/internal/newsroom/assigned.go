package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// Assign says who is to work on a manuscript next, by their id; nobody if it is empty. It waits
// for them, and they may write it as if they had begun it. They must be able to: to read it, and to
// write or approve in its place.
func (d Desk) Assign(ctx context.Context, id, person string) (m manuscripts.Manuscript, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		if m, err = d.readable(tx, id); err != nil {
			return err
		}
		if err := d.mayAssign(tx, m); err != nil {
			return err
		}
		var p people.Person
		if person != "" {
			p, err = tx.Person(person)
			if errors.Is(err, press.ErrNotFound) {
				return errNobody
			}
			if err != nil {
				return err
			}
			if able, err := d.ableToWork(tx, m, p); err != nil {
				return err
			} else if !able {
				return fmt.Errorf("%w: %s can't work on it: they may not read it, or have no role there by which to write or approve", press.ErrInvalid, p.Login)
			}
		}
		if err := tx.AssignManuscript(id, person); err != nil {
			return err
		}
		if m.Assigned != person {
			if err := d.writeToAssigned(tx, m, p); err != nil {
				return err
			}
		}
		m.Assigned = person
		did := "manuscript assigned"
		if person == "" {
			did = "manuscript assigned to nobody"
		}
		return d.noteManuscript(tx, did, m, facts("to", p.Login))
	})
	return m, err
}

// writeToAssigned has somebody written to that a manuscript is theirs to work on next, unless they
// have said so themselves. Whoever it was assigned to before is not.
func (d Desk) writeToAssigned(tx *storage.Tx, m manuscripts.Manuscript, p people.Person) error {
	if err := tx.EndAlarms(alarms.Assigned, m.ID); err != nil {
		return err
	}
	if p.ID == d.Person.ID || p.Email == "" || !d.Duty.Post {
		return nil
	}
	raised, _, err := tx.RaiseAlarm(alarms.Alarm{Kind: alarms.Assigned, Subject: m.ID, About: string(m.Kind), Step: p.ID, Instant: tx.Now(), Person: d.Person.ID})
	if err != nil {
		return err
	}
	return tx.WriteAbout(raised, time.Time{}, p.Email)
}

// assignmentIsOver tells whether there is nothing to write any more of what was assigned: it was
// written of, or waits for them no longer.
func assignmentIsOver(tx *storage.Tx, a alarms.Alarm) (bool, error) {
	m, err := tx.Manuscript(a.Subject)
	if err != nil || !m.State.Open() || m.Assigned != a.Step {
		return err == nil, err
	}
	letters, err := tx.LettersAbout(a.ID)
	return !slices.ContainsFunc(letters, func(l alarms.Letter) bool { return l.Sent.IsZero() }), err
}

var errNobody = fmt.Errorf("%w: they are not here", press.ErrInvalid)

// mayAssign tells whether the desk's person may say who works on a manuscript: who writes it, or
// may send it back.
func (d Desk) mayAssign(tx *storage.Tx, m manuscripts.Manuscript) error {
	err := d.mayWrite(tx, m)
	if errors.Is(err, ErrMayNot) {
		err = d.may(tx, m, people.Approver)
	}
	return err
}

// ableToWork tells whether somebody can work on a manuscript that is assigned to them.
func (d Desk) ableToWork(tx *storage.Tx, m manuscripts.Manuscript, p people.Person) (bool, error) {
	d.Person, m.Assigned = p, p.ID
	if reads, err := d.reads(tx, m); err != nil || !reads {
		return false, err
	}
	return granted(d.may(tx, m, append(writes(m), people.Approver)...))
}

// Able are those who can work on a manuscript that the desk's person may assign; nobody if they may
// not.
func (d Desk) Able(ctx context.Context, m manuscripts.Manuscript) (all []people.Person, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		if may, err := granted(d.mayAssign(tx, m)); err != nil || !may {
			return err
		}
		everybody, err := tx.People()
		for _, p := range everybody {
			if err != nil {
				return err
			}
			var able bool
			if able, err = d.ableToWork(tx, m, p); able {
				all = append(all, p)
			}
		}
		return err
	})
	return all, err
}

// unassignUnable takes a manuscript, or with whole all of its article, from those who can't work on
// it any more.
func (d Desk) unassignUnable(tx *storage.Tx, m manuscripts.Manuscript, whole bool) error {
	all := []manuscripts.Manuscript{m}
	if whole {
		var err error
		if all, err = tx.ManuscriptsOf(m.Article); err != nil {
			return err
		}
	}
	for _, one := range all {
		now, err := tx.Manuscript(one.ID)
		if err != nil {
			return err
		}
		if err := d.unassign(tx, now); err != nil {
			return err
		}
	}
	return nil
}

// unassign takes a manuscript from who can't work on it any more.
func (d Desk) unassign(tx *storage.Tx, m manuscripts.Manuscript) error {
	if m.Assigned == "" || !m.State.Open() {
		return nil
	}
	p, err := tx.Person(m.Assigned)
	if err != nil {
		return err
	}
	if able, err := d.ableToWork(tx, m, p); err != nil || able {
		return err
	}
	if err := tx.AssignManuscript(m.ID, ""); err != nil {
		return err
	}
	m.Assigned = ""
	return d.noteManuscript(tx, "manuscript assigned to nobody", m, facts("was", p.Login))
}

// unassignFrom takes from somebody whose roles have changed what they can't work on any more.
func (d Desk) unassignFrom(tx *storage.Tx, person string) error {
	all, err := tx.AssignedTo(person)
	for _, m := range all {
		if err == nil {
			err = d.unassign(tx, m)
		}
	}
	return err
}

// unassignAll takes from somebody who leaves what is assigned to them.
func (d Desk) unassignAll(tx *storage.Tx, p people.Person) error {
	all, err := tx.AssignedTo(p.ID)
	if err != nil {
		return err
	}
	if err := tx.UnassignAll(p.ID); err != nil {
		return err
	}
	for _, m := range all {
		if err := d.noteManuscript(tx, "manuscript assigned to nobody", m, facts("was", p.Login)); err != nil {
			return err
		}
	}
	return nil
}

// Leaving is what is of consequence when somebody is taken from the desk.
type Leaving struct {
	Typed    int // texts in which they have typed what they have not saved: that goes with them
	Assigned int // texts that wait for nobody then
}

// Leaving tells what is of consequence when somebody is taken from the desk, by their id.
func (d Desk) Leaving(ctx context.Context, person string) (l Leaving, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		typed, err := tx.UnsavedOf(person)
		if err != nil {
			return err
		}
		assigned, err := tx.AssignedTo(person)
		l = Leaving{len(typed), len(assigned)}
		return err
	})
	return l, err
}

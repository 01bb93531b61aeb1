package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

// raiseUnreviewed says of an article that was released without a second person that nobody else
// has looked at it yet, and has those who may written to at once, and the first on duty.
func (d Desk) raiseUnreviewed(tx *storage.Tx, a press.Article) error {
	id := string(a.ID)
	if err := tx.EndAlarms(alarms.Unreviewed, id); err != nil {
		return err
	}
	raised, _, err := tx.RaiseAlarm(alarms.Alarm{Kind: alarms.Unreviewed, Subject: id, Step: stepOf(a), Person: d.Person.ID})
	if err != nil {
		return err
	}
	all, err := tx.People()
	if err != nil {
		return err
	}
	tree, err := tx.Tree()
	if err != nil {
		return err
	}
	var to []string
	for _, p := range all {
		if p.ID != d.Person.ID && May(p, tree, a, people.Approver) {
			to = append(to, p.Email)
		}
	}
	return d.writeAtOnce(tx, raised, to)
}

// stepOf names the revision of an article that an alarm is about.
func stepOf(a press.Article) string { return "revision " + strconv.Itoa(a.Revision) }

// writeAtOnce has people written to about an alarm, and the first on duty.
func (d Desk) writeAtOnce(tx *storage.Tx, a alarms.Alarm, to []string) error {
	if !d.Duty.Post {
		return nil // nobody is written to; the desk tells it
	}
	address, next, ok := d.Duty.turn(a, tx.Now())
	if ok {
		to = append(to, address)
	}
	slices.Sort(to)
	to = slices.DeleteFunc(slices.Compact(to), func(address string) bool { return address == "" })
	return tx.WriteAbout(a, next, to...)
}

// Reviewing is what a second person says of what was released without one.
type Reviewing struct {
	Revision int // of the article that they were shown
	Agrees   bool
	// Remark says why they object.
	Remark string
}

// Review says what the desk's person, who has neither released it nor written it, finds of an
// article that was released without a second person: they agree, or object, which tells who
// released it. What becomes of it then is a correction, or a withdrawal.
func (d Desk) Review(ctx context.Context, id press.ArticleID, how Reviewing) error {
	how.Remark = strings.TrimSpace(how.Remark)
	if !how.Agrees && how.Remark == "" {
		return fmt.Errorf("%w remark: say why you object", press.ErrInvalid)
	}
	if err := press.CheckText("remark", how.Remark, manuscripts.MaxRemark); err != nil {
		return err
	}
	return d.noted(ctx, func(tx *storage.Tx) error {
		a, open, err := d.unreviewed(tx, id)
		if err != nil {
			return err
		}
		if err := d.mayReview(tx, a, open); err != nil {
			return err
		}
		if a.Revision != how.Revision || open.Step != stepOf(a) {
			return fmt.Errorf("%w: article %s is in revision %d", ErrNotShown, id, a.Revision)
		}
		if err := tx.EndAlarm(open.ID); err != nil {
			return err
		}
		did := "agreed to what was released alone"
		if !how.Agrees {
			did = "objected to what was released alone"
			if err := d.raiseObjection(tx, a, open, how.Remark); err != nil {
				return err
			}
		}
		return d.Note(tx, did, string(id), map[string]string{"revision": strconv.Itoa(a.Revision)})
	})
}

// raiseObjection tells who released an article that a second person objects to it.
func (d Desk) raiseObjection(tx *storage.Tx, a press.Article, open alarms.Alarm, remark string) error {
	if err := tx.EndAlarms(alarms.Objected, string(a.ID)); err != nil {
		return err
	}
	raised, _, err := tx.RaiseAlarm(alarms.Alarm{Kind: alarms.Objected, Subject: string(a.ID), Step: stepOf(a), Person: d.Person.ID, Remark: remark})
	if err != nil {
		return err
	}
	var to []string
	publisher, err := tx.Person(open.Person)
	if err != nil && !errors.Is(err, press.ErrNotFound) {
		return err
	}
	if err == nil {
		to = append(to, publisher.Email)
	}
	return d.writeAtOnce(tx, raised, to)
}

// unreviewed is an article with the alarm that nobody has looked at it; press.ErrConflict if
// there is none.
func (d Desk) unreviewed(tx *storage.Tx, id press.ArticleID) (a press.Article, open alarms.Alarm, err error) {
	if a, err = d.readableArticle(tx, id); err != nil {
		return a, open, err
	}
	all, err := tx.AlarmsOf(string(id))
	if err != nil {
		return a, open, err
	}
	i := slices.IndexFunc(all, func(a alarms.Alarm) bool { return a.Kind == alarms.Unreviewed && a.Ended.IsZero() })
	if i < 0 {
		return a, open, fmt.Errorf("%w: article %s waits for nobody to look at it", press.ErrConflict, id)
	}
	return a, all[i], nil
}

// mayReview tells whether the desk's person is a second one for what was released without one.
func (d Desk) mayReview(tx *storage.Tx, a press.Article, open alarms.Alarm) error {
	if err := d.mayIn(tx, []press.Article{a}, people.Approver); err != nil {
		return err
	}
	writers := []string{open.Person}
	m, err := tx.ReleasedAt(a.ID, open.Raised)
	switch {
	case err == nil:
		wrote, err := tx.WritersOf(m.ID)
		if err != nil {
			return err
		}
		writers = append(writers, wrote...)
	case !errors.Is(err, press.ErrNotFound): // by a command, there is none
		return err
	}
	if slices.Contains(writers, d.Person.ID) {
		return fmt.Errorf("%w: %s released or wrote it: a second person has to look at it", ErrOwn, d.Person.Login)
	}
	return d.checkLinks(tx, writers)
}

// endByRelease ends the alarms about an article that a second person has just approved a change
// of: they have looked at all of it, unless they are the one who had released it alone.
func (d Desk) endByRelease(tx *storage.Tx, id press.ArticleID) error {
	all, err := tx.AlarmsOf(string(id))
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Kind == alarms.Objected || a.Kind == alarms.Unreviewed && a.Person != d.Person.ID {
			if err := tx.EndAlarm(a.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// Second is what the desk's person is shown of an article that was released without a second
// person, or was objected to since.
type Second struct {
	Unreviewed bool
	By         string // who released it, a person's id; empty where it was nobody of the desk
	Since      time.Time
	MayReview  bool
	Objection  string // the newest, while it stands
	ObjectedBy string
}

// Second tells whether an article that the desk's person may read waits for a second person.
func (d Desk) Second(ctx context.Context, id press.ArticleID) (s Second, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		s = Second{}
		all, err := tx.AlarmsOf(string(id))
		if err != nil {
			return err
		}
		for _, a := range all {
			switch {
			case !a.Ended.IsZero():
			case a.Kind == alarms.Objected:
				s.Objection, s.ObjectedBy = a.Remark, a.Person
			case a.Kind == alarms.Unreviewed:
				s.Unreviewed, s.By, s.Since = true, a.Person, a.Raised
				article, err := tx.Article(id)
				if err != nil {
					return err
				}
				if s.MayReview, err = granted(d.mayReview(tx, article, a)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return s, err
}

// Unreviewed are the articles that were released without a second person and that none has
// looked at since, by their ids.
func (d Desk) Unreviewed(ctx context.Context) (ids map[press.ArticleID]bool, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		ids = map[press.ArticleID]bool{}
		open, err := tx.OpenAlarms(alarmsInARound)
		for _, a := range open {
			if a.Kind == alarms.Unreviewed {
				ids[press.ArticleID(a.Subject)] = true
			}
		}
		return err
	})
	return ids, err
}

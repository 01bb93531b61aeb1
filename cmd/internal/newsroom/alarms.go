package newsroom

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"communique/storage"
	"communique/storage/alarms"
	"communique/storage/manuscripts"
	"communique/storage/people"
	"communique/storage/press"
)

const (
	// alarmsInARound bounds how many manuscripts and alarms one look takes care of.
	alarmsInARound = 1000
	// comeWithin is how long after its instant it is told of a manuscript at the latest, as after
	// a machine was off.
	comeWithin = 7 * 24 * time.Hour
	// alarmsKept is how long alarms are kept that have ended.
	alarmsKept = 30 * 24 * time.Hour
)

// Watch carries out what was approved for an instant that has come, looks once at what comes to its
// instant without having been approved, raises an alarm at
// each of the moments at which it is told of that, ends those that are so no longer, and has
// somebody on duty written to who has not acknowledged. It can be called by several programs, as
// often as they want: what was done stands in the database.
func (d Desk) Watch(ctx context.Context) error {
	return errors.Join(d.carryOut(ctx), d.tellOfUnapproved(ctx))
}

func (d Desk) tellOfUnapproved(ctx context.Context) error {
	busy := false
	err := d.view(ctx, func(tx *storage.Tx) (err error) {
		busy, err = d.hasToWatch(tx)
		return err
	})
	if err != nil || !busy {
		return err
	}
	return d.Together(ctx, func(d Desk) error {
		return d.update(ctx, func(tx *storage.Tx) error {
			if err := d.raiseAll(ctx, tx); err != nil {
				return err
			}
			if err := d.endAlarms(tx); err != nil {
				return err
			}
			if err := tx.DropAlarms(tx.Now().Add(-alarmsKept)); err != nil {
				return err
			}
			return d.writeToDuty(tx)
		})
	})
}

// hasToWatch tells whether there is anything to be done, so that a look which finds nothing
// writes nothing.
func (d Desk) hasToWatch(tx *storage.Tx) (bool, error) {
	due, err := d.unraised(tx)
	if err != nil || len(due) > 0 {
		return true, err
	}
	write, err := tx.AlarmsToWrite(1)
	if err != nil || len(write) > 0 {
		return true, err
	}
	open, err := tx.OpenAlarms(alarmsInARound)
	if err != nil {
		return false, err
	}
	for _, a := range open {
		if over, err := d.isOver(tx, a); err != nil || over {
			return true, err
		}
	}
	return false, nil
}

// unraised are the alarms that are to be raised.
func (d Desk) unraised(tx *storage.Tx) (all []alarms.Alarm, err error) {
	now := tx.Now()
	coming, err := tx.ManuscriptsComing(now.Add(-comeWithin), now.Add(farthest), alarmsInARound)
	if err != nil {
		return nil, err
	}
	var about []alarms.Alarm
	for _, m := range coming {
		waits, err := d.waitsForOther(tx, m)
		if err != nil {
			return nil, err
		}
		if waits {
			continue
		}
		kind, err := aboutOf(tx, m)
		if err != nil {
			return nil, err
		}
		about = append(about, alarms.Alarm{Kind: alarms.Unapproved, Subject: m.ID, About: kind, Instant: m.Instant})
	}
	held, err := tx.HeldTogether(now.Add(-comeWithin), now.Add(farthest), alarmsInARound)
	if err != nil {
		return nil, err
	}
	for _, a := range held {
		about = append(about, alarms.Alarm{Kind: alarms.Incomplete, Subject: string(a.ID), Instant: a.Published})
	}
	for _, a := range about {
		step, come := d.Duty.come(a.Instant, d.Zone, now)
		if !come {
			continue
		}
		a.Step = step
		raised, err := tx.RaisedAlarm(a)
		if err != nil {
			return nil, err
		}
		if !raised {
			all = append(all, a)
		}
	}
	rezoned, err := d.rezoned(tx)
	for _, a := range rezoned {
		raised, err := tx.RaisedAlarm(a)
		if err != nil {
			return nil, err
		}
		if !raised {
			all = append(all, a)
		}
	}
	return all, err
}

// AboutChange is what an alarm is about that tells of a correction of what is under embargo until the
// same instant: without it the article goes out as it was approved before.
const AboutChange = "change"

// aboutOf is what comes of it at its instant that nobody has approved a manuscript; see
// [alarms.Alarm.About].
func aboutOf(tx *storage.Tx, m manuscripts.Manuscript) (string, error) {
	if m.Kind != manuscripts.Correction {
		return string(m.Kind), nil
	}
	a, err := tx.Article(m.Article)
	if err == nil && a.Published.Equal(m.Instant) {
		return AboutChange, nil
	}
	return string(m.Kind), err
}

// waitsForOther tells whether a manuscript was approved and waits for another language of its
// set that is not: it is told of that one.
func (d Desk) waitsForOther(tx *storage.Tx, m manuscripts.Manuscript) (bool, error) {
	if m.State != manuscripts.Ready {
		return false, nil
	}
	set, err := tx.LanguageSet(m.Set)
	return slices.ContainsFunc(set, func(other manuscripts.Manuscript) bool {
		open := other.State == manuscripts.Draft || other.State == manuscripts.InReview
		return open && other.Instant.Equal(m.Instant)
	}), err
}

// raiseAll raises what is to be raised. The alarm of an earlier moment ends with that.
func (d Desk) raiseAll(ctx context.Context, tx *storage.Tx) error {
	due, err := d.unraised(tx)
	if err != nil {
		return err
	}
	for _, a := range due {
		if err := tx.EndAlarms(a.Kind, a.Subject); err != nil {
			return err
		}
		raised, fresh, err := tx.RaiseAlarm(a)
		if err != nil {
			return err
		}
		if !fresh {
			continue
		}
		d.tellRaised(ctx, raised)
	}
	return nil
}

// tellRaised tells the log of an alarm.
func (d Desk) tellRaised(ctx context.Context, a alarms.Alarm) {
	instant := a.Instant.UTC().Format(time.RFC3339)
	if a.Kind == alarms.Rezoned {
		d.tell(ctx, slog.LevelWarn, "the rules of the zone have changed since an instant was entered", []any{"alarm", a.ID, subjectOf(a), a.Subject, "instant", instant, "by_the_rules_now", a.Step})
		return
	}
	level := slog.LevelWarn
	if a.Step == StepInstant {
		level = slog.LevelError
	}
	what, about := unapprovedWords[a.About], "manuscript"
	if a.Kind == alarms.Incomplete {
		what, about = "a set of languages is not complete, and does not go out", "article"
	}
	d.tell(ctx, level, what, []any{"alarm", a.ID, about, a.Subject, "when", a.Step, "instant", instant})
}

// subjectOf says what an alarm is about, an article or a manuscript.
func subjectOf(a alarms.Alarm) string {
	if a.About != "" {
		return "manuscript"
	}
	return "article"
}

// unapprovedWords are what the log is told of what nobody has approved.
var unapprovedWords = map[string]string{
	string(manuscripts.NewArticle): "a text is not approved, and does not go out",
	string(manuscripts.Withdrawal): "a withdrawal is not approved, and the article stays public",
	string(manuscripts.Correction): "a correction is not approved, and the article stays as it is",
	AboutChange:                    "a change is not approved, and the article goes out without it",
}

// endAlarms ends the alarms about what is so no longer.
func (d Desk) endAlarms(tx *storage.Tx) error {
	open, err := tx.OpenAlarms(alarmsInARound)
	if err != nil {
		return err
	}
	for _, a := range open {
		over, err := d.isOver(tx, a)
		if err == nil && over {
			err = tx.EndAlarm(a.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isOver tells whether what an alarm is about is so no longer, as when a manuscript was approved,
// given up, or has another instant. Those about articles that are public are ended by what is
// done to these.
func (d Desk) isOver(tx *storage.Tx, a alarms.Alarm) (bool, error) {
	switch a.Kind {
	case alarms.Unapproved, alarms.Recalled:
	case alarms.Incomplete:
		article, err := tx.Article(press.ArticleID(a.Subject))
		stays := article.State == press.Embargoed && article.Held && article.Together && article.Published.Equal(a.Instant)
		return err == nil && !stays, err
	case alarms.Assigned:
		return assignmentIsOver(tx, a)
	case alarms.Rezoned:
		still, err := d.rezoned(tx)
		return !slices.ContainsFunc(still, func(one alarms.Alarm) bool {
			return one.Subject == a.Subject && one.Step == a.Step && one.Instant.Equal(a.Instant)
		}), err
	default:
		return false, nil
	}
	m, err := tx.Manuscript(a.Subject)
	return err == nil && (!m.State.Open() || !m.Instant.Equal(a.Instant)), err
}

// writeToDuty has the next one on duty written to about what nobody has acknowledged.
func (d Desk) writeToDuty(tx *storage.Tx) error {
	due, err := tx.AlarmsToWrite(alarmsInARound)
	if err != nil {
		return err
	}
	for _, a := range due {
		address, next, ok := d.Duty.turn(a, tx.Now())
		if ok {
			err = tx.WriteAbout(a, next, address)
		} else {
			err = tx.WriteAbout(a, time.Time{})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Alarmed is an alarm as somebody is told of it.
type Alarmed struct {
	alarms.Alarm
	// Manuscript and Article are what it is about, if the desk's person may read that.
	Manuscript *manuscripts.Manuscript
	Article    *press.Article
	Letters    []alarms.Letter
	// Able are who may approve it, for who is on duty and may not read it: they can be asked.
	Able []people.Person
	// MayAcknowledge tells whether they may say that they know.
	MayAcknowledge bool
}

// onDuty are the roles whose holders may say that they know of an alarm: they can do something
// about it, or know who can.
func onDuty() []people.Role {
	return []people.Role{people.Editor, people.Approver, people.Alone, people.Operator}
}

// Alarms are the alarms that have not ended and of which the desk's person is told: of what they
// may read, and without what it says if they are on duty.
func (d Desk) Alarms(ctx context.Context) (all []Alarmed, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		open, err := tx.OpenAlarms(alarmsInARound)
		if err != nil {
			return err
		}
		for _, a := range open {
			one, told, err := d.alarmed(tx, a)
			if err != nil {
				return err
			}
			if told {
				all = append(all, one)
			}
		}
		return nil
	})
	return all, err
}

// AlarmsOf are the alarms about a manuscript or an article that the desk's person may read, the
// last raised first, also those that have ended.
func (d Desk) AlarmsOf(ctx context.Context, subject string) (all []Alarmed, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		all = nil
		about, err := tx.AlarmsOf(subject)
		if err != nil {
			return err
		}
		for _, a := range about {
			one, _, err := d.alarmed(tx, a)
			if err != nil {
				return err
			}
			if one.Manuscript != nil || one.Article != nil {
				all = append(all, one)
			}
		}
		return nil
	})
	return all, err
}

// Alarm is one of [Desk.Alarms], also when it has ended; who is not told of it is told that there
// is none.
func (d Desk) Alarm(ctx context.Context, id string) (one Alarmed, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		one, err = d.alarmNamed(tx, id)
		return err
	})
	return one, err
}

func (d Desk) alarmNamed(tx *storage.Tx, id string) (one Alarmed, err error) {
	a, err := tx.Alarm(id)
	if err != nil {
		return one, err
	}
	one, told, err := d.alarmed(tx, a)
	if err == nil && !told {
		err = fmt.Errorf("%w: there is no alarm %s", press.ErrNotFound, id)
	}
	return one, err
}

// alarmed is an alarm as the desk's person is told of it, and whether they are.
func (d Desk) alarmed(tx *storage.Tx, a alarms.Alarm) (one Alarmed, told bool, err error) {
	one = Alarmed{Alarm: a, MayAcknowledge: a.Waits() && d.Person.MayAnywhere(onDuty()...)}
	if a.Kind == alarms.Assigned {
		return one, false, nil // the lists of who it is assigned to tell that
	}
	if one.Letters, err = tx.LettersAbout(a.ID); err != nil {
		return one, false, err
	}
	about := d.aboutArticle
	if a.About != "" {
		about = d.aboutManuscript
	}
	if err := about(tx, &one); err != nil {
		return one, false, err
	}
	return one, one.Manuscript != nil || one.Article != nil || d.Person.MayAnywhere(onDuty()...), nil
}

// aboutManuscript is the manuscript that an alarm is about, if the desk's person may read it; for
// who is on duty and may not, who could approve it.
func (d Desk) aboutManuscript(tx *storage.Tx, one *Alarmed) error {
	m, err := tx.Manuscript(one.Subject)
	if err != nil {
		return err
	}
	reads, err := d.reads(tx, m)
	switch {
	case err != nil:
		return err
	case reads:
		one.Manuscript = &m
	case m.State.Open() && d.Person.MayAnywhere(onDuty()...):
		one.Able, err = d.approvers(tx, m)
	}
	return err
}

// aboutArticle is the article that an alarm is about, if the desk's person may read it.
func (d Desk) aboutArticle(tx *storage.Tx, one *Alarmed) error {
	article, err := tx.Article(press.ArticleID(one.Subject))
	if errors.Is(err, press.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	reading, err := ReadingOf(tx, d.Person)
	if err == nil && reading.Article(article) {
		one.Article = &article
	}
	return err
}

// Acknowledge says that the desk's person knows of an alarm: nobody else is written to about it.
func (d Desk) Acknowledge(ctx context.Context, id string) (one Alarmed, err error) {
	err = d.noted(ctx, func(tx *storage.Tx) error {
		if one, err = d.alarmNamed(tx, id); err != nil {
			return err
		}
		if !d.Person.MayAnywhere(onDuty()...) {
			return fmt.Errorf("%w: it takes %s", ErrMayNot, joinRoles(onDuty(), " or "))
		}
		if err := tx.AcknowledgeAlarm(id, d.Person.ID); err != nil {
			return err
		}
		return d.Note(tx, "acknowledged an alarm", one.Subject, map[string]string{"alarm": id, "about": string(one.Kind), "when": one.Step})
	})
	return one, err
}

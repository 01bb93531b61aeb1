package alarms

import (
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Tx is the alarms in a transaction.
type Tx struct{ db *kernel.Tx }

// New is the alarms in a transaction.
func New(db *kernel.Tx) *Tx { return &Tx{db} }

const alarmColumns = `id, kind, subject, about, step, instant, person, remark, raised, acknowledged, by_person, ended, written, next`

func scanAlarm(scan func(...any) error) (a Alarm, err error) {
	var instant, raised, acknowledged, ended, next int64
	err = scan(&a.ID, &a.Kind, &a.Subject, &a.About, &a.Step, &instant, &a.Person, &a.Remark, &raised, &acknowledged, &a.By, &ended, &a.Written, &next)
	a.Instant, a.Raised, a.Acknowledged = kernel.Instant(instant), kernel.Instant(raised), kernel.Instant(acknowledged)
	a.Ended, a.Next = kernel.Instant(ended), kernel.Instant(next)
	return a, err
}

// RaiseAlarm raises an alarm, which is written about at once; fresh is false where this one was
// raised before, by its kind, subject, step and instant. What was raised in the future counts as
// not raised: the clock was wrong then.
func (tx *Tx) RaiseAlarm(a Alarm) (raised Alarm, fresh bool, err error) {
	a.Raised, a.Next = tx.db.Now(), tx.db.Now()
	err = tx.db.Row(`INSERT INTO alarms (`+alarmColumns+`) VALUES ($1, $2, $3, $9, $4, $5, $6, $7, $8, 0, '', 0, 0, $8)
		ON CONFLICT (kind, subject, step, instant) DO UPDATE SET person = excluded.person, remark = excluded.remark, raised = excluded.raised, acknowledged = 0, by_person = '', ended = 0, written = 0, next = excluded.next
			WHERE alarms.raised > excluded.raised
		RETURNING id`, press.RandomToken(), a.Kind, a.Subject, a.Step, kernel.Micros(a.Instant), a.Person, a.Remark, kernel.Micros(a.Raised), a.About).Scan(&a.ID)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	if err != nil {
		return a, false, fmt.Errorf("raise an alarm about %s: %w", a.Subject, err)
	}
	return a, true, nil
}

// RaisedAlarm tells whether an alarm was raised, by its kind, subject, step and instant; see
// [Tx.RaiseAlarm].
func (tx *Tx) RaisedAlarm(a Alarm) (bool, error) {
	there, err := tx.db.Any(`SELECT 1 FROM alarms WHERE kind = $1 AND subject = $2 AND step = $3 AND instant = $4 AND raised <= $5`,
		a.Kind, a.Subject, a.Step, kernel.Micros(a.Instant), kernel.Micros(tx.db.Now()))
	if err != nil {
		return false, fmt.Errorf("look for an alarm about %s: %w", a.Subject, err)
	}
	return there, nil
}

// Alarm reads one; press.ErrNotFound if there is none.
func (tx *Tx) Alarm(id string) (Alarm, error) {
	a, err := scanAlarm(tx.db.Row(`SELECT `+alarmColumns+` FROM alarms WHERE id = $1`, id).Scan)
	if err != nil {
		return a, fmt.Errorf("read an alarm: %w", kernel.NotFound(err, "there is no alarm %s", id))
	}
	return a, nil
}

// OpenAlarms are up to limit alarms that have not ended, the last raised first.
func (tx *Tx) OpenAlarms(limit int) ([]Alarm, error) {
	return tx.alarms(`ended = 0 ORDER BY raised DESC, id LIMIT $1`, limit)
}

// CountAlarms counts the alarms that nobody has said they know of, by kind; the texts that have
// come to their instant unapproved, whoever knows of it; and the letters of which an attempt has
// failed and that are to be sent still.
func (tx *Tx) CountAlarms() (waiting map[Kind]int, heldBack, unsent int, err error) {
	waiting = map[Kind]int{}
	err = tx.db.Each(func(scan func(...any) error) error {
		var kind Kind
		var unheard, late int
		err := scan(&kind, &unheard, &late)
		if unheard > 0 {
			waiting[kind] = unheard
		}
		heldBack += late
		return err
	}, `SELECT kind, SUM(CASE WHEN acknowledged = 0 THEN 1 ELSE 0 END), SUM(CASE WHEN kind = $1 AND step = $2 THEN 1 ELSE 0 END)
		FROM alarms WHERE ended = 0 AND kind <> $3 GROUP BY kind`, Unapproved, AtInstant, Assigned)
	if err == nil {
		err = tx.db.Row(`SELECT COUNT(*) FROM letters l JOIN alarms a ON a.id = l.alarm
			WHERE l.sent = 0 AND l.fault <> '' AND a.ended = 0 AND a.acknowledged = 0`).Scan(&unsent)
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("count alarms: %w", err)
	}
	return waiting, heldBack, unsent, nil
}

// AlarmsOf are the alarms about a subject, the last raised first.
func (tx *Tx) AlarmsOf(subject string) ([]Alarm, error) {
	return tx.alarms(`subject = $1 ORDER BY raised DESC, id`, subject)
}

// AlarmsToWrite are up to limit alarms about which somebody is to be written to now.
func (tx *Tx) AlarmsToWrite(limit int) ([]Alarm, error) {
	return tx.alarms(`ended = 0 AND acknowledged = 0 AND next <> 0 AND next <= $1 ORDER BY next, id LIMIT $2`, kernel.Micros(tx.db.Now()), limit)
}

func (tx *Tx) alarms(where string, args ...any) (all []Alarm, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		a, err := scanAlarm(scan)
		all = append(all, a)
		return err
	}, `SELECT `+alarmColumns+` FROM alarms WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read alarms: %w", err)
	}
	return all, nil
}

// AcknowledgeAlarm notes that somebody knows. That another one did before, or that it has ended,
// is press.ErrConflict.
func (tx *Tx) AcknowledgeAlarm(id, person string) error {
	there, err := tx.db.Any(`UPDATE alarms SET acknowledged = $1, by_person = $2, next = 0 WHERE id = $3 AND acknowledged = 0 AND ended = 0 RETURNING 1`,
		kernel.Micros(tx.db.Now()), person, id)
	if err != nil {
		return fmt.Errorf("acknowledge alarm %s: %w", id, err)
	}
	if !there {
		if _, err := tx.Alarm(id); err != nil {
			return err
		}
		return fmt.Errorf("%w: alarm %s was acknowledged, or has ended", press.ErrConflict, id)
	}
	return nil
}

// EndAlarm notes that what an alarm is about is so no longer.
func (tx *Tx) EndAlarm(id string) error {
	if err := tx.db.Exec(`UPDATE alarms SET ended = $1, next = 0 WHERE id = $2 AND ended = 0`, kernel.Micros(tx.db.Now()), id); err != nil {
		return fmt.Errorf("end alarm %s: %w", id, err)
	}
	return nil
}

// ForgetAlarms ends all alarms about a subject and leaves nothing of what was said of it.
func (tx *Tx) ForgetAlarms(subject string) error {
	err := tx.db.Exec(`UPDATE alarms SET ended = CASE WHEN ended = 0 THEN $1 ELSE ended END, next = 0, remark = '' WHERE subject = $2`, kernel.Micros(tx.db.Now()), subject)
	if err != nil {
		return fmt.Errorf("forget the alarms about %s: %w", subject, err)
	}
	return nil
}

// EndAlarms notes of all alarms of a kind about a subject that they are so no longer.
func (tx *Tx) EndAlarms(kind Kind, subject string) error {
	err := tx.db.Exec(`UPDATE alarms SET ended = $1, next = 0 WHERE kind = $2 AND subject = $3 AND ended = 0`, kernel.Micros(tx.db.Now()), kind, subject)
	if err != nil {
		return fmt.Errorf("end the alarms about %s: %w", subject, err)
	}
	return nil
}

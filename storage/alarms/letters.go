package alarms

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// WriteAbout has letters about an alarm sent to some addresses, and says when somebody is
// written to next, which zero says is never. Where another program has done so since the alarm
// was read, nothing is sent.
func (tx *Tx) WriteAbout(a Alarm, next time.Time, addresses ...string) error {
	ours, err := tx.db.Any(`UPDATE alarms SET written = written + 1, next = $1 WHERE id = $2 AND written = $3 RETURNING 1`, kernel.Micros(next), a.ID, a.Written)
	if err != nil {
		return fmt.Errorf("write about alarm %s: %w", a.ID, err)
	}
	if !ours {
		return nil
	}
	now := kernel.Micros(tx.db.Now())
	for _, address := range addresses {
		err := tx.db.Exec(`INSERT INTO letters (id, alarm, address, made, attempts, next, sent, fault) VALUES ($1, $2, $3, $4, 0, $4, 0, '')`,
			press.RandomToken(), a.ID, address, now)
		if err != nil {
			return fmt.Errorf("write about alarm %s: %w", a.ID, err)
		}
	}
	return nil
}

const letterColumns = `id, alarm, address, made, attempts, next, sent, fault`

func scanLetter(scan func(...any) error) (l Letter, err error) {
	var made, next, sent int64
	err = scan(&l.ID, &l.Alarm, &l.Address, &made, &l.Attempts, &next, &sent, &l.Fault)
	l.Made, l.Next, l.Sent = kernel.Instant(made), kernel.Instant(next), kernel.Instant(sent)
	return l, err
}

// ClaimLetter takes the letter that has waited longest of those that are to be sent, for some
// time, and what it is about; ok is false if none is. Nothing is sent of what has ended, or
// somebody knows already.
func (tx *Tx) ClaimLetter(howLong time.Duration) (l Letter, about Alarm, ok bool, err error) {
	now := tx.db.Now()
	l, err = scanLetter(tx.db.Row(`UPDATE letters SET attempts = attempts + 1, next = $1 WHERE id = (
			SELECT l.id FROM letters l JOIN alarms a ON a.id = l.alarm
			WHERE l.sent = 0 AND l.next <= $2 AND a.ended = 0 AND a.acknowledged = 0 ORDER BY l.next, l.id LIMIT 1)
			AND sent = 0 AND next <= $2
		RETURNING `+letterColumns, kernel.Micros(now.Add(howLong)), kernel.Micros(now)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return l, about, false, nil
	}
	if err != nil {
		return l, about, false, fmt.Errorf("claim a letter: %w", err)
	}
	about, err = tx.Alarm(l.Alarm)
	return l, about, err == nil, err
}

// LettersDue tells whether there is a letter to be sent.
func (tx *Tx) LettersDue() (bool, error) {
	due, err := tx.db.Any(`SELECT 1 FROM letters l JOIN alarms a ON a.id = l.alarm
		WHERE l.sent = 0 AND l.next <= $1 AND a.ended = 0 AND a.acknowledged = 0 LIMIT 1`, kernel.Micros(tx.db.Now()))
	if err != nil {
		return false, fmt.Errorf("look for letters: %w", err)
	}
	return due, nil
}

// SettleLetter notes that the mail server took a letter, or, if fault says why it did not, when
// it is tried again. What another program has claimed since is left to that one.
func (tx *Tx) SettleLetter(l Letter, fault string, next time.Time) error {
	sent := tx.db.Now()
	if fault != "" {
		sent = time.Time{}
	}
	err := tx.db.Exec(`UPDATE letters SET sent = $1, fault = $2, next = $3 WHERE id = $4 AND attempts = $5 AND sent = 0`,
		kernel.Micros(sent), fault, kernel.Micros(next), l.ID, l.Attempts)
	if err != nil {
		return fmt.Errorf("settle letter %s: %w", l.ID, err)
	}
	return nil
}

// LettersAbout are the letters about an alarm, in the order in which they were made.
func (tx *Tx) LettersAbout(alarm string) ([]Letter, error) {
	return tx.letters(`alarm = $1 ORDER BY made, id`, alarm)
}

// Unsent are up to limit letters of which an attempt has failed and that are to be sent still,
// the oldest first.
func (tx *Tx) Unsent(limit int) ([]Letter, error) {
	return tx.letters(`sent = 0 AND fault <> '' AND alarm IN (SELECT id FROM alarms WHERE ended = 0 AND acknowledged = 0) ORDER BY made, id LIMIT $1`, limit)
}

func (tx *Tx) letters(where string, args ...any) (all []Letter, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		l, err := scanLetter(scan)
		all = append(all, l)
		return err
	}, `SELECT `+letterColumns+` FROM letters WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read letters: %w", err)
	}
	return all, nil
}

// DropAlarms removes the alarms that have ended before an instant, with their letters.
func (tx *Tx) DropAlarms(before time.Time) error {
	for _, statement := range []string{
		`DELETE FROM letters WHERE alarm IN (SELECT id FROM alarms WHERE ended <> 0 AND ended < $1)`,
		`DELETE FROM alarms WHERE ended <> 0 AND ended < $1`,
	} {
		if err := tx.db.Exec(statement, kernel.Micros(before)); err != nil {
			return fmt.Errorf("drop alarms that have ended: %w", err)
		}
	}
	return nil
}

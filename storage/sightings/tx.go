package sightings

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Tx is the sightings in a transaction.
type Tx struct{ db *kernel.Tx }

// New is the sightings in a transaction.
func New(db *kernel.Tx) *Tx { return &Tx{db} }

const columns = `seq, next, looks, page, page_fault, feed, feed_fault, keep, kept, report`

func scanSighting(scan func(...any) error) (s Sighting, err error) {
	var next, page, feed, keep, kept int64
	var report string
	err = scan(&s.Seq, &next, &s.Looks, &page, &s.Page.Fault, &feed, &s.Feed.Fault, &keep, &kept, &report)
	s.Next, s.Page.Seen, s.Feed.Seen = kernel.Instant(next), kernel.Instant(page), kernel.Instant(feed)
	s.Keep, s.Kept = kernel.Instant(keep), kernel.Instant(kept)
	if report != "" {
		s.Report = []byte(report)
	}
	return s, err
}

// AddSighting has an entry looked for at s.Next, and its report written down at s.Keep, unless
// that was said of it before.
func (tx *Tx) AddSighting(s Sighting) error {
	err := tx.db.Exec(`INSERT INTO sightings (`+columns+`) VALUES ($1, $2, 0, 0, $3, 0, $4, $5, 0, '') ON CONFLICT (seq) DO NOTHING`,
		s.Seq, kernel.Micros(s.Next), s.Page.Fault, s.Feed.Fault, kernel.Micros(s.Keep))
	if err != nil {
		return fmt.Errorf("have entry %d looked for: %w", s.Seq, err)
	}
	return nil
}

// Sighting reads what readers saw of an entry; press.ErrNotFound if nobody was to look.
func (tx *Tx) Sighting(seq press.Seq) (Sighting, error) {
	s, err := scanSighting(tx.db.Row(`SELECT `+columns+` FROM sightings WHERE seq = $1`, seq).Scan)
	if err != nil {
		return s, fmt.Errorf("read a sighting: %w", kernel.NotFound(err, "nobody looked for entry %d", seq))
	}
	return s, nil
}

// ClaimSighting takes what has waited longest of what is to be looked for, for some time; ok is
// false if nothing is.
func (tx *Tx) ClaimSighting(howLong time.Duration) (s Sighting, ok bool, err error) {
	now := tx.db.Now()
	s, err = scanSighting(tx.db.Row(`UPDATE sightings SET looks = looks + 1, next = $1
		WHERE seq = (SELECT seq FROM sightings WHERE next <> 0 AND next <= $2 ORDER BY next, seq LIMIT 1) AND next <> 0 AND next <= $2
		RETURNING `+columns, kernel.Micros(now.Add(howLong)), kernel.Micros(now)).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return s, false, nil
	}
	if err != nil {
		return s, false, fmt.Errorf("claim a sighting: %w", err)
	}
	return s, true, nil
}

// SettleSighting notes what was seen, and when it is looked for next. What another program has
// claimed since is left to that one.
func (tx *Tx) SettleSighting(s Sighting) error {
	err := tx.db.Exec(`UPDATE sightings SET page = $1, page_fault = $2, feed = $3, feed_fault = $4, next = $5 WHERE seq = $6 AND looks = $7`,
		kernel.Micros(s.Page.Seen), s.Page.Fault, kernel.Micros(s.Feed.Seen), s.Feed.Fault, kernel.Micros(s.Next), s.Seq, s.Looks)
	if err != nil {
		return fmt.Errorf("settle the sighting of entry %d: %w", s.Seq, err)
	}
	return nil
}

// SightingsDue is when something is to be looked for, or a report to be written down, next; zero
// if nothing ever is.
func (tx *Tx) SightingsDue() (time.Time, error) {
	var at int64
	err := tx.db.Row(`SELECT COALESCE(MIN(at), 0) FROM (SELECT MIN(next) AS at FROM sightings WHERE next <> 0
		UNION ALL SELECT MIN(keep) FROM sightings WHERE keep <> 0) due`).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read what is to be looked for: %w", err)
	}
	return kernel.Instant(at), nil
}

// CountSightings counts what is to be looked for still.
func (tx *Tx) CountSightings() (n int, err error) {
	if err = tx.db.Row(`SELECT COUNT(*) FROM sightings WHERE next <> 0`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count what is to be looked for: %w", err)
	}
	return n, nil
}

// ReportsToKeep are up to limit entries whose reports are to be written down now.
func (tx *Tx) ReportsToKeep(limit int) (all []Sighting, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		s, err := scanSighting(scan)
		all = append(all, s)
		return err
	}, `SELECT `+columns+` FROM sightings WHERE keep <> 0 AND keep <= $1 ORDER BY keep, seq LIMIT $2`, kernel.Micros(tx.db.Now()), limit)
	if err != nil {
		return nil, fmt.Errorf("read the reports that are to be written down: %w", err)
	}
	return all, nil
}

// KeepReport writes a report down, and says when it is written down next, which zero says is
// never.
func (tx *Tx) KeepReport(seq press.Seq, report []byte, next time.Time) error {
	err := tx.db.Exec(`UPDATE sightings SET report = $1, kept = $2, keep = $3 WHERE seq = $4`, string(report), kernel.Micros(tx.db.Now()), kernel.Micros(next), seq)
	if err != nil {
		return fmt.Errorf("write down the report of entry %d: %w", seq, err)
	}
	return nil
}

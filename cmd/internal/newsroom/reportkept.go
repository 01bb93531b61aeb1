package newsroom

import (
	"context"
	"encoding/json"
	"time"

	"communique/storage"
	"communique/storage/sightings"
)

// reportsAtOnce bounds how many reports are written down in one transaction.
const reportsAtOnce = 20

// ReportKept is when the report of what was public at an instant is written down next: ever more
// seldom, and for the last time when what it tells can hardly change; zero is never again.
func ReportKept(public, now time.Time) time.Time {
	for _, after := range []time.Duration{time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour, 7 * 24 * time.Hour, 30 * 24 * time.Hour} {
		if at := public.Add(after); at.After(now) {
			return at
		}
	}
	return time.Time{}
}

// KeepReports writes down the reports for which it is time, so that they outlive what they are
// made of. It can be called by several programs, as often as they want.
func (d Desk) KeepReports(ctx context.Context) error {
	for {
		var due []sightings.Sighting
		err := d.view(ctx, func(tx *storage.Tx) (err error) {
			due, err = tx.ReportsToKeep(reportsAtOnce)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		err = d.update(ctx, func(tx *storage.Tx) error {
			tx.Quiet()
			for _, s := range due {
				if err := keepReport(tx, s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}

func keepReport(tx *storage.Tx, s sightings.Sighting) error {
	e, err := tx.Entry(s.Seq)
	if err != nil {
		return err
	}
	a, err := tx.Article(e.Article)
	if err != nil {
		return err
	}
	r, err := releaseOf(tx, a, e, s)
	if err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return tx.KeepReport(s.Seq, text, ReportKept(e.At, tx.Now()))
}

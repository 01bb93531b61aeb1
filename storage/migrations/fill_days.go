package migrations

import (
	"fmt"
	"time"
)

// fillDays finds the days of articles that are dated to the day. What is there is the
// first instant of the day in a zone that nobody wrote down: that of the site when the
// article was filed, or that of an import. The time of day in UTC tells the zone's
// offset, and so the day: midnight is at 16:00 UTC in Shanghai, on the day before, and
// at 05:00 UTC in New York, on the same day. Only from 10:00 to 12:00 could it be
// either: it is taken for midnight in New Zealand, Fiji or Kiribati, and not on the few
// islands on the other side of the date line, until newsdesk knows the site's zone.
func fillDays(tx Tx) error {
	var instants []int64
	err := tx.Each(func(scan func(...any) error) error {
		var at int64
		err := scan(&at)
		instants = append(instants, at)
		return err
	}, `SELECT DISTINCT published FROM articles WHERE precision_of_date = 'day'`)
	if err != nil {
		return fmt.Errorf("read the dates of articles: %w", err)
	}
	for _, at := range instants {
		err := tx.Exec(`UPDATE articles SET local = $1 WHERE precision_of_date = 'day' AND published = $2`, dayBegunAt(at), at)
		if err != nil {
			return fmt.Errorf("date articles to the day: %w", err)
		}
		tx.Filled()
	}
	return nil
}

// dayBegunAt is the day that began somewhere at an instant, in microseconds since 1970.
func dayBegunAt(at int64) string {
	t := time.UnixMicro(at).UTC()
	if t.Hour() >= 10 {
		t = t.AddDate(0, 0, 1)
	}
	return t.Format(time.DateOnly)
}

package press

import (
	"fmt"
	"time"
)

// Local is a date as it is written without a zone: a day, "2026-05-01", or a time on a
// clock of the site, "2026-05-01 10:00" or "2026-05-01 10:00:30". It is empty if a zone
// was written with the date. A day is the same day in every zone; and by what was
// written a document is known again after the zone of the site has changed.
type Local string

// LocalDay writes a day.
func LocalDay(year int, month time.Month, day int) Local {
	return Local(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
}

// IsDay tells whether it is a day, without a time of day.
func (l Local) IsDay() bool { return len(l) == len(time.DateOnly) }

// Day is the day, at midnight in UTC.
func (l Local) Day() (time.Time, error) {
	day, err := time.Parse(time.DateOnly, string(l[:min(len(l), len(time.DateOnly))]))
	if err != nil {
		return day, fmt.Errorf("%w published: %q is not a day", ErrInvalid, string(l))
	}
	return day, nil
}

// StartIn is the first instant of the day in a zone.
func (l Local) StartIn(zone *time.Location) (time.Time, error) {
	day, err := l.Day()
	if err != nil {
		return day, err
	}
	return StartOfDay(day.Year(), day.Month(), day.Day(), zone).UTC(), nil
}

// DateIn is the date of the article: the day that was written, at midnight in UTC, or
// the time in a zone.
func (a Article) DateIn(zone *time.Location) time.Time {
	if a.Precision == ToTheDay {
		if day, err := a.Local.Day(); err == nil {
			return day
		}
	}
	return a.Published.In(zone)
}

// Stamped is the article's date as servers of the fediverse have it, who refuse a post
// whose date changes.
func (a Article) Stamped() time.Time {
	if a.Stamp.IsZero() {
		return a.Published
	}
	return a.Stamp
}

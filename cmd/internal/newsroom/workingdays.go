package newsroom

import (
	"slices"
	"time"

	"communique/storage/press"
)

// WorkingDays are the days on which somebody is at work.
type WorkingDays struct {
	Weekend  []time.Weekday
	Holidays []Holiday
}

// Holiday is a day on which nobody is at work. Year is 0 for one that is so each year.
type Holiday struct {
	Year  int
	Month time.Month
	Day   int
}

// mostFree bounds how many days in a row nobody is at work.
const mostFree = 31

// Has tells whether somebody is at work on the day of an instant.
func (w WorkingDays) Has(at time.Time) bool {
	y, m, d := at.Date()
	return !slices.Contains(w.Weekend, at.Weekday()) && !slices.ContainsFunc(w.Holidays, func(h Holiday) bool {
		return h.Month == m && h.Day == d && (h.Year == 0 || h.Year == y)
	})
}

// NoonBefore is noon of the last working day before the day of an instant; ok is false if none
// is within a month.
func (w WorkingDays) NoonBefore(at time.Time, zone *time.Location) (noon time.Time, ok bool) {
	y, m, d := at.In(zone).Date()
	for n := 1; n <= mostFree; n++ {
		start := press.StartOfDay(y, m, d-n, zone)
		if w.Has(start) {
			return time.Date(start.Year(), start.Month(), start.Day(), 12, 0, 0, 0, zone), true
		}
	}
	return time.Time{}, false
}

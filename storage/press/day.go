package press

import "time"

// StartOfDay returns the first instant of a day in a zone; as in time.Date, day and
// month may be outside their usual ranges. Where clocks go forward at midnight, as
// in Chile, Cuba and Paraguay, the day has no midnight, and time.Date returns a time
// of the day before; where they go back to midnight, it may return the second one.
func StartOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	change, next := t.ZoneBounds()
	if hour, minute, _ := t.Clock(); hour != 0 || minute != 0 {
		if t.Day() == time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Day() {
			return change
		}
		return next
	}
	if change.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := change.Add(-time.Second).Zone()
	if first := t.Add(time.Duration(now-before) * time.Second); first.Before(change) {
		return first
	}
	return t
}

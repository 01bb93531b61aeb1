package press

import (
	"fmt"
	"time"
)

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

// Offset is that of a time's zone from UTC, for people, as in UTC+5:30: abbreviations of zones
// are ambiguous.
func Offset(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	sign := '+'
	if seconds < 0 {
		sign, seconds = '−', -seconds
	}
	text := fmt.Sprintf("UTC%c%d", sign, seconds/3600)
	if minutes := seconds % 3600 / 60; minutes != 0 {
		text += fmt.Sprintf(":%02d", minutes)
	}
	return text
}

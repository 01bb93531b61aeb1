// Package civil is dates and times of day as people write them, before anyone has
// asked for their zone: in front matter and on pages of others.
package civil

import (
	"fmt"
	"time"

	"communique/storage/press"
)

// Time is a date, with a time of day or without. The zero precision counts as
// to the second.
type Time struct {
	Year, Month, Day     int
	Hour, Minute, Second int
	// Precision says how much of it was written.
	Precision press.Precision
	// Offset is the zone that was written with it, in seconds east of UTC; nil if
	// none was.
	Offset *int
}

// Exists reports whether the calendar has that day and the clock that time.
func (c Time) Exists() bool {
	t := c.at(time.UTC)
	return t.Year() == c.Year && int(t.Month()) == c.Month && t.Day() == c.Day &&
		c.Hour < 24 && c.Minute < 60 && c.Second < 60
}

// In returns the instant: in the zone that was written, shown in the given one,
// or else in the given one. A date without a time of day is the first instant of
// its day there, whatever offset was written. An error says why there is no one such
// instant: no zone is known, or clocks went forward over it, or back so that it came
// twice; then it names the offsets that there are to choose from.
func (c Time) In(zone *time.Location) (time.Time, error) {
	if !c.Exists() {
		return time.Time{}, fmt.Errorf("the date %s %02d:%02d does not exist", c.date(), c.Hour, c.Minute)
	}
	if c.Offset != nil && c.Precision != press.ToTheDay {
		t := c.at(time.FixedZone("", *c.Offset))
		if zone != nil {
			t = t.In(zone)
		}
		return t, nil
	}
	if zone == nil {
		return time.Time{}, fmt.Errorf("the date %s has no zone and none is configured", c.date())
	}
	if c.Precision == press.ToTheDay {
		return press.StartOfDay(c.Year, time.Month(c.Month), c.Day, zone), nil
	}
	return c.onClock(zone)
}

// Local is the time as it is kept if no zone was written with it; empty if one was. A
// day has none: it is the same day everywhere.
func (c Time) Local() press.Local {
	switch {
	case c.Precision == press.ToTheDay:
		return press.LocalDay(c.Year, time.Month(c.Month), c.Day)
	case c.Offset != nil:
		return ""
	case c.Precision == press.ToTheMinute:
		return press.Local(c.at(time.UTC).Format("2006-01-02 15:04"))
	}
	return press.Local(c.at(time.UTC).Format(time.DateTime))
}

// Parse reads what [Time.Local] wrote.
func Parse(l press.Local) (Time, error) {
	for layout, precision := range map[string]press.Precision{
		time.DateOnly: press.ToTheDay, "2006-01-02 15:04": press.ToTheMinute, time.DateTime: press.ToTheSecond,
	} {
		if t, err := time.Parse(layout, string(l)); err == nil {
			return Time{
				Year: t.Year(), Month: int(t.Month()), Day: t.Day(), Hour: t.Hour(), Minute: t.Minute(), Second: t.Second(),
				Precision: precision,
			}, nil
		}
	}
	return Time{}, fmt.Errorf("%q is not a date", string(l))
}

func (c Time) at(zone *time.Location) time.Time {
	return time.Date(c.Year, time.Month(c.Month), c.Day, c.Hour, c.Minute, c.Second, 0, zone)
}

func (c Time) date() string { return fmt.Sprintf("%04d-%02d-%02d", c.Year, c.Month, c.Day) }

package desk

import (
	"context"
	"strings"
	"time"

	"communique/storage/press"
)

// instant is a time as people see it: in the ministry's zone, with the weekday, in that of whoever
// looks, and in UTC.
type instant struct {
	Machine string
	Day     string // Tuesday 1 December 2026
	Clock   string // 10:00; empty if only the day is known
	Exact   string // 10:00:07
	Zone    string // UTC+1
	Own     string // 18:00 in Asia/Tokyo, with the day if that is another one; empty if that is the same
	UTC     string // 09:00 UTC, with the day if that is another one
}

// IsZero tells that there is none.
func (i instant) IsZero() bool { return i.Machine == "" }

// Brief is the time of day alone.
func (i instant) Brief() string {
	if i.Own == "" {
		return i.Clock
	}
	return i.Clock + " (" + i.Own + ")"
}

// elsewhere is what the clock of whoever looks shows, behind that of the ministry.
func (i instant) elsewhere() string {
	if i.Own == "" {
		return ""
	}
	return ", which is " + i.Own
}

const dayLayout = "Monday 2 January 2006"

// instant is a time for whoever makes the request of a context.
func (d *Desk) instant(ctx context.Context, t time.Time) instant {
	i := instantIn(d.Room.Zone, t)
	v, _ := ctx.Value(visitKey{}).(*visit)
	if t.IsZero() || v == nil || v.zone == nil {
		return i
	}
	if own, here := t.In(v.zone), t.In(d.Room.Zone); own.Format(clockLayout) != here.Format(clockLayout) {
		i.Own = clockOf(own, here) + " in " + strings.ReplaceAll(v.zone.String(), "_", " ")
	}
	return i
}

// clockLayout is the time of a day, and which one.
const clockLayout = "2006-01-02 15:04"

// clockOf is a time of day, with the day if it is another one than here.
func clockOf(there, here time.Time) string {
	if there.Format(time.DateOnly) != here.Format(time.DateOnly) {
		return there.Format("Monday 2 January, 15:04")
	}
	return there.Format("15:04")
}

// instantIn is a time in a zone, and in UTC.
func instantIn(zone *time.Location, t time.Time) instant {
	if t.IsZero() {
		return instant{}
	}
	here, utc := t.In(zone), t.UTC()
	return instant{
		Machine: utc.Format(time.RFC3339), Day: here.Format(dayLayout), Clock: here.Format("15:04"), Exact: here.Format(time.TimeOnly),
		Zone: press.Offset(here), UTC: clockOf(utc, here) + " UTC",
	}
}

// when is the date of an article, as exactly as it is known.
func (d *Desk) when(ctx context.Context, a press.Article) instant {
	if a.Precision == press.ToTheDay {
		day := a.DateIn(d.Room.Zone)
		return instant{Machine: day.Format(time.DateOnly), Day: day.Format(dayLayout)}
	}
	return d.instant(ctx, a.Published)
}

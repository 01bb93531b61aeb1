package desk

import (
	"time"

	"communique/storage/press"
)

// instant is a time as people see it: in the ministry's zone, with the weekday, and in UTC.
type instant struct {
	Machine string
	Day     string // Tuesday 1 December 2026
	Clock   string // 10:00; empty if only the day is known
	Exact   string // 10:00:07
	Zone    string // UTC+1
	UTC     string // 09:00 UTC, with the day if that is another one
}

// IsZero tells that there is none.
func (i instant) IsZero() bool { return i.Machine == "" }

const dayLayout = "Monday 2 January 2006"

func (d *Desk) instant(t time.Time) instant {
	if t.IsZero() {
		return instant{}
	}
	here, utc := t.In(d.Room.Zone), t.UTC()
	i := instant{Machine: utc.Format(time.RFC3339), Day: here.Format(dayLayout), Clock: here.Format("15:04"), Exact: here.Format(time.TimeOnly), Zone: press.Offset(here), UTC: utc.Format("15:04") + " UTC"}
	if here.Format(time.DateOnly) != utc.Format(time.DateOnly) {
		i.UTC = utc.Format("Monday 2 January, 15:04") + " UTC"
	}
	return i
}

// when is the date of an article, as exactly as it is known.
func (d *Desk) when(a press.Article) instant {
	i := d.instant(a.Published)
	if a.Precision == press.ToTheDay {
		day := a.DateIn(d.Room.Zone)
		i = instant{Machine: day.Format(time.DateOnly), Day: day.Format(dayLayout)}
	}
	return i
}

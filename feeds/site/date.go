package site

import (
	"html/template"
	"strconv"
	"strings"
	"time"

	"communique/storage/press"
)

// Instant is a time as a page shows it: for machines, for people, and in UTC for
// readers in another zone.
type Instant struct{ Machine, Text, UTC string }

// Attrs returns the attributes of the time element. They are built here because a
// template would escape the plus sign of a zone, which careless readers don't undo.
func (i Instant) Attrs() template.HTMLAttr {
	attrs := `datetime="` + i.Machine + `"`
	if i.UTC != "" {
		attrs += ` title="` + i.UTC + `"`
	}
	return template.HTMLAttr(attrs)
}

// FormatDate formats the day of an instant, in the instant's own zone.
func (w *Words) FormatDate(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = w.FirstDay
	}
	return strings.NewReplacer("{day}", day, "{month}", w.Months[t.Month()-1], "{year}", strconv.Itoa(t.Year())).Replace(w.Date)
}

// FormatMonth formats a month of a year.
func (w *Words) FormatMonth(year int, m time.Month) string {
	return strings.NewReplacer("{month}", w.MonthsAlone[m-1], "{year}", strconv.Itoa(year)).Replace(w.MonthYear)
}

// FormatTime formats day, hour, minute and the offset from UTC.
func (w *Words) FormatTime(t time.Time) string {
	clock := strings.NewReplacer("{hour}", t.Format("15"), "{minute}", t.Format("04")).Replace(w.Time)
	return strings.NewReplacer("{date}", w.FormatDate(t), "{time}", clock).Replace(w.DateTime) + " (" + press.Offset(t) + ")"
}

// day is the date of an instant in the institution's zone.
func (s *Site) day(t time.Time, w *Words) Instant {
	local := t.In(s.id.Zone)
	return Instant{Machine: local.Format(time.RFC3339), Text: w.FormatDate(local), UTC: utc(t)}
}

// minute is an instant to the minute in the institution's zone.
func (s *Site) minute(t time.Time, w *Words) Instant {
	local := t.In(s.id.Zone)
	return Instant{Machine: local.Format(time.RFC3339), Text: w.FormatTime(local), UTC: utc(t)}
}

// published is the date of an article, as precisely as it was given.
func (s *Site) published(a press.Article, w *Words) Instant {
	if a.Precision == press.ToTheDay {
		local := a.DateIn(s.id.Zone)
		return Instant{Machine: local.Format(time.DateOnly), Text: w.FormatDate(local)}
	}
	return s.minute(a.Published, w)
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

package desk

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"communique/storage/manuscripts"
	"communique/storage/press"
)

// weeksAhead is how many weeks the calendar has, this one among them. What is later comes
// behind them.
const weeksAhead = 6

// calendarView is what goes out, by week and day.
type calendarView struct {
	Weeks []week
	Later []line
	Held  []line // which go out at no time
}

type week struct {
	Number int
	From   string // its Monday
	Days   []day
	This   bool
}

type day struct {
	Name  string
	Today bool
	Lines []line
}

func (d *Desk) calendar(w http.ResponseWriter, r *http.Request) error {
	v, ctx := visitOf(r), r.Context()
	drafts, err := d.drafts(ctx, v.Person)
	if err != nil {
		return err
	}
	waiting, err := v.Room.Coming(ctx)
	if err != nil {
		return err
	}
	_, tree, err := d.names(ctx)
	if err != nil {
		return err
	}
	for _, m := range waiting {
		l := d.line(ctx, tree, press.Article{ID: m.Article, Title: m.Title, Section: m.Section, Language: m.Language, Published: m.Instant}, "")
		l.Waits, l.Approved, l.Withdrawn = "/manuscripts/"+m.ID, m.State == manuscripts.Approved, m.Kind == manuscripts.Withdrawal
		l.Corrected = m.Kind == manuscripts.Correction
		l.Ready = m.State == manuscripts.Ready
		drafts = append(drafts, l)
	}
	slices.SortStableFunc(drafts, func(a, b line) int { return strings.Compare(a.When.Machine, b.When.Machine) })
	return d.show(w, r, http.StatusOK, "calendar", "Calendar", d.calendarOf(drafts, d.Store.Now()))
}

func (d *Desk) calendarOf(drafts []line, now time.Time) (view calendarView) {
	byDay := map[string][]line{}
	for _, l := range drafts {
		if l.Why != "" {
			view.Held = append(view.Held, l)
			continue
		}
		byDay[l.When.Day] = append(byDay[l.When.Day], l)
	}
	today := now.In(d.Room.Zone)
	monday := press.StartOfDay(today.Year(), today.Month(), today.Day()-(int(today.Weekday())+6)%7, d.Room.Zone)
	shown := map[string]bool{}
	for n := range weeksAhead {
		_, number := monday.ISOWeek()
		one := week{Number: number, From: monday.Format("2 January"), This: n == 0}
		for i := range 7 {
			at := press.StartOfDay(monday.Year(), monday.Month(), monday.Day()+i, d.Room.Zone)
			name := at.Format(dayLayout)
			if lines := byDay[name]; len(lines) > 0 {
				one.Days = append(one.Days, day{name, name == today.Format(dayLayout), lines})
				shown[name] = true
			}
		}
		view.Weeks = append(view.Weeks, one)
		monday = press.StartOfDay(monday.Year(), monday.Month(), monday.Day()+7, d.Room.Zone)
	}
	for _, l := range drafts {
		if l.Why == "" && !shown[l.When.Day] {
			view.Later = append(view.Later, l)
		}
	}
	return view
}

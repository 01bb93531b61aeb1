package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"communique/cmd/internal/newsroom"
	"communique/storage/press"
)

// deskIn is a desk in a zone, for what needs no store.
func deskIn(t *testing.T, name string) *Desk {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return &Desk{Options: Options{Room: newsroom.Desk{Zone: zone, Language: "en"}}}
}

// TestInstants: a time is shown with its weekday in the ministry's zone, and in UTC, with the
// day if that is another one; hours that come twice differ by their offset.
func TestInstants(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ zone, at, want string }{
		{"Europe/Lisbon", "2026-12-01T10:00:00Z", "Tuesday 1 December 2026 10:00 UTC 10:00 UTC"},
		{"Asia/Kathmandu", "2026-12-08T18:45:00Z", "Wednesday 9 December 2026 00:30 UTC+5:45 Tuesday 8 December, 18:45 UTC"},
		{"America/St_Johns", "2026-12-01T02:00:00Z", "Monday 30 November 2026 22:30 UTC−3:30 Tuesday 1 December, 02:00 UTC"},
		{"Europe/Lisbon", "2026-10-25T00:30:00Z", "Sunday 25 October 2026 01:30 UTC+1 00:30 UTC"},
		{"Europe/Lisbon", "2026-10-25T01:30:00Z", "Sunday 25 October 2026 01:30 UTC 01:30 UTC"},
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		i := deskIn(t, tt.zone).instant(t.Context(), at)
		if got := strings.Join([]string{i.Day, i.Clock, i.Zone, i.UTC}, " "); got != tt.want || i.Machine != tt.at {
			t.Errorf("%s in %s: %s (%s), want %s", tt.at, tt.zone, got, i.Machine, tt.want)
		}
	}
}

// TestCalendarDays: what goes out stands in the week and on the day of the ministry's zone;
// what is held goes out at no time, and what is far off comes behind the weeks.
func TestCalendarDays(t *testing.T) {
	t.Parallel()
	d := deskIn(t, "Asia/Kathmandu")
	var drafts []line
	for _, at := range []string{"2026-11-29T18:30:00Z", "2026-11-29T17:00:00Z", "2026-12-06T17:00:00Z", "2026-12-06T19:00:00Z", "2027-03-01T00:00:00Z"} {
		published, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		drafts = append(drafts, line{ID: press.ArticleID(at), When: d.instant(t.Context(), published)})
	}
	drafts = append(drafts, line{ID: "held", Why: "of the clock"})
	view := d.calendarOf(drafts, time.Date(2026, 11, 29, 18, 20, 0, 0, time.UTC)) // Monday, five past midnight
	var got []string
	for _, w := range view.Weeks {
		for _, of := range w.Days {
			for _, l := range of.Lines {
				got = append(got, fmt.Sprintf("week %d from %s, %s %s, today: %v", w.Number, w.From, of.Name, l.When.Clock, of.Today))
			}
		}
	}
	for _, l := range view.Later {
		got = append(got, "later: "+string(l.ID))
	}
	for _, l := range view.Held {
		got = append(got, string(l.ID))
	}
	want := `week 49 from 30 November, Monday 30 November 2026 00:15, today: true
week 49 from 30 November, Sunday 6 December 2026 22:45, today: false
week 50 from 7 December, Monday 7 December 2026 00:45, today: false
later: 2026-11-29T17:00:00Z
later: 2027-03-01T00:00:00Z
held`
	if text := strings.Join(got, "\n"); text != want || len(view.Weeks) != weeksAhead {
		t.Errorf("%d weeks:\n%s\nwant:\n%s", len(view.Weeks), text, want)
	}
}

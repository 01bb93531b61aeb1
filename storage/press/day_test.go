package press

import (
	"testing"
	"time"
)

func TestStartOfDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, want string }{
		{"UTC", "2026-09-06", "2026-09-06T00:00:00Z"},
		{"Europe/Lisbon", "2026-03-29", "2026-03-29T00:00:00Z"},
		{"America/Santiago", "2026-09-05", "2026-09-05T00:00:00-04:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"}, // forward at midnight
		{"America/Santiago", "2026-04-05", "2026-04-05T00:00:00-04:00"}, // back to 23:00
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"},   // back from one o'clock
		{"America/Asuncion", "2023-10-01", "2023-10-01T01:00:00-03:00"},
		{"Atlantic/Azores", "2026-03-29", "2026-03-29T01:00:00Z"},
		{"Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00"},
		{"Asia/Amman", "2021-10-29", "2021-10-29T00:00:00+03:00"}, // back from one o'clock
		{"America/Toronto", "1919-03-31", "1919-03-31T00:30:00-04:00"},
		{"Asia/Kathmandu", "1986-01-01", "1986-01-01T00:15:00+05:45"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		got := StartOfDay(day.Year(), day.Month(), day.Day(), zone)
		if got.Format(time.RFC3339) != c.want {
			t.Errorf("%s in %s: got %s, want %s", c.day, c.zone, got.Format(time.RFC3339), c.want)
		}
		if before := got.Add(-time.Second); before.Format(time.DateOnly) >= c.day {
			t.Errorf("%s in %s: %s is of it too", c.day, c.zone, before.Format(time.RFC3339))
		}
		if again := StartOfDay(day.Year()-1, day.Month()+12, day.Day(), zone); !again.Equal(got) {
			t.Errorf("%s in %s: %s by a month beyond the year", c.day, c.zone, again)
		}
	}
}

func TestOffset(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[int]string{0: "UTC", 3600: "UTC+1", -10800: "UTC−3", 20700: "UTC+5:45", -12600: "UTC−3:30"} {
		if got := Offset(time.Unix(0, 0).In(time.FixedZone("X", seconds))); got != want {
			t.Errorf("%d seconds: %s, want %s", seconds, got, want)
		}
	}
}

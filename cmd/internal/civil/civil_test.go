package civil

import (
	"strings"
	"testing"
	"time"

	"communique/storage/press"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	if name == "" {
		return nil
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestIn: a date is an instant only in a zone, and not every time of day has been on
// every clock.
func TestIn(t *testing.T) {
	t.Parallel()
	offset := func(hours int) *int { s := hours * 3600; return &s }
	for _, tt := range []struct {
		name string
		c    Time
		zone string
		want string // RFC 3339, or how the error begins
	}{
		{"a minute", Time{Year: 2026, Month: 7, Day: 1, Hour: 14, Minute: 30, Precision: press.ToTheMinute}, "Europe/Berlin", "2026-07-01T14:30:00+02:00"},
		{"its own offset", Time{Year: 2026, Month: 7, Day: 1, Hour: 14, Precision: press.ToTheMinute, Offset: offset(8)}, "Europe/Berlin", "2026-07-01T08:00:00+02:00"},
		{"its own offset and no zone", Time{Year: 2026, Month: 7, Day: 1, Hour: 14, Precision: press.ToTheMinute, Offset: offset(8)}, "", "2026-07-01T14:00:00+08:00"},
		{"a day", Time{Year: 2026, Month: 7, Day: 1, Precision: press.ToTheDay}, "Europe/Berlin", "2026-07-01T00:00:00+02:00"},
		{"a day has no offset", Time{Year: 2026, Month: 7, Day: 1, Precision: press.ToTheDay, Offset: offset(8)}, "Europe/Berlin", "2026-07-01T00:00:00+02:00"},
		{"a day without midnight", Time{Year: 2026, Month: 9, Day: 6, Precision: press.ToTheDay}, "America/Santiago", "2026-09-06T01:00:00-03:00"},
		{"no zone", Time{Year: 2026, Month: 7, Day: 1, Precision: press.ToTheDay}, "", "the date 2026-07-01 has no zone"},
		{"no such day", Time{Year: 2026, Month: 2, Day: 30}, "Europe/Berlin", "the date 2026-02-30 00:00 does not exist"},
		{"no such hour", Time{Year: 2026, Month: 2, Day: 3, Hour: 24}, "Europe/Berlin", "the date 2026-02-03 24:00 does not exist"},
		{"no such second", Time{Year: 2026, Month: 2, Day: 3, Second: 60}, "Europe/Berlin", "the date 2026-02-03 00:00 does not exist"},
		{"an hour that clocks skipped", Time{Year: 2026, Month: 3, Day: 29, Hour: 2, Minute: 30, Precision: press.ToTheMinute}, "Europe/Berlin", "the time 02:30 did not exist on 2026-03-29 in Europe/Berlin: the clocks went forward"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at, err := tt.c.In(zone(t, tt.zone))
			got := at.Format(time.RFC3339)
			if err != nil {
				got = err.Error()
			}
			if !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

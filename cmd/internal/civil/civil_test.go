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
	minute := func(year, month, day, hour, minute int) Time {
		return Time{Year: year, Month: month, Day: day, Hour: hour, Minute: minute, Precision: press.ToTheMinute}
	}
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
		{"an hour that clocks skipped", Time{Year: 2026, Month: 3, Day: 29, Hour: 2, Minute: 30, Precision: press.ToTheMinute}, "Europe/Berlin", "the time 02:30 did not exist on 2026-03-29 in Europe/Berlin: the clocks went forward; write 2026-03-29T02:30+01:00 (03:30 on 2026-03-29 there) or 2026-03-29T02:30+02:00 (01:30 on 2026-03-29 there)"},
		{"an hour that comes twice", minute(2027, 10, 31, 1, 30), "Europe/Lisbon", "the time 01:30 comes twice on 2027-10-31 in Europe/Lisbon, because the clocks go back; write 2027-10-31T01:30+01:00 or 2027-10-31T01:30+00:00"},
		{"twice, west", minute(2026, 11, 1, 1, 30), "America/New_York", "the time 01:30 comes twice on 2026-11-01 in America/New_York, because the clocks go back; write 2026-11-01T01:30-04:00 or 2026-11-01T01:30-05:00"},
		{"twice, south", minute(2026, 4, 5, 2, 0), "Australia/Sydney", "the time 02:00 comes twice on 2026-04-05 in Australia/Sydney, because the clocks go back; write 2026-04-05T02:00+11:00 or 2026-04-05T02:00+10:00"},
		{"twice, about midnight", minute(2026, 4, 4, 23, 30), "America/Santiago", "the time 23:30 comes twice on 2026-04-04"},
		{"twice, by half an hour", minute(2026, 4, 5, 1, 45), "Australia/Lord_Howe", "the time 01:45 comes twice on 2026-04-05 in Australia/Lord_Howe, because the clocks go back; write 2026-04-05T01:45+11:00 or 2026-04-05T01:45+10:30"},
		{"twice, in the zone whose summer is called standard", minute(2026, 10, 25, 1, 30), "Europe/Dublin", "the time 01:30 comes twice on 2026-10-25"},
		{"twice, to the second", Time{Year: 2027, Month: 10, Day: 31, Hour: 1, Minute: 30, Second: 5, Precision: press.ToTheSecond}, "Europe/Lisbon", "the time 01:30 comes twice on 2027-10-31 in Europe/Lisbon, because the clocks go back; write 2027-10-31T01:30:05+01:00 or"},
		{"twice, but with its offset", Time{Year: 2027, Month: 10, Day: 31, Hour: 1, Minute: 30, Precision: press.ToTheMinute, Offset: offset(1)}, "Europe/Lisbon", "2027-10-31T01:30:00+01:00"},
		{"the last minute before it", minute(2027, 10, 31, 0, 59), "Europe/Lisbon", "2027-10-31T00:59:00+01:00"},
		{"the first minute after it", minute(2027, 10, 31, 2, 0), "Europe/Lisbon", "2027-10-31T02:00:00Z"},
		{"the first minute of a summer", minute(2026, 3, 29, 3, 0), "Europe/Berlin", "2026-03-29T03:00:00+02:00"},
		{"a midnight that was skipped", minute(2026, 9, 6, 0, 0), "America/Santiago", "the time 00:00 did not exist on 2026-09-06"},
		{"half an hour that was skipped", minute(2026, 10, 4, 2, 15), "Australia/Lord_Howe", "the time 02:15 did not exist on 2026-10-04 in Australia/Lord_Howe: the clocks went forward; write 2026-10-04T02:15+10:30 (02:45 on 2026-10-04 there) or 2026-10-04T02:15+11:00 (01:45 on 2026-10-04 there)"},
		{"a day that was skipped", minute(2011, 12, 30, 10, 0), "Pacific/Apia", "the time 10:00 did not exist on 2011-12-30 in Pacific/Apia: the clocks went forward; write 2011-12-30T10:00-10:00 (10:00 on 2011-12-31 there) or 2011-12-30T10:00+14:00 (10:00 on 2011-12-29 there)"},
		{"a day that came twice", minute(1969, 9, 30, 22, 0), "Pacific/Kwajalein", "the time 22:00 comes twice on 1969-09-30"},
		{"when clocks left the sun", minute(1911, 12, 31, 23, 30), "Europe/Lisbon", "the time 23:30 did not exist on 1911-12-31 in Europe/Lisbon: the clocks went forward; write 1912-01-01T00:06:45Z (00:06 on 1912-01-01 there) or 1911-12-31T23:30+00:00 ("},
		{"a zone without changes", minute(2027, 10, 31, 1, 30), "Asia/Shanghai", "2027-10-31T01:30:00+08:00"},
		{"UTC", minute(2027, 10, 31, 1, 30), "UTC", "2027-10-31T01:30:00Z"},
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

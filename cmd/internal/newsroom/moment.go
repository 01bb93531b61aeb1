package newsroom

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"communique/cmd/internal/civil"
	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/richtext"
)

var moment = lazyregexp.New(`^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]+)?)?\s?([Zz]|[+-][0-9]{2}:[0-9]{2})?)?$`)

// date is a date of publication as a document gives it.
type date struct {
	at        time.Time
	precision press.Precision
	local     press.Local
}

// readMoment reads a date of publication (RFC 3339 §5.6, or without the zone,
// the seconds or the time of day). What names no zone is in the given one.
func readMoment(text string, zone *time.Location) (date, error) {
	if err := checkEra(text); err != nil {
		return date{}, err
	}
	m := moment.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return date{}, fmt.Errorf("%q is not a date: write 2026-03-01, 2026-03-01 14:30 or 2026-03-01T14:30:00+01:00", text)
	}
	c := civil.Time{
		Year: number(m[1]), Month: number(m[2]), Day: number(m[3]), Hour: number(m[4]), Minute: number(m[5]), Second: number(m[6]),
		Precision: press.ToTheDay,
	}
	switch {
	case m[6] != "":
		c.Precision = press.ToTheSecond
	case m[4] != "":
		c.Precision = press.ToTheMinute
	}
	if c.Year == 1 {
		// As programs write it that know no date; it would count as none.
		return date{}, fmt.Errorf("%s is not the date of a statement: leave the field out to publish it now", text)
	}
	if !c.Exists() {
		return date{}, fmt.Errorf("%s does not exist in the calendar or on the clock: mend it", text)
	}
	if m[7] != "" {
		offset, ok := zoneOffset(m[7])
		if !ok {
			return date{}, fmt.Errorf("%s is not the offset of a zone: write one like +01:00", m[7])
		}
		c.Offset = &offset
	}
	t, err := c.In(zone)
	if err != nil {
		return date{}, err
	}
	return date{t, c.Precision, c.Local()}, nil
}

// Moment reads a date of publication as a document gives it, in the zone of the desk if it
// names none. The error says what to write.
func (d Desk) Moment(published string) (time.Time, press.Precision, error) {
	read, err := readMoment(published, d.Zone)
	return read.at, read.precision, err
}

// anyMoment is a date in figures of whichever length.
var anyMoment = lazyregexp.New(`^([0-9]{2,4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(.*)$`)

// checkEra refuses a date in a year of another calendar, and one in the digits of
// another script, with the date that is probably meant: a year like 2570 would be an
// embargo for ever, one like 1447 a date of long ago.
func checkEra(text string) error {
	ours := strings.Map(richtext.ASCIIDigit, strings.TrimSpace(text))
	m := anyMoment.FindStringSubmatch(ours)
	if m == nil {
		return nil
	}
	rest := m[4]
	if !moment.MatchString("2026-01-01" + rest) {
		rest = ""
	}
	era, day := importer.InEra(number(m[1]), number(m[2]), number(m[3]))
	switch {
	case era == importer.Hebrew:
		return fmt.Errorf("%q is in a year of the %s: write the day of the common calendar, like 2026-03-01", text, era)
	case era == importer.Islamic || era == importer.Bikram:
		return fmt.Errorf("%q is in a year of the %s: write the day of the common calendar, which is probably %s or a day or two from it", text, era, day.Format(time.DateOnly)+rest)
	case era != "":
		return fmt.Errorf("%q is in a year of the %s: write the day of the common calendar, which is probably %s", text, era, day.Format(time.DateOnly)+rest)
	case ours != strings.TrimSpace(text) && moment.MatchString(ours):
		return fmt.Errorf("%q is in digits of another script: write %s", text, ours)
	}
	return nil
}

// zoneOffset reads "Z" or "+01:00" (RFC 3339 §5.6 time-offset), in seconds east of
// UTC. No zone is more than 14 hours away from it.
func zoneOffset(text string) (seconds int, ok bool) {
	if text == "Z" || text == "z" {
		return 0, true
	}
	hours, minutes := number(text[1:3]), number(text[4:6])
	if minutes > 59 || hours*60+minutes > 14*60 {
		return 0, false
	}
	seconds = hours*3600 + minutes*60
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

// number reads digits; none are 0.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}

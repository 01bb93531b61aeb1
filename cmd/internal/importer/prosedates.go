package importer

import (
	"strings"
	"time"

	"communique/storage/press"
)

// Dates are the whole dates in a text, with the times of day beside them, in a zone if
// they name none, and what is left of the text without them. Of a date that can be read
// in two ways it is the later; one that may be of another calendar is left out.
func Dates(text string, language press.Language, zone *time.Location) (dates []time.Time, rest string) {
	text = plainDigits(text)
	var left strings.Builder
	end := 0
	for _, r := range findDates(text, language, unknownOrder) {
		left.WriteString(text[end:max(r.start, end)])
		end = max(r.end, end)
		if at, ok := latest(r, zone); ok {
			dates = append(dates, at)
		}
	}
	return dates, left.String() + text[end:]
}

// latest is the instant of a reading, by the later one of two; its day, if clocks showed
// that time twice or never.
func latest(r reading, zone *time.Location) (time.Time, bool) {
	if r.doubtful {
		return time.Time{}, false
	}
	at, err := r.in(zone)
	if err != nil {
		r.precision = press.ToTheDay
		at, err = r.in(zone)
	}
	if other := r.other(); r.swapped && other.exists() {
		if o, failed := other.in(zone); failed == nil && o.After(at) {
			at, err = o, nil
		}
	}
	return at, err == nil
}

// Month is the number of the month that has a name, in a language or in any; 0 if none has.
func Month(name string, language press.Language) int { return monthTable().find(fold(name), language) }

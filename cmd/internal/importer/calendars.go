package importer

import (
	"fmt"
	"time"
	"unicode"

	"communique/storage/press"
)

// otherCalendars are the languages of countries that count years in a calendar of their
// own and write both in the same figures: 2016-02-07 on an Ethiopian page is a day of
// October 2023, or of February 2016.
var otherCalendars = map[string]func(year, month, day int) span{
	"am": ethiopian, "ti": ethiopian, "om": ethiopian, "ne": bikramSambat, "new": bikramSambat,
}

// arabicScript are the languages on whose pages 1445/04/02 needs no mark to be a date.
var arabicScript = set("ar fa ur ps prs ckb ku sd ug dv")

// lunarMarks follow a date of the Islamic calendar, as [fold] leaves them.
var lunarMarks = set("ه هجري هجريه قمري ق ah h هج")

// span is a stretch of days of our calendar, as many on either side of a day as it is
// not known by rule which it was.
type span struct {
	day   time.Time
	about int // days
}

// calendarDoubt reports whether a date in figures may be of another calendar on pages
// in a language.
func calendarDoubt(language press.Language) bool { return otherCalendars[base(language)] != nil }

// calendarLanguage is the language by whose calendar a page may be dated: one that it
// declares, is in, or is written around its text. An English text on an Ethiopian page
// has the date of the page.
func (p *Page) calendarLanguage(d *document) press.Language {
	for _, l := range []press.Language{p.Language, d.language} {
		if calendarDoubt(l) {
			return l
		}
	}
	letters, ethiopic := 0, 0
	for _, l := range d.lines {
		for _, r := range l.text {
			if unicode.IsLetter(r) {
				letters++
				if unicode.Is(unicode.Ethiopic, r) {
					ethiopic++
				}
			}
		}
	}
	if ethiopic*5 > letters {
		return "am"
	}
	return p.Language
}

// bikramYears are those of Nepal since there are web sites. As years of our calendar
// they are far ahead.
func bikramYears(year int) bool { return year >= 2047 && year < 2100 }

// isLunar reports whether a year before the given tokens is one of the Islamic calendar:
// of the last and the next decades, on a page whose readers need no mark, or with one.
// On Persian pages such a year is one of the calendar of Iran until it lies too far
// ahead.
func isLunar(year int, after []token, language press.Language) bool {
	if year < 1400 || year > 1460 {
		return false
	}
	for i := 0; i < len(after) && i < 3; i++ {
		if lunarMarks[after[i].text] {
			return true
		}
		if after[i].text != "." && after[i].text != "(" {
			break
		}
	}
	b := base(language)
	return b != "fa" && b != "ps" && b != "prs" && arabicScript[b] || b == "fa" && year >= 1420
}

// namedDay finds the date of metadata that names the day of a date in figures, whose
// calendar is in doubt.
func namedDay(r reading, language press.Language, metadata []candidate) (reading, bool) {
	var spans []span
	if r.year > 1500 {
		spans = append(spans, span{date(r.year, r.month, r.day), 0})
		if r.swapped {
			o := r.other()
			spans = append(spans, span{date(o.year, o.month, o.day), 0})
		}
		convert := otherCalendars[base(language)]
		if convert == nil && bikramYears(r.year) {
			convert = bikramSambat
		}
		if convert != nil {
			spans = append(spans, convert(r.year, r.month, r.day))
		}
	} else {
		spans = append(spans, islamic(r.year, r.month, r.day))
		if s := solar(r.year, r.month, r.day); s.exists() {
			spans = append(spans, span{date(s.year, s.month, s.day), 0})
		}
	}
	for _, m := range metadata {
		if m.swapped || m.year < 1500 {
			continue
		}
		for _, s := range spans {
			apart := date(m.year, m.month, m.day).Sub(s.day) / (24 * time.Hour)
			if -s.about <= int(apart) && int(apart) <= s.about {
				return m.reading, true
			}
		}
	}
	return reading{}, false
}

func (r reading) figures() string { return fmt.Sprintf("%04d-%02d-%02d", r.year, r.month, r.day) }

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// ofJulianDay is the day with a number in the count of astronomers.
func ofJulianDay(n int) time.Time { return date(2000, 1, 1).AddDate(0, 0, n-2451545) }

// ethiopian converts a date of Ethiopia: twelve months of thirty days and a short one, a
// leap day every fourth year.
func ethiopian(year, month, day int) span {
	return span{ofJulianDay(1724221 + 365*(year-1) + year/4 + 30*(month-1) + day - 1), 0}
}

// islamic converts a date of the Islamic calendar by its rule. The sighting of the moon,
// and the tables of states, are up to two days from it.
func islamic(year, month, day int) span {
	return span{ofJulianDay(1948439 + day + (59*(month-1)+1)/2 + 354*(year-1) + (3+11*year)/30), 2}
}

// bikramMonths are the days on which the months of Nepal begin, up to two days early or
// late: their lengths follow the sun and no rule.
var bikramMonths = [...][2]int{{4, 14}, {5, 15}, {6, 15}, {7, 16}, {8, 17}, {9, 17}, {10, 18}, {11, 17}, {12, 16}, {13, 15}, {14, 13}, {15, 14}}

func bikramSambat(year, month, day int) span {
	if month < 1 || month > len(bikramMonths) {
		return span{}
	}
	begins := bikramMonths[month-1]
	return span{date(year-57, begins[0], begins[1]+day-1), 2}
}

// Era is a calendar in which a year is counted.
type Era string

// Eras whose years can be told from those of ours.
const (
	Buddhist Era = "Buddhist calendar"
	Iranian  Era = "calendar of Iran"
	Islamic  Era = "Islamic calendar"
	Bikram   Era = "calendar of Nepal"
	Minguo   Era = "calendar of the Republic of China"
	Hebrew   Era = "Hebrew calendar"
)

// InEra tells of a year that is hardly one of ours in which calendar it is near the
// present, empty if in none, and which day of ours a day in it is: to a day or two in calendars
// that follow the moon, or no rule; none in the Hebrew one.
func InEra(year, month, day int) (Era, time.Time) {
	switch {
	case year >= 90 && year < 200:
		return Minguo, date(year+1911, month, day)
	case year >= 1350 && year < 1420:
		if r := solar(year, month, day); r.exists() {
			return Iranian, date(r.year, r.month, r.day)
		}
	case year >= 1420 && year < 1500:
		return Islamic, islamic(year, month, day).day
	case year >= 2070 && year < 2100:
		return Bikram, bikramSambat(year, month, day).day
	case year >= 2500 && year < 2643:
		return Buddhist, date(year-543, month, day)
	case year >= 5700 && year < 5900:
		return Hebrew, time.Time{}
	}
	return "", time.Time{}
}

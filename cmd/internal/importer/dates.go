package importer

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"communique/cmd/internal/civil"
	"communique/storage/press"
)

// reading is a date as a text gives it, before its zone is known.
type reading struct {
	year, month, day     int
	hour, minute, second int
	precision            press.Precision
	// offset is the zone that the text names, in seconds east of UTC.
	offset *int
	// swapped is set if day and month could be the other way round, as in
	// 08/07/2019.
	swapped bool
	// either is set if day and month could be the other way round, and the language says
	// which is which.
	either bool
	// doubtful is set of a date in figures that may be of another calendar: see namedDay.
	doubtful bool
	// start and end are the bytes of the text that were read (see plainDigits).
	start, end int
}

// exists reports whether the calendar has that day and the clock that time.
func (r reading) exists() bool {
	if r.doubtful {
		// Ethiopia has a thirteenth month, Nepal months of 32 days.
		return r.month >= 1 && r.month <= 13 && r.day >= 1 && r.day <= 32 && r.hour < 24 && r.minute < 60 && r.second < 60
	}
	return r.civil().Exists()
}

func (r reading) civil() civil.Time {
	return civil.Time{
		Year: r.year, Month: r.month, Day: r.day, Hour: r.hour, Minute: r.minute, Second: r.second,
		Precision: r.precision, Offset: r.offset,
	}
}

// other is the reading with day and month exchanged.
func (r reading) other() reading {
	r.day, r.month = r.month, r.day
	return r
}

func (r reading) sameDay(o reading) bool {
	return r.year == o.year && r.month == o.month && r.day == o.day
}

// order says which number comes first in dates like 08/07/2019.
type order int

const (
	unknownOrder order = iota
	dayFirst
	monthFirst
)

// findDates returns the dates in a text, from left to right. Only complete
// dates count: a year alone, as in a copyright line, does not.
func findDates(text string, language press.Language, o order) []reading {
	text = plainDigits(text)
	tokens := tokenize(text)
	var found []reading
	for i := 0; i < len(tokens); {
		r, used := readDate(tokens[i:], inNumber(tokens, i), language, o)
		r.doubtful = r.doubtful || used > 0 && allFigures(tokens[i:i+used]) && (calendarDoubt(language) || bikramYears(r.year))
		if used == 0 || !r.exists() {
			i++
			continue
		}
		r.start, r.end = tokens[i].start, tokens[i+used-1].end
		readTime(text, &r)
		if r.exists() {
			found = append(found, r)
		}
		i += used
		for i < len(tokens) && tokens[i].start < r.end {
			i++
		}
	}
	if len(found) == 0 {
		if r, ok := shortDate(text, tokens, language, o); ok {
			return []reading{r}
		}
	}
	return found
}

// allFigures reports whether a date has no month in words.
func allFigures(t []token) bool {
	for _, each := range t {
		if !each.number() && !each.separator() && each.text != "年" && each.text != "月" && each.text != "日" {
			return false
		}
	}
	return true
}

// inNumber reports whether a token continues a longer number, such as a version
// or a telephone number.
func inNumber(tokens []token, i int) bool {
	if i == 0 || tokens[i].spaced || !strings.Contains("-/.:", tokens[i-1].text) {
		return i > 0 && !tokens[i].spaced && tokens[i-1].number()
	}
	return i > 1 && !tokens[i-1].spaced && tokens[i-2].number()
}

// readDate reads a date at the beginning of the tokens and returns how many it
// consumed.
func readDate(t []token, inNumber bool, language press.Language, o order) (reading, int) {
	if !t[0].number() {
		return readMonthFirst(t, language)
	}
	if inNumber {
		return reading{}, 0
	}
	switch {
	case t[0].digits == 4:
		if r, used := readYearFirst(t, language); used > 0 {
			return r, used
		}
		return readCompact(t)
	case t[0].digits == 8:
		return readCompact(t)
	case t[0].digits <= 2:
		if r, used := readNumeric(t, language, o); used > 0 {
			return r, used
		}
		return readDayFirst(t, language)
	}
	return reading{}, 0
}

// readNumeric reads 17.10.2023, 17/10/2023 and 10/17/2023.
func readNumeric(t []token, language press.Language, o order) (reading, int) {
	if len(t) < 5 || !t[2].number() || t[2].digits > 2 || !t[4].number() || t[4].digits != 4 || t[1].text != t[3].text || !t[1].separator() {
		return reading{}, 0
	}
	if isLunar(t[4].n, t[5:], language) {
		return reading{year: t[4].n, month: t[2].n, day: t[0].n, precision: press.ToTheDay, doubtful: true}, 5
	}
	year, ok := fullYear(t[4].n, language)
	if !ok {
		return reading{}, 0
	}
	r := reading{year: year, month: t[2].n, day: t[0].n, precision: press.ToTheDay}
	if t[4].n < 1500 { // the calendar of Iran
		return solar(t[4].n, t[2].n, t[0].n), 5
	}
	r.either = t[1].text != "." && r.day <= 12 && r.month <= 12 && r.day != r.month
	switch {
	case r.day > 12 || t[1].text == ".": // nobody writes the month first with dots
	case r.month > 12:
		r = r.other()
	case o == monthFirst:
		r = r.other()
	case o == unknownOrder:
		r.swapped = r.day != r.month
	}
	return r, 5
}

// readYearFirst reads 2023-10-17, 2023年10月17日, 2023년 10월 17일 and
// 2023. október 17.
func readYearFirst(t []token, language press.Language) (reading, int) {
	if len(t) >= 5 && t[1].separator() && t[1].text == t[3].text && t[2].number() && t[2].digits <= 2 && t[4].number() && t[4].digits <= 2 &&
		isLunar(t[0].n, t[5:], language) {
		return reading{year: t[0].n, month: t[2].n, day: t[4].n, precision: press.ToTheDay, doubtful: true}, 5
	}
	year, ok := fullYear(t[0].n, language)
	if !ok {
		return reading{}, 0
	}
	if len(t) >= 5 && t[2].number() && t[2].digits <= 2 && t[4].number() && t[4].digits <= 2 {
		units := t[1].text + t[3].text
		if t[1].separator() && t[1].text == t[3].text || slices.Contains([]string{"年月", "년월", "年⽉"}, units) {
			r := reading{year: year, month: t[2].n, day: t[4].n, precision: press.ToTheDay}
			if t[0].n < 1500 {
				r = solar(t[0].n, t[2].n, t[4].n)
			}
			if len(t) > 5 && slices.Contains([]string{"日", "号", "號", "일"}, t[5].text) {
				return r, 6
			}
			return r, 5
		}
	}
	i := skipFillers(t, 1)
	if month, used := readMonth(t[i:], language); used > 0 {
		j := skipFillers(t, i+used)
		if j < len(t) && t[j].number() && t[j].digits <= 2 {
			return reading{year: year, month: month, day: t[j].n, precision: press.ToTheDay}, j + 1
		}
		return reading{}, 0
	}
	// 2023. gada 17. oktobrī
	if i < len(t) && i > 1 && t[i].number() && t[i].digits <= 2 {
		j := skipFillers(t, i+1)
		if month, used := readMonth(t[j:], language); used > 0 {
			return reading{year: year, month: month, day: t[i].n, precision: press.ToTheDay}, j + used
		}
	}
	return reading{}, 0
}

// readDayFirst reads 17 October 2023, 17. Oktober 2023, 17 de octubre de 2023.
func readDayFirst(t []token, language press.Language) (reading, int) {
	i := skipFillers(t, 1)
	name := i
	month, used := readMonth(t[i:], language)
	if used == 0 {
		month, used = solarMonth(t[i:])
		if used == 0 {
			return reading{}, 0
		}
	}
	// Arabic pages name the month twice: أكتوبر/تشرين الأول.
	if i+used+1 < len(t) && t[i+used].text == "/" {
		if again, more := readMonth(t[i+used+1:], language); again == month {
			used += more + 1
		}
	}
	i = skipFillers(t, i+used)
	if i >= len(t) || !t[i].number() || t[i].digits != 4 && !(t[i].digits == 2 && thai(t[name])) {
		return reading{}, 0
	}
	if t[i].n < 1500 && t[i].digits == 4 {
		if month, used := solarMonth(t[name:]); used > 0 {
			return solar(t[i].n, month, t[0].n), i + 1
		}
		return reading{}, 0
	}
	year, ok := fullYear(t[i].n, language)
	if thai(t[name]) {
		year, ok = buddhistYear(t[i])
	}
	if !ok {
		return reading{}, 0
	}
	return reading{year: year, month: month, day: t[0].n, precision: press.ToTheDay}, i + 1
}

// readMonthFirst reads October 17, 2023.
func readMonthFirst(t []token, language press.Language) (reading, int) {
	month, used := readMonth(t, language)
	if used == 0 {
		return reading{}, 0
	}
	i := used
	if i < len(t) && t[i].text == "." {
		i++
	}
	if i >= len(t) || !t[i].number() || t[i].digits > 2 {
		return reading{}, 0
	}
	day := t[i].n
	i = skipFillers(t, i+1)
	if i >= len(t) || !t[i].number() || t[i].digits != 4 {
		return reading{}, 0
	}
	year, ok := fullYear(t[i].n, language)
	if !ok {
		return reading{}, 0
	}
	return reading{year: year, month: month, day: day, precision: press.ToTheDay}, i + 1
}

// readCompact reads 20231017, as it stands in metadata and addresses.
func readCompact(t []token) (reading, int) {
	n := t[0].n
	year, ok := fullYear(n/10000, "")
	if t[0].digits != 8 || !ok || n/10000 < 1900 {
		return reading{}, 0
	}
	return reading{year: year, month: n / 100 % 100, day: n % 100, precision: press.ToTheDay}, 1
}

func readMonth(t []token, language press.Language) (month, used int) {
	if len(t) == 0 {
		return 0, 0
	}
	if t[0].number() {
		return numberedMonth(t)
	}
	if len(t) > 1 && t[0].text == "thang" && t[1].number() && t[1].n <= 12 {
		return t[1].n, 2
	}
	if len(t) > 2 && t[1].text == "." { // ต.ค.
		if m := monthTable().find(t[0].text+"."+t[2].text, language); m > 0 {
			return m, 3
		}
	}
	if len(t) > 1 && !t[1].number() {
		if m := monthTable().find(t[0].text+" "+t[1].text, language); m > 0 {
			return m, 2
		}
	}
	if m := monthTable().find(t[0].text, language); m > 0 {
		return m, 1
	}
	return 0, 0
}

// numberedMonth reads the 10 дугаар сарын of Mongolian, "of the tenth month".
func numberedMonth(t []token) (month, used int) {
	for i := 1; i < len(t) && i < 4 && t[0].n <= 12; i++ {
		if t[i].text == "сарын" {
			return t[0].n, i + 1
		}
	}
	return 0, 0
}

func solarMonth(t []token) (month, used int) {
	if len(t) > 0 && monthTable().solar[t[0].text] > 0 {
		return monthTable().solar[t[0].text], 1
	}
	return 0, 0
}

// fillers may separate the parts of a date and mean nothing.
var fillers = sync.OnceValue(func() map[string]bool {
	const words = `. , ، ' ’ ° - / º ª de del d di of the den der st nd rd th er o a e m i gada г р года року nam na عام سنة من жылғы жылгы жылдын жыл оны` +
		` ta ng ko yil il ی พ ศ ค թ წლის ឆ្នាំ ခုနှစ်`
	all := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		all[fold(w)] = true
	}
	return all
})

// thai reports whether a word is in the letters of Thai, beside which years are those of
// the Buddhist era, whatever the language of the page.
func thai(t token) bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return unicode.Is(unicode.Thai, r)
}

// buddhistYear is the year beside a month in Thai: 2566, 66, or one of ours. Of two digits
// it is one in which there were web sites, in that era.
func buddhistYear(t token) (int, bool) {
	if t.digits == 2 {
		return t.n + 2500 - buddhist, t.n+2500-buddhist >= firstYear
	}
	return fullYear(t.n, "th")
}

// buddhist are the years by which the Buddhist era of Thailand is ahead of ours.
const buddhist = 543

func skipFillers(t []token, i int) int {
	for n := 0; i < len(t) && n < 4 && fillers()[t[i].text]; n++ {
		i++
	}
	return i
}

// fullYear accepts the years that a press page can have, in whichever era it
// counts them.
func fullYear(n int, language press.Language) (int, bool) {
	switch {
	case n >= 1900 && n < 2100:
		return n, true
	case n >= 2500 && n < 2643, n >= 2443 && n < 2643 && strings.HasPrefix(string(language), "th"):
		return n - buddhist, true // of which English pages of Thailand are dated, too
	case n >= 1300 && n < 1450 && strings.HasPrefix(string(language), "fa"):
		return n + 621, true // replaced by solar
	}
	return 0, false
}

// solar converts a date of the calendar of Iran. Its leap years follow the
// equinox; the 33-year rule gives them right from 1244 to 1472.
func solar(year, month, day int) reading {
	if month < 1 || month > 12 || day < 1 || day > 31 {
		return reading{}
	}
	days := 365*(year-1300) + day - 1
	for y := 1300; y < year; y++ {
		if slices.Contains([]int{1, 5, 9, 13, 17, 22, 26, 30}, y%33) {
			days++
		}
	}
	days += 31*min(month-1, 6) + 30*max(month-7, 0)
	t := time.Date(1921, time.March, 21, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days)
	return reading{year: t.Year(), month: int(t.Month()), day: t.Day(), precision: press.ToTheDay}
}

package newsroom

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
	"communique/storage/wording"
)

// days are those that a text names: whole dates, and those whose year goes without saying.
type days struct {
	dates    []time.Time // none if they cannot be read
	yearless []yearless
}

// yearless is a day of a year that the text does not name.
type yearless struct {
	month time.Month
	day   int
}

// near is the day in the year in which it is nearest to a moment: news are of these days.
func (y yearless) near(moment time.Time, place *time.Location) time.Time {
	const halfAYear = 183 * 24 * time.Hour
	at := time.Date(moment.In(place).Year(), y.month, y.day, 0, 0, 0, 0, place)
	switch away := at.Sub(moment); {
	case away > halfAYear:
		return at.AddDate(-1, 0, 0)
	case away < -halfAYear:
		return at.AddDate(1, 0, 0)
	}
	return at
}

var (
	// datelineDash ends a dateline.
	datelineDash = lazyregexp.New(`[\s\p{Z}]*(?:–|—|―|--|[\s\p{Z}]-)[\s\p{Z}]*`)
	// datelineApart is one that ends otherwise.
	datelineApart = lazyregexp.New(`^[\s\p{Z}]*(?:\(([^()]{3,80})\)|\*\*([^*–—]{3,80}?)[.:]?\*\*[.:]?|(\pL[^–—:()*.]{2,80}[0-9]{4})[.:])[\s\p{Z}]+([^\s\p{Z}–—-].*)`)
	// datelinePlace is the place in it, up to the date.
	datelinePlace = lazyregexp.New(`^[\s\p{Z}]*(\pL[\pL\pM.'’\- ]*?)[\s\p{Z}]*[,،、，(/][\s\p{Z}]*[^,،、，(/]`)
	// placeAndDay is a place in a dateline without a comma.
	placeAndDay = lazyregexp.New(`^[\s\p{Z}]*(\pL[\pL\pM.'’\-]*(?:[ \x{a0}]\pL[\pL\pM.'’\-]*){0,3}?)[\s\p{Z}]+[0-9]{1,2}[\s\p{Z}.]`)
	// noPlace begins a line that is about a day.
	noPlace = lazyregexp.New(`^(?:on|at|by|from|until|till|since|before|after|in|am|bis|ab|seit|vom|le|la|les|du|des|depuis|avant|el|los|las|desde|hasta|em|no|na|il|dal|al|op|в|с|до|на|к|يوم|في|من|حتى)(?:[\s\p{Z}]|$)`)
	// dayAndMonth is a day without its year, and wired one as agencies in Chinese write it.
	dayAndMonth = lazyregexp.New(`\b([0-9]{1,2})(?:st|nd|rd|th|er|\.|º|°)?[\s\p{Z}]+(?:(?:of|de|di)[\s\p{Z}]+)?(\pL{3,})|(\pL{3,})\.?[\s\p{Z}]+([0-9]{1,2})\b`)
	wired       = lazyregexp.New(`^[^。，]{0,24}?([0-9]{1,2})月([0-9]{1,2})日(?:电|電|讯|訊)`)
)

// maxDateline is how many characters a dateline has, and datelineRest how many words at
// least follow it.
const maxDateline, datelineRest = 80, 3

// dateline are the days with which a text begins behind its place, as news do: "Port Almira,
// 24 December 2026 – The Minister"; or without a place, as in "24 December 2026 – The
// Minister said so.", or without a year.
func (d *Document) dateline(line string) (days, bool) {
	if m := wired.FindStringSubmatch(line); m != nil {
		return days{yearless: []yearless{{time.Month(number(m[1])), number(m[2])}}}, true
	}
	head, rest, placed := cutDateline(line)
	if head == "" || strings.ContainsAny(head, ":：") || !startsSentence(rest) {
		return days{}, false
	}
	if behind, ok := behindPlace(head); ok {
		return d.onlyDay(behind)
	}
	if placed || !tellsNews(rest) {
		return days{}, false
	}
	return d.dayAlone(head)
}

// cutDateline cuts a line behind what may be its dateline: at a dash, or, if there must be a
// place in it, where brackets, bold letters or the year end.
func cutDateline(line string) (head, rest string, placed bool) {
	if m := datelineApart.FindStringSubmatch(line); m != nil {
		return cmp.Or(m[1], m[2], m[3]), m[4], true
	}
	dash := datelineDash.FindStringIndex(line)
	if dash == nil || dash[0] > 2*maxDateline {
		return "", "", false
	}
	return line[:dash[0]], line[dash[1]:], false
}

// dayLine is the day of a line that is a dateline, or a date, and nothing else.
func (d *Document) dayLine(line string) (days, bool) {
	if utf8.RuneCountInString(line) > maxDateline || strings.ContainsAny(line, ":：") {
		return days{}, false
	}
	line = strings.TrimSpace(strings.Trim(line, "*_#> "))
	behind, ok := behindPlace(line)
	if !ok {
		return d.dayAlone(line)
	}
	found, ok := d.onlyDay(behind)
	return found, ok && len(found.dates) == 1
}

// behindPlace is what follows the place in a dateline, if there is one.
func behindPlace(text string) (behind string, ok bool) {
	at := datelinePlace.FindStringSubmatchIndex(text)
	if at == nil {
		at = placeAndDay.FindStringSubmatchIndex(text)
	}
	if at == nil || !isPlace(text[at[2]:at[3]]) {
		return "", false
	}
	return text[at[3]:], true
}

// dayAlone reads a text that is a date, with at most the day of the week or an article.
func (d *Document) dayAlone(text string) (days, bool) {
	dates, left := importer.Dates(strings.TrimSpace(text), d.Language, d.place())
	if len(dates) != 1 {
		return days{}, false
	}
	for _, w := range labelTokens.FindAllString(plainLine(left), -1) {
		if !slices.Contains(dateWords, w) && !namesDay(w) {
			return days{}, false
		}
	}
	return days{dates: dates}, true
}

// dateWords may stand beside a date that is nothing but one.
var dateWords = strings.Fields("le den der el il o a г года р року th st nd rd يوم")

// onlyDay reads the one day in the part of a dateline behind the place, with or without its
// year, and with an agency or the day of the week beside it.
func (d *Document) onlyDay(text string) (days, bool) {
	dates, left := importer.Dates(text, d.Language, d.place())
	switch {
	case wordsIn(left) > 4:
		return days{}, false
	case len(dates) == 1 && !strings.ContainsFunc(left, unicode.IsDigit):
		return days{dates: dates}, wordsIn(left) <= 3
	case len(dates) > 0:
		return days{}, false
	}
	m := dayAndMonth.FindStringSubmatch(strings.ToLower(text))
	if m == nil || strings.ContainsFunc(strings.Replace(strings.ToLower(text), m[0], "", 1), unicode.IsDigit) {
		return days{}, false
	}
	month, day := importer.Month(m[2]+m[3], d.Language), number(m[1]+m[4])
	if month == 0 || day < 1 || day > 31 {
		return days{}, false
	}
	return days{yearless: []yearless{{time.Month(month), day}}}, true
}

func isPlace(text string) bool {
	return namesPlace(text) && !namesDay(text) && !noPlace.MatchString(strings.ToLower(text))
}

// tellsNews reports whether what follows a date and a dash is a sentence that says so by its
// form: it begins as one, ends as one, and has no other dash.
func tellsNews(text string) bool {
	text = strings.TrimLeft(text, "*_\"'“”«„ ")
	first, _ := utf8.DecodeRuneInString(text)
	return !unicode.IsLower(first) && strings.ContainsAny(text, ".。؟!") && !datelineDash.MatchString(text)
}

// namesPlace reports whether words may be the name of a place: they are written as names, and
// are none of those with which notices begin.
func namesPlace(text string) bool {
	words := strings.Fields(text)
	if len(words) > 4 || unicode.IsLower([]rune(words[0])[0]) {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool {
		lower := strings.ToLower(w)
		return unicode.IsLower([]rune(w)[0]) && !slices.Contains(particles, lower) || slices.Contains(notPlaces, lower)
	})
}

var (
	particles = strings.Fields("of and the upon on de la le les del di da do dos das du des sur en y e am an der den dem im na nad на над")
	notPlaces = strings.Fields("eve day christmas easter holiday holidays noel noël navidad natal natale weihnachten heiligabend silvester ostern pasqua pascua pâques " +
		"opening closing closed closure note notice agenda programme program invitation conference meeting deadline update press visit")
)

// namesDay reports whether a word in what may be a place is one of a day or a month.
func namesDay(place string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(place)), func(w string) bool {
		return daysAndMonths[w] || slices.Contains(labelWords[slices.Index(labelWords, "monday"):], w)
	})
}

// startsSentence reports whether a text goes on as one behind a dateline: no other date or
// hour, as at the end of a time.
func startsSentence(text string) bool {
	text = strings.TrimLeft(text, "*_\"'“”«„ ")
	words := wording.Words(text)
	if len(words) == 0 || !isWord(words[0]) || unicode.IsDigit([]rune(words[0])[0]) {
		return false
	}
	return wordsIn(text) >= datelineRest || strings.HasSuffix(strings.TrimSpace(text), ".") || slices.ContainsFunc(words, func(w string) bool { return unspaced([]rune(w)[0]) })
}

package newsroom

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/press"
)

// alsoSaid is a day of a year, an hour or a share, each of which is written in several
// ways: 3 May, May 3rd, the third of May and 2027-05-03; 22:00 and 10 pm; half and 50%.
type alsoSaid struct{ text, value string }

var (
	isoDay    = regexp.MustCompile(`\b[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})\b`)
	dottedDay = regexp.MustCompile(`\b([0-9]{1,2})\.([0-9]{1,2})\.(?:[0-9]{4})?`)
	hanDay    = regexp.MustCompile(`([0-9]{1,2})月([0-9]{1,2})日`)
	// dayBefore and dayAfter have the day before and after the name of a month.
	dayBefore = regexp.MustCompile(`([\pL-]+|[0-9]{1,2})(?:st|nd|rd|th|er|\.|º|ª|°)?[\s ]+(?:(?:of|de|di|du|da)[\s ]+|d['’])?(\pL{3,})`)
	dayAfter  = regexp.MustCompile(`(\pL{3,})\.?[\s ]+(?:the[\s ]+)?([\pL-]+|[0-9]{1,2}\b)`)
	halfClock = regexp.MustCompile(`\b([0-9]{1,2})(?:[:.]([0-9]{2}))?\s?([ap])\.?\s?m\b`)
	wholeHour = regexp.MustCompile(`\b([0-9]{1,2})(?:[:h]([0-9]{2})\b|(?:[.:]([0-9]{2}))?\s?(?:uhr|hours|hrs|h|heures)\b)`)
	noon      = regexp.MustCompile(`\b(?:noon|midnight)\b`)
	perCent   = regexp.MustCompile(`\b([0-9]+)\s?(?:%|٪|per ?cent\b|pour cent\b|prozent\b|por ciento\b|por cento\b|per cento\b|процент)`)

	// spacedOut is a figure with blanks between its digits.
	spacedOut = regexp.MustCompile(`\b[0-9](?: [0-9]){2,}\b`)
)

// ordinals are the days of a month in words, by language.
var ordinals = func() map[string]int {
	all := map[string]int{}
	for at, names := range strings.Split("first premier primero primeiro primo ersten|second zweiten|third dritten|fourth vierten|fifth fünften|sixth sechsten|seventh siebten|eighth achten|ninth neunten|tenth zehnten|"+
		"eleventh elften|twelfth zwölften|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|twenty-second|twenty-third|twenty-fourth|twenty-fifth|twenty-sixth|twenty-seventh|twenty-eighth|twenty-ninth|thirtieth|thirty-first", "|") {
		for name := range strings.FieldsSeq(names) {
			all[name] = at + 1
		}
	}
	return all
}()

// shares are those of a whole in words, as patterns.
var shares = map[string]*regexp.Regexp{
	"50%": regexp.MustCompile(`\b(?:half|la moitié|die hälfte|la mitad|a metade|la metà)\b|половин`),
	"33%": regexp.MustCompile(`\b(?:(?:a|one) third|un tiers|ein drittel|un tercio|um terço|un terzo)\b|треть`),
	"67%": regexp.MustCompile(`\b(?:two[ -]thirds|deux tiers|zwei drittel|dos tercios|dois terços|due terzi)\b|две трети`),
	"25%": regexp.MustCompile(`\b(?:(?:a|one) quarter|un quart|ein viertel|un cuarto|um quarto|un quarto)\b|четверть`),
	"75%": regexp.MustCompile(`\b(?:three[ -]quarters|trois quarts|drei viertel|dreiviertel|tres cuartos|três quartos|tre quarti)\b|три четверти`),
}

// alsoSaidIn are the days, hours and shares in a sentence.
func alsoSaidIn(text string, language press.Language) (all []alsoSaid) {
	text = strings.ToLower(text)
	add := func(shown, format string, values ...any) {
		all = append(all, alsoSaid{strings.TrimSpace(shown), fmt.Sprintf(format, values...)})
	}
	day := func(shown string, day, month int) {
		if day >= 1 && day <= 31 && month >= 1 && month <= 12 {
			add(shown, "day %d-%d", month, day)
		}
	}
	for _, m := range isoDay.FindAllStringSubmatch(text, -1) {
		day(m[0], number(m[2]), number(m[1]))
	}
	for _, m := range dottedDay.FindAllStringSubmatch(text, -1) {
		day(m[0], number(m[1]), number(m[2]))
	}
	for _, m := range hanDay.FindAllStringSubmatch(text, -1) {
		day(m[0], number(m[2]), number(m[1]))
	}
	for _, m := range overlapping(dayBefore, text) {
		day(m[0], ordinal(m[1]), importer.Month(m[2], language))
	}
	for _, m := range overlapping(dayAfter, text) {
		day(m[0], ordinal(m[2]), importer.Month(m[1], language))
	}
	for _, m := range halfClock.FindAllStringSubmatch(text, -1) {
		if hour := number(m[1]); hour >= 1 && hour <= 12 {
			if hour %= 12; m[3] == "p" {
				hour += 12
			}
			add(m[0], "hour %d:%02d", hour, number(m[2]))
		}
	}
	for _, m := range wholeHour.FindAllStringSubmatch(text, -1) {
		add(m[0], "hour %d:%02d", number(m[1]), number(m[2]+m[3]))
	}
	for _, m := range noon.FindAllString(text, -1) {
		add(m, "hour %d:00", map[string]int{"noon": 12}[m])
	}
	for _, m := range perCent.FindAllStringSubmatch(text, -1) {
		add(m[0], "%d%%", number(m[1]))
	}
	for value, share := range shares {
		if m := share.FindString(text); m != "" {
			add(m, "%s", value)
		}
	}
	return all
}

// overlapping finds a pattern from the beginning of each word.
func overlapping(pattern *regexp.Regexp, text string) (all [][]string) {
	for at := 0; at < len(text); {
		m := pattern.FindStringSubmatchIndex(text[at:])
		if m == nil {
			return all
		}
		all = append(all, []string{text[at+m[0] : at+m[1]], text[at+m[2] : at+m[3]], text[at+m[4] : at+m[5]]})
		at += max(m[3], 1)
	}
	return all
}

// ordinal reads a day of a month in figures or words; 0 if it is none.
func ordinal(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	return ordinals[text]
}

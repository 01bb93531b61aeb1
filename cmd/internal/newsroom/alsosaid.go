package newsroom

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// alsoSaid is a day of a year, an hour or a share, each of which is written in several
// ways: 3 May, May 3rd, the third of May and 2027-05-03; 22:00 and 10 pm; half and 50%.
type alsoSaid struct{ text, value string }

var (
	isoDay    = lazyregexp.New(`\b[0-9]{4}-([0-9]{1,2})-([0-9]{1,2})\b`)
	dottedDay = lazyregexp.New(`\b([0-9]{1,2})\.([0-9]{1,2})\.(?:[0-9]{4})?`)
	hanDay    = lazyregexp.New(`([0-9]{1,2})月([0-9]{1,2})日`)
	// dayBefore and dayAfter have the day before and after the name of a month.
	dayBefore = lazyregexp.New(`([\pL-]+|[0-9]{1,2})(?:st|nd|rd|th|er|\.|º|ª|°)?[\s ]+(?:(?:of|de|di|du|da)[\s ]+|d['’])?(\pL{3,})`)
	dayAfter  = lazyregexp.New(`(\pL{3,})\.?[\s ]+(?:the[\s ]+)?([\pL-]+|[0-9]{1,2}\b)`)
	halfClock = lazyregexp.New(`\b([0-9]{1,2})(?:[:.]([0-9]{2}))?\s?([ap])\.?\s?m\b`)
	wholeHour = lazyregexp.New(`\b([0-9]{1,2})(?:[:h]([0-9]{2})\b|(?:[.:]([0-9]{2}))?\s?(?:uhr|hours|hrs|h|heures)\b)`)
	noon      = lazyregexp.New(`\b(?:noon|midnight)\b`)
	perCent   = lazyregexp.New(`\b([0-9]+(?:[.,][0-9]+)?)\s?(?:%|٪|per ?cent\b|pour cent\b|prozent\b|por ciento\b|por cento\b|per cento\b|процент)`)

	// spacedOut is a figure with blanks between its digits.
	spacedOut = lazyregexp.New(`\b[0-9](?: [0-9]){2,}\b`)
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

// shares are those of a whole in words without accents, as patterns.
var shares = map[string]*lazyregexp.Regexp{
	"50%": lazyregexp.New(`\b(?:half|la moitie|die halfte|la mitad|a metade|la meta)\b|половин|نصف`),
	"33%": lazyregexp.New(`\b(?:(?:a|one)[ -]third|(?:un|le) tiers|(?:ein|das) drittel|un tercio|um terco|un terzo)\b|треть|ثلث`),
	"67%": lazyregexp.New(`\b(?:two[ -]thirds|deux tiers|zwei drittel|dos tercios|dois tercos|due terzi)\b|две трети|ثلثا|ثلثي`),
	"25%": lazyregexp.New(`\b(?:(?:a|one)[ -]quarter|le quart|un quart|(?:ein|das) viertel|un cuarto|um quarto|un quarto)\b|четверть|ربع`),
	"75%": lazyregexp.New(`\b(?:three[ -]quarters|trois quarts|drei viertel|dreiviertel|tres cuartos|tres quartos|tre quarti)\b|три четверти`),
	"20%": lazyregexp.New(`\b(?:(?:a|one)[ -]fifth|un cinquieme|ein funftel|un quinto|um quinto)\b|пятую часть|пятая часть|خمس سكان`),
	"10%": lazyregexp.New(`\b(?:(?:a|one)[ -]tenth|un dixieme|ein zehntel|un decimo|um decimo)\b|десятую часть|десятая часть`),
}

var (
	aFraction = lazyregexp.New(`\b([0-9]{1,2})[⁄/]([0-9]{1,3})\b`)
	partOfOne = lazyregexp.New(`\b0[.,]([0-9]{1,4})\b`)
	oneIn     = lazyregexp.New(`\b(\pL+|[0-9]+)[\s\p{Z}]+(?:in|out of|sur|von|de cada|em cada|su|из)[\s\p{Z}]+(\pL+|[0-9]+)`)
	ordinalIn = lazyregexp.New(`(\pL+[ -])?(?:\b([0-9]{1,3})(?:st|nd|rd|th|er|ere|eme|e|º|ª)\b|\b([a-z]+(?:-[a-z]+)?)\b)`)
	negated   = lazyregexp.New(`\b(?:(will|would|did|do|does|can|could|has|have|had|is|are|was|were|should|shall|must|may|might|need)(?:[\s\p{Z}]+not|n['’]t)|(wo|sha)n['’]t|(ca)n['’]?t|(can)not)[\s\p{Z}]+(\pL+)`)
	fullHour  = lazyregexp.New(`\b([0-2][0-9])([0-5][0-9])[\s\p{Z}]?(?:hours|hrs|h|uhr)\b`)
	closeDay  = lazyregexp.New(`\b(?:19|20)[0-9]{2}(0[1-9]|1[0-2])([0-3][0-9])\b`)
)

// shareOfOne writes a share as a percentage: exactly, or to a whole one if it has no end.
func shareOfOne(part, whole int) (string, bool) {
	if part <= 0 || whole <= 0 || part >= whole {
		return "", false
	}
	percent := big.NewRat(100*int64(part), int64(whole))
	if _, exact := percent.FloatPrec(); !exact {
		return percent.FloatString(0) + "%", true
	}
	return plainRat(percent) + "%", true
}

// counting reads a small number in figures, or in words of a language; 0 if it is none.
func counting(text string, n numerals) int {
	if v := n.words[bareLetters(text)]; v != nil && v.IsInt() {
		return int(v.Num().Int64())
	}
	return number(text)
}

// sharesIn are the shares of a sentence.
func sharesIn(text string, language press.Language) (all []alsoSaid) {
	add := func(shown string, part, whole int) {
		if share, ok := shareOfOne(part, whole); ok {
			all = append(all, alsoSaid{strings.TrimSpace(shown), share})
		}
	}
	for _, m := range aFraction.FindAllStringSubmatch(text, -1) {
		add(m[0], number(m[1]), number(m[2]))
	}
	for _, m := range partOfOne.FindAllStringSubmatch(text, -1) {
		add(m[0], number(m[1]), int(math.Pow10(len(m[1]))))
	}
	n := numeralsOf(language)
	for _, m := range oneIn.FindAllStringSubmatch(text, -1) {
		if whole := counting(m[2], n); whole <= 100 {
			add(m[0], counting(m[1], n), whole)
		}
	}
	for _, m := range perCent.FindAllStringSubmatch(text, -1) {
		whole, decimals, _ := strings.Cut(strings.ReplaceAll(m[1], ",", "."), ".")
		all = append(all, alsoSaid{m[0], plainValue(whole, decimals) + "%"})
	}
	bare := bareLetters(text)
	for value, share := range shares {
		if m := share.FindString(bare); m != "" {
			all = append(all, alsoSaid{m, value})
		}
	}
	return all
}

// placesIn are the ordinals of a sentence from the third on: what is first may be said of
// anything, and a second is a time, too.
func placesIn(text string) (all []alsoSaid) {
	for _, m := range ordinalIn.FindAllStringSubmatch(bareLetters(text), -1) {
		n := number(m[2])
		if m[3] != "" && !ofShare[strings.TrimRight(m[1], " -")] {
			if n = ordinalWords[m[3]]; n < 3 {
				n = 0
			}
		}
		if n > 0 {
			all = append(all, alsoSaid{strings.TrimSpace(m[0]), fmt.Sprintf("place %d", n)})
		}
	}
	return all
}

// ofShare are words before an ordinal that is a share.
var ofShare = map[string]bool{"a": true, "one": true, "two": true, "un": true, "une": true, "deux": true}

// ordinalWords are those in words without accents.
var ordinalWords = func() map[string]int {
	all := map[string]int{}
	for word, n := range ordinals {
		all[bareLetters(word)] = n
	}
	for at, names := range strings.Split("troisieme dritte dritter tercera tercero|quatrieme vierte vierter cuarta|cinquieme funfte funfter quinta|sixieme sechste sechster sexta|septieme siebte siebter septima|huitieme achte achter octava|neuvieme neunte neunter novena|dixieme zehnte zehnter decima", "|") {
		for name := range strings.FieldsSeq(names) {
			all[name] = at + 3
		}
	}
	return all
}()

// denialsIn are what a sentence says not to be, with the word behind: won't come is will
// not come.
func denialsIn(text string) (all []alsoSaid) {
	full := map[string]string{"wo": "will", "sha": "shall", "ca": "can"}
	for _, m := range negated.FindAllStringSubmatch(text, -1) {
		verb := cmp.Or(m[1], full[m[2]+m[3]], m[4])
		all = append(all, alsoSaid{m[0], "not " + verb + " " + m[5]})
	}
	return all
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
	for _, m := range fullHour.FindAllStringSubmatch(text, -1) {
		add(m[0], "hour %d:%02d", number(m[1]), number(m[2]))
	}
	for _, m := range closeDay.FindAllStringSubmatch(text, -1) {
		day(m[0], number(m[2]), number(m[1]))
	}
	return slices.Concat(all, sharesIn(text, language), placesIn(text), denialsIn(text))
}

// overlapping finds a pattern from the beginning of each word.
func overlapping(pattern *lazyregexp.Regexp, text string) (all [][]string) {
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

package importer

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/storage/press"
)

// shortDate reads the date of a line that says no more than that and whose year has two
// digits: "05.03.24", "Datum: 05.03.24, 10.15 Uhr". Elsewhere such figures are those of
// versions, telephones and paragraphs.
func shortDate(text string, tokens []token, language press.Language, o order) (reading, bool) {
	for i := range max(len(tokens)-4, 0) {
		t := tokens[i:]
		if !t[0].number() || inNumber(tokens, i) || goesOn(t[5:]) {
			continue
		}
		r, ok := readShort(t, language, o)
		if !ok || !r.exists() {
			continue
		}
		r.start, r.end = t[0].start, t[4].end
		readTime(text, &r)
		if r.exists() && !numbersOther.MatchString(text[:r.start]) && besideShort(text, r) {
			return r, true
		}
	}
	return reading{}, false
}

// numbersOther is before figures that are those of no day.
var numbersOther = textsLike(`(^|[^\pL])(versione?|versión|versão|versie|wersja|verze|версия|rev|fassung|ausgabe|édition|edición|edizione|издание|no|nr|n[°º]|núm|art|§|№|tel|tél|fax|ip|тел|ст)[.:]?\s*$`)

// goesOn reports whether the tokens behind a number continue it.
func goesOn(t []token) bool {
	return len(t) > 1 && t[0].separator() && !t[0].spaced && t[1].number() && !t[1].spaced
}

// readShort reads 05.03.24, and 05/03/24 where it is known which number is the day. Who
// writes the year first does so with two digits, too: there it is none.
func readShort(t []token, language press.Language, o order) (reading, bool) {
	for _, n := range []int{0, 2, 4} {
		if t[n].digits != 2 {
			return reading{}, false
		}
	}
	if !t[1].separator() || t[1].text != t[3].text || t[1].spaced || t[2].spaced || t[3].spaced || t[4].spaced {
		return reading{}, false
	}
	if yearFirst[base(language)] || calendarDoubt(language) || o == unknownOrder && t[1].text != "." {
		return reading{}, false
	}
	r := reading{year: t[4].n + 2000, month: t[2].n, day: t[0].n, precision: press.ToTheDay}
	switch {
	case base(language) == "th":
		var ok bool
		if r.year, ok = buddhistYear(t[4]); !ok {
			return reading{}, false
		}
	case r.year >= firstYear+100:
		r.year -= 100
	case r.year >= 2050:
		return reading{}, false
	}
	if o == monthFirst && t[1].text != "." {
		r = r.other()
	}
	return r, true
}

// yearFirst are the languages that write the year first, or count it in an era of two or
// more digits.
var yearFirst = set("zh ja ko mn hu lt fa ps prs")

// besideShort reports whether a line says no more besides its date than a place, a day of the
// week or "Uhr", or what a date is called.
func besideShort(text string, r reading) bool {
	const most, longest = 4, 10
	rest := text[:r.start] + " " + text[min(r.end, len(text)):]
	words := strings.FieldsFunc(rest, func(c rune) bool { return !unicode.IsLetter(c) })
	if len(words) == 1 && utf8.RuneCountInString(words[0]) <= longest {
		return true
	}
	return len(words) == 0 || len(words) <= most && (publishedLabel.MatchString(rest) || updatedLabel.MatchString(rest))
}

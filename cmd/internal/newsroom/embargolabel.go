package newsroom

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"communique/cmd/internal/importer"
	"communique/storage/lazyregexp"
	"communique/storage/press"
	"communique/storage/wording"
)

// A label of embargo is a part of a line, set apart from the rest or the whole of it, of
// nothing but an embargo and its end: no word of it says that it is on arms or who has
// lifted it.

var (
	// heldBack is an embargo in more words than one, or that may be on news alone.
	heldBack    = lazyregexp.New(`\b(?:under(?: strict)? embargo|embargoed|hold(?:ing)? for (?:release|publication)|(?:do not|not to be|not for|never) (?:publish(?:ed)?|publication|releas(?:e|ed)|broadcast|distribution)|(?:sous|bajo|sob|sotto|onder|unter) embargo|embarg(?:ad|at|ued)[oa]|ne pas (?:publier|diffuser)|no publicar|non pubblicare|nao publicar|nicht veroffentlichen|sperrfrist|sperrvermerk)\b|под эмбарго|не публиковать|(?:محظور|ممنوع|يحظر) النشر|حظر النشر|エンバーゴ|엠바고|解禁`)
	embargoNoun = lazyregexp.New(`^(?:embargo|эмбарго|ambargo|εμπαργκο)$`)
	// untilADay begins a part, and names a day, if not the year. "To" and "for" may be
	// about whom it is on.
	untilADay = lazyregexp.New(`^(?:(?:strict|press|news|media) )*(?:embargo|эмбарго|ambargo|εμπαργκο)\s+(?:until|till|jusqu\S*|hasta|fino|ate|bis|tot|до|εως|حتى)\s+(?:\pL+[.,’']?\s+){0,2}[0-9]{1,2}(?:[^0-9]|$)`)
	// afterLabel begins the signs that set a label apart from what follows it.
	afterLabel  = lazyregexp.New(`^\s*(?:[:\])|–—]|- )`)
	labelTokens = lazyregexp.New(`[\pL\pM]+|[0-9]+\pL*`)
	yearToken   = lazyregexp.New(`^(?:19|20)[0-9]{2}$`)

	labelWords = strings.Fields(`held strict strictly total news press media release statement text speech document this is are the all
		until till to for by before on at from time date end ends ending expires lift lifts local noon midnight midday and hours hour hrs h am pm a m p o clock th st nd rd
		utc gmt cet cest est edt bst true yes on check against delivery
		jusqu jusque au a le la l les de du d heure heures et hasta el las del y horas hora fino al alle ore ate as bis zum zur um uhr den dem der und tot op uur om til till kl kello do dnia
		до в час часов г года حتى قبل في الساعة يوم
		monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun lundi mardi mercredi jeudi vendredi samedi dimanche
		montag dienstag mittwoch donnerstag freitag samstag sonntag lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi giovedi venerdi`)
)

// isLabel reports whether a text is nothing but an embargo and its end; bare is set of
// the noun alone, which the title of a text about one may begin with.
func isLabel(text string, language press.Language) (label, bare bool) {
	words := heldBack.ReplaceAllString(text, " ")
	named, noun, day, year := words != text, false, false, false
	for _, w := range labelTokens.FindAllString(words, -1) {
		switch {
		case embargoNoun.MatchString(w):
			noun = true
		case yearToken.MatchString(w):
			year = true
		case unicode.IsDigit(rune(w[0])), importer.Month(w, language) > 0:
			day = true
		case !slices.Contains(labelWords, w):
			return false, false
		}
	}
	if year && !day && !named { // "Embargo 1973"
		return false, false
	}
	return named || noun, noun && !named && !day
}

// labelled reports whether a title, a lead or a line of the text has a label of embargo
// beside what it says: at its beginning, in brackets, or, of a short line, in any part.
// The noun alone is one at the beginning of a title, for a text may say so what it is about.
func (d *Document) labelled(line string, title bool) bool {
	short := wordsIn(line) <= shortLine
	for at, first := 0, true; ; first = false {
		part, next := line[at:], lineParts.FindStringIndex(line[at:])
		if next != nil {
			part = part[:next[0]]
		}
		label, bare := isLabel(part, d.Language)
		apart := next != nil && afterLabel.MatchString(line[at+next[0]:])
		bracketed := apart && strings.ContainsAny(line[at+next[0]:at+next[1]], ")]")
		switch {
		case !label || first && !apart:
		case !bare && (first || short || next == nil), bare && (first && title || bracketed):
			return true
		}
		if next == nil {
			return false
		}
		at += next[1]
	}
}

// whollyLabel reports whether a line is a label of embargo, and nothing else, or begins
// with one that names a day. The noun alone may as well be a heading within a text.
func (d *Document) whollyLabel(line string, outside bool) bool {
	label, bare := isLabel(line, d.Language)
	return label && (outside || !bare) || untilADay.MatchString(line)
}

// headEmbargo reports whether a title or a lead says that the text is under embargo.
func (d *Document) headEmbargo(line string) bool {
	return d.saysEmbargo(line) || d.whollyLabel(line, true) || d.labelled(line, true)
}

// dateField reports whether a name is written like one that programs give the date of
// publication, or nearly like the field for it.
func dateField(written string) bool {
	if strings.Contains(written, " ") || unicode.IsUpper([]rune(written)[0]) {
		return false
	}
	name := wording.Alike(strings.NewReplacer("_", "", "-", "").Replace(written))
	return slices.Contains(dateNames, name) || oneSlip(name, "published")
}

// oneSlip reports whether two words differ by one letter that is missing, more, another,
// or before its neighbour.
func oneSlip(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	n, m := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	return n <= 1 && m <= 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]
}

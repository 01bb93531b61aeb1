package newsroom

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"communique/cmd/internal/importer"
	"communique/storage/press"
	"communique/storage/wording"
)

// ErrDraftLabel is at the root of the [*Problem] of a document that calls itself a draft
// where readers would see it. It is press.ErrConflict.
var ErrDraftLabel = fmt.Errorf("%w: calls itself a draft", press.ErrConflict)

// A label of a draft is a part of a line, set apart from the rest, of nothing but such
// words: "Draft treaty signed" is about a treaty.

var (
	draftNoun    = regexp.MustCompile(`\b(?:drafts?|work in progress|wip|brouillon|entwurf|borrador|rascunho|bozza|minuta di lavoro|conceptversie|utkast|luonnos|kladde|taslak|szkic|wersja robocza|koncept|nacrt|vazlat|ciorna)\b|черновик|чернетка|чернова|προσχεδιο|πρόχειρο|προχειρο|مسوده|مسودة|پیش ?نویس|טיוטה|草稿|下書き|初稿|초안`)
	articleFirst = regexp.MustCompile(`^(?:the|an?|le|un|der|die|das|ein|el|il|o|um)\s`)
	// draftWords may stand beside it.
	draftWords = strings.Fields(`first second third final last rough early internal working version v rev revision no nr for review comment comments approval clearance check checking only use not do
		publication publish published release released yet to be a an the this is still text statement press news article speech document confidential
		de la le pour relecture validation interne version travail provisoire ne pas publier a
		zur freigabe prufung intern nicht zu veroffentlichen version arbeits
		para revision interno no publicar version uso revisao versao trabalho
		per revisione uso interno di lavoro non pubblicare
		для согласования не публиковать внутренний рабочий версия النسخة للمراجعة غير للنشر داخلي`)
)

// draftLabel is the part of a line by which it calls the text a draft; empty if none does.
func draftLabel(line string) string {
	for at, first := 0, true; ; first = false {
		part, next := line[at:], lineParts.FindStringIndex(line[at:])
		if next != nil {
			part = part[:next[0]]
		}
		apart := next != nil && afterLabel.MatchString(line[at+next[0]:])
		bracketed := apart && strings.ContainsAny(line[at+next[0]:at+next[1]], ")]")
		if isDraftLabel(part) && (first && apart || bracketed || !first && next == nil) {
			return strings.TrimSpace(part)
		}
		if next == nil {
			return ""
		}
		at += next[1]
	}
}

func isDraftLabel(text string) bool {
	rest := draftNoun.ReplaceAllString(text, " ")
	if rest == text || articleFirst.MatchString(text) { // it is about one
		return false
	}
	for _, w := range labelTokens.FindAllString(rest, -1) {
		if !unicode.IsDigit([]rune(w)[0]) && !slices.Contains(draftWords, w) && !strings.HasPrefix(w, "v") {
			return false
		}
	}
	return true
}

// draftAbove finds a label of a draft in the title or the lead.
func (d *Document) draftAbove() *Problem {
	for _, f := range []struct{ name, text string }{{"title", d.Title}, {"lead", d.Lead}} {
		if label := draftLabel(plainLine(f.text)); label != "" {
			return d.draftProblem(f.name, label)
		}
	}
	return nil
}

func (d *Document) draftProblem(field, label string) *Problem {
	p := d.Problem(field, fmt.Sprintf("it says %q, which readers would see: take it out", label))
	p.Cause = ErrDraftLabel
	return p
}

// checkFinal refuses a document that calls itself a draft, unless it has been said that it
// is final all the same, or readers know it by that already.
func (d Document) checkFinal(before press.Article, final bool) error {
	if d.draftly == nil || final {
		return nil
	}
	if before.State == press.Published && draftLabel(plainLine(before.Title)) == draftLabel(plainLine(d.Title)) && draftLabel(plainLine(before.Lead)) == draftLabel(plainLine(d.Lead)) {
		return nil
	}
	return d.draftly
}

var (
	// datelineDash ends a dateline.
	datelineDash = regexp.MustCompile(`[\s\p{Z}]*(?:–|—|―|--|[\s\p{Z}]-)[\s\p{Z}]*`)
	// datelinePlace is the place in it, up to the date.
	datelinePlace = regexp.MustCompile(`^[\s\p{Z}]*(\pL[\pL\pM.'’\- ]*?)[\s\p{Z}]*[,،、，(/][\s\p{Z}]*[^,،、，(/]`)
	// noPlace begins a line that is about a day.
	noPlace = regexp.MustCompile(`^(?:on|at|by|from|until|till|since|before|after|in|am|bis|ab|seit|vom|le|la|les|du|des|depuis|avant|el|los|las|desde|hasta|em|no|na|il|dal|al|op|в|с|до|на|к|يوم|في|من|حتى)(?:[\s\p{Z}]|$)`)
)

// maxDateline is how many characters a dateline has, and datelineRest how many words at
// least follow it.
const maxDateline, datelineRest = 80, 3

// dateline is the date with which a text begins behind its place, as news do: "Port Almira,
// 24 December 2026 – The Minister".
func (d *Document) dateline(line string) (time.Time, bool) {
	dash := datelineDash.FindStringIndex(line)
	if dash == nil || dash[0] > 2*maxDateline {
		return time.Time{}, false
	}
	head, rest := line[:dash[0]], line[dash[1]:]
	place := datelinePlace.FindStringSubmatch(head)
	if place == nil || strings.ContainsAny(head, ":：") || noPlace.MatchString(strings.ToLower(place[1])) || namesDay(place[1]) {
		return time.Time{}, false
	}
	if !namesPlace(place[1]) || !startsSentence(rest) {
		return time.Time{}, false
	}
	dates, left := importer.Dates(head[strings.Index(head, place[1])+len(place[1]):], d.Language, d.place())
	if len(dates) != 1 || wordsIn(left) > 3 || strings.ContainsFunc(left, unicode.IsDigit) {
		return time.Time{}, false
	}
	return dates[0], true
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
	return wordsIn(text) >= datelineRest || slices.ContainsFunc(words, func(w string) bool { return unspaced([]rune(w)[0]) })
}

package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// ErrDraftLabel is at the root of the [*Problem] of a document that calls itself a draft
// where readers would see it. It is press.ErrConflict.
var ErrDraftLabel = fmt.Errorf("%w: calls itself a draft", press.ErrConflict)

// A label of a draft is a part of a line, set apart from the rest, of nothing but such
// words: "Draft treaty signed" is about a treaty.

var (
	draftNoun    = lazyregexp.New(`\b(?:drafts?|work in progress|wip|brouillon|entwurf|borrador|rascunho|bozza|minuta di lavoro|conceptversie|utkast|luonnos|kladde|taslak|szkic|wersja robocza|koncept|nacrt|vazlat|ciorna|to be approved|(?:projet|avant-projet) de (?:communique|declaration|discours|texte|note))\b|черновик|чернетка|чернова|προσχεδιο|πρόχειρο|προχειρο|مسوده|مسودة|پیش ?نویس|טיוטה|草稿|下書き|初稿|초안`)
	articleFirst = lazyregexp.New(`^(?:the|an?|le|un|der|die|das|ein|el|il|o|um)\s`)
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

// beginsAsDraft reports whether a line of the text begins with a label of a draft.
func beginsAsDraft(line string) bool {
	next := lineParts.FindStringIndex(line)
	return next != nil && afterLabel.MatchString(line[next[0]:]) && isDraftLabel(line[:next[0]])
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
		label := draftLabel(plainLine(f.text))
		if label == "" {
			label = shouted(f.text)
		}
		if label != "" {
			return d.draftProblem(f.name, label)
		}
	}
	return nil
}

// shouted is the word by which a title calls the text a draft that has it in capital letters
// at its beginning or its end, and other words in small ones; empty if there is none.
func shouted(title string) string {
	words := strings.Fields(title)
	if len(words) < 2 || strings.ToUpper(title) == title {
		return ""
	}
	for _, w := range []string{words[0], words[len(words)-1]} {
		if upper := strings.ToUpper(w); w == upper && w != strings.ToLower(w) && draftNoun.FindString(plainLine(w)) == plainLine(w) {
			return w
		}
	}
	return ""
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
	if before.State == press.Published && draftLabel(plainLine(before.Title)) == draftLabel(plainLine(d.Title)) && shouted(before.Title) == shouted(d.Title) && draftLabel(plainLine(before.Lead)) == draftLabel(plainLine(d.Lead)) {
		return nil
	}
	return d.draftly
}

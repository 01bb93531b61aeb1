package newsroom

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"communique/cmd/internal/importer"
	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

const (
	// nearDays is for how long a text is compared with those that say nearly the same:
	// a notice that comes each week is none of them.
	nearDays = 3 * 24 * time.Hour
	// nearArticles bounds the comparison on a day of many statements.
	nearArticles = 300
	// nearLength is how many words a text has that is compared.
	nearLength = 40
	// nearShare is how many of a hundred words of either text the other one has.
	nearShare = 85
	// partShare is how many of a hundred rows of three words of a text stand in the one
	// that it is a part of: another word is in three of them.
	partShare = 75
)

// saysNearlyTheSame finds an article of the last days, public or under embargo, whose
// words are those of a draft but for a few, or most of them, under whichever title and in
// whichever language they were filed: the draft is that statement once more, and readers
// would have both. Forms are filled in with other figures and other names, and these are
// what tells them apart. Of a text that is much longer such articles are parts.
func (d Document) saysNearlyTheSame(tx *storage.Tx, c comparison) (same, parts []twin, err error) {
	if c.words.length < nearLength {
		return nil, nil, nil
	}
	recent, err := tx.Recent("", tx.Now().Add(-nearDays), nearArticles)
	if err != nil {
		return nil, nil, err
	}
	for _, t := range recent {
		if d.compared[t] {
			continue
		}
		a, err := tx.Article(t.Article)
		if err != nil {
			return nil, nil, err
		}
		what, part := c.nearlyPublic(a)
		switch {
		case what != "" && c.mayRepeat(a, t.KeptBack):
		case part:
			parts = append(parts, twin{Article: a, what: what})
		case what != "":
			return []twin{{Article: a, what: what}}, nil, nil
		case d.compared != nil:
			d.compared[t] = true
		}
	}
	return nil, parts, nil
}

// nearlyPublic tells in what way the text is an article of the last days: but for a few
// words, or with more; part is set if it is as much again. What is a part of one is none: it
// may be what stands under each.
func (c comparison) nearlyPublic(a press.Article) (what string, part bool) {
	other := wordsOfText(spoken(a.Lead, a.Body))
	switch {
	case c.words.nearly(other):
		return isNearly, false
	case c.words.hasIn(other) && c.words.lacksNone(named(a.Title, a.Lead, a.Body)):
		return hasInIt, c.words.length > 2*other.length
	}
	return "", false
}

// nearly tells in what way the text is an article that is kept back from readers: but for a
// few words, or as a part one of the other; it is empty if it is none.
func (c comparison) nearly(a press.Article, now time.Time) string {
	other := wordsOfText(spoken(a.Lead, a.Body))
	names, others := named(c.Title, c.Lead, c.Body), named(a.Title, a.Lead, a.Body)
	switch {
	case c.words.length >= nearLength && c.words.mostly(other) && (c.replaces(a, names, others, now) || c.words.lacksNone(others) && other.lacksNone(names)):
		return isNearly
	case c.words.hasIn(other) && c.words.lacksNone(others):
		return hasInIt
	case a.State != press.Published && c.words.isIn(other) && other.lacksNone(named("", c.Lead, c.Body)):
		return isPartOf // of what a correction has hidden most parts are public
	}
	return ""
}

// replaces reports whether a text has the title of an article that is under embargo or was
// withdrawn these days. Other figures and names may be what was wrong with that, and that
// they are right now is for somebody to say; not, if it was not withdrawn, all names of a
// form, nor the days of a notice that comes again.
func (c comparison) replaces(a press.Article, names, others map[string]bool, now time.Time) bool {
	if wording.Skeleton(a.Title) != wording.Skeleton(c.Title) {
		return false
	}
	if a.State != press.Embargoed {
		return now.Sub(a.WithdrawnAt) <= nearDays
	}
	if len(others) > 0 && !slices.ContainsFunc(slices.Collect(maps.Keys(others)), func(name string) bool { return names[name] }) {
		return false
	}
	return !otherDays(daysIn(c.Lead, c.Body, a.Language), daysIn(a.Lead, a.Body, a.Language))
}

// otherDays reports whether each of the days that a text names is another one than that of
// another text in its place. What comes each Thursday is told apart by its dates.
func otherDays(days, others []string) bool {
	if len(days) == 0 || len(days) != len(others) {
		return false
	}
	dated, sameWeekday := false, false
	for i, day := range days {
		kind, _, _ := strings.Cut(day, " ")
		switch {
		case !strings.HasPrefix(others[i], kind+" "):
			return false
		case day != others[i]:
			dated = dated || kind == "day"
		case kind == "day":
			return false
		default:
			sameWeekday = true
		}
	}
	return dated || !sameWeekday
}

// daysIn are the days of a year, and of a week, that a text names.
func daysIn(lead string, body press.HTML, language press.Language) (days []string) {
	text := lead + "\n" + richtext.Text(body)
	for _, said := range alsoSaidIn(text, language) {
		if strings.HasPrefix(said.value, "day ") {
			days = append(days, said.value)
		}
	}
	for _, w := range wording.Words(text) {
		if key := wording.Alike(w); isWord(w) && namesDay(w) && importer.Month(w, language) == 0 {
			days = append(days, "weekday "+key)
		}
	}
	return days
}

// named are the words that tell one text of a form from another as [textOfWords.tells] are,
// but for those that are written large because a sentence begins with them. The title has
// the names that these may be. Where most words are written large it says nothing.
func named(title, lead string, body press.HTML) map[string]bool {
	names, inTitle := map[string]bool{}, map[string]bool{}
	for _, w := range wording.Words(title) {
		inTitle[wording.Skeleton(w)] = true
	}
	begins := true
	words := append(append(wording.Words(lead), "<p>"), htmlWords(body)...)
	large := mostlyLarge(words)
	for _, w := range words {
		first, _ := utf8.DecodeRuneInString(w)
		switch key := wording.Skeleton(w); {
		case !isWord(w):
			begins = begins || strings.HasPrefix(w, "<") && !withinSentence.MatchString(w) || strings.ContainsAny(w[:1], ".!?:")
			continue
		case !unicode.IsLower(first) && (!begins && !large || !unicode.IsUpper(first) || inTitle[key]):
			names[key] = true
		}
		begins = false
	}
	return names
}

// mostlyLarge reports whether a text is written in capitals, or as a title is.
func mostlyLarge(words []string) bool {
	large, small := 0, 0
	for _, w := range words {
		switch first, _ := utf8.DecodeRuneInString(w); {
		case unicode.IsUpper(first):
			large++
		case unicode.IsLower(first):
			small++
		}
	}
	return large > small
}

// withinSentence are the elements that stand in the middle of one.
var withinSentence = lazyregexp.New(`^</?(?:a|abbr|b|bdi|bdo|cite|code|em|i|ins|mark|q|small|span|strong|sub|sup|u)\b`)

// compared are the wordings of which a document was found to say something else, so that
// they need not be compared once more while others wait to file; nil keeps none.
type compared map[newsdesk.Wording]bool

// compareBefore compares documents with what is there before the transaction in which they
// are filed: some hundreds of texts take their time, and nobody else can file meanwhile. What
// was found is found again there, and so is what has come between.
func (d Desk) compareBefore(ctx context.Context, docs []Document) error {
	if d.sitting != nil {
		return nil
	}
	return d.Store.View(ctx, func(tx *storage.Tx) error {
		for i := range docs {
			doc := docs[i]
			doc.Language = cmp.Or(doc.Language, d.Language)
			doc.compared = compared{}
			draft, err := d.draft(tx, &doc)
			if err != nil {
				return nil //nolint:nilerr // it will be said when the document is filed
			}
			c, err := compare(tx, draft, press.Article{})
			if err != nil {
				return nil //nolint:nilerr // it will be said when the document is filed
			}
			if _, _, err := doc.saysNearlyTheSame(tx, c); err != nil {
				return err
			}
			docs[i].compared = doc.compared
		}
		return nil
	})
}

// textOfWords counts the words of a text.
type textOfWords struct {
	length  int
	written []string
	words   []string // as they look
	counts  map[string]int
	// tells are those that tell one text of a form from another: figures, names, and
	// all in scripts that have no capital letters.
	tells map[string]bool
}

func wordsOfText(words []string) textOfWords {
	t := textOfWords{length: len(words), written: words, counts: map[string]int{}, tells: map[string]bool{}}
	for _, w := range words {
		key := wording.Skeleton(w)
		t.words = append(t.words, key)
		t.counts[key]++
		if first, _ := utf8.DecodeRuneInString(w); !unicode.IsLower(first) {
			t.tells[key] = true
		}
	}
	return t
}

// nearly reports whether two texts have nearly all of their words in common, and all
// that tell.
func (t textOfWords) nearly(other textOfWords) bool {
	return t.mostly(other) && t.lacksNone(other.tells) && other.lacksNone(t.tells)
}

// mostly reports whether two texts have nearly all of their words in common.
func (t textOfWords) mostly(other textOfWords) bool {
	longer := max(t.length, other.length)
	if 100*min(t.length, other.length) < nearShare*longer {
		return false
	}
	common := 0
	for key, n := range t.counts {
		common += min(n, other.counts[key])
	}
	return 100*common >= nearShare*longer
}

// hasIn reports whether another text is nearly a part of this one: most of its words stand
// here in the same rows. Short texts are parts of many.
func (t indexed) hasIn(part textOfWords) bool {
	return part.length >= nearLength && part.length <= t.length && t.hasRows(part)
}

// hasRows reports whether most words of another text stand here in the same rows.
func (t indexed) hasRows(part textOfWords) bool {
	if part.length < passageLength {
		return false
	}
	common := 0
	for i := range part.rows() {
		if len(t.at[part.row(i)]) > 0 {
			common++
		}
	}
	return 100*common >= partShare*part.rows()
}

// isIn reports whether the text is nearly a part of another one.
func (t indexed) isIn(longer textOfWords) bool {
	if t.length < nearLength || t.length > longer.length {
		return false
	}
	there, common := make([]bool, t.rows()), 0
	for i := range longer.rows() {
		for _, at := range t.at[longer.row(i)] {
			if !there[at] {
				there[at] = true
				common++
			}
		}
	}
	return 100*common >= partShare*t.rows()
}

func (t textOfWords) lacksNone(words map[string]bool) bool {
	for key := range words {
		if t.counts[key] == 0 {
			return false
		}
	}
	return true
}

package newsroom

import (
	"cmp"
	"context"
	"time"
	"unicode"
	"unicode/utf8"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/wording"
)

const (
	// nearDays is for how long a text is compared with those that say nearly the same:
	// a notice that comes each week is none of them.
	nearDays = 3 * 24 * time.Hour
	// nearArticles bounds the comparison on a day of many statements.
	nearArticles = 300
	// nearLength is how many words a text has that is compared: short ones are alike
	// because they are short.
	nearLength = 40
	// nearShare is how many of a hundred words of either text the other one has.
	nearShare = 85
)

// saysNearlyTheSame finds an article of the last days, public or under embargo, whose
// words are those of a draft but for a few, under whichever title: the draft is that
// statement once more, and readers would have both. What was withdrawn is left out: it
// is published anew with what was wrong in it mended. Forms are filled in with other
// figures and other names, and these are what tells them apart.
func (d Document) saysNearlyTheSame(tx *storage.Tx, draft press.Draft) (press.Article, bool, error) {
	said := wordsOfText(spoken(draft.Lead, draft.Body))
	if said.length < nearLength {
		return press.Article{}, false, nil
	}
	recent, err := tx.Recent(draft.Language, tx.Now().Add(-nearDays), nearArticles)
	if err != nil {
		return press.Article{}, false, err
	}
	for _, t := range recent {
		if d.compared.nearly[t] {
			continue
		}
		a, err := tx.Article(t.Article)
		if err != nil || said.nearly(wordsOfText(spoken(a.Lead, a.Body))) {
			return a, err == nil, err
		}
		d.compared.add(d.compared.nearly, t)
	}
	return press.Article{}, false, nil
}

// compared are the wordings of articles of which a document was found to say something else,
// so that they need not be compared once more while others wait to file; nil maps keep none.
type compared struct{ same, nearly map[newsdesk.Titled]bool }

func (compared) add(to map[newsdesk.Titled]bool, t newsdesk.Titled) {
	if to != nil {
		to[t] = true
	}
}

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
			doc.compared = compared{map[newsdesk.Titled]bool{}, map[newsdesk.Titled]bool{}}
			draft, err := d.draft(tx, &doc)
			if err != nil {
				return nil //nolint:nilerr // it will be said when the document is filed
			}
			_, found, err := doc.saysTheSame(tx, draft)
			if err == nil && !found {
				_, _, err = doc.saysNearlyTheSame(tx, draft)
			}
			if err != nil {
				return err
			}
			docs[i].compared = doc.compared
		}
		return nil
	})
}

// textOfWords counts the words of a text.
type textOfWords struct {
	length int
	counts map[string]int
	// tells are those that tell one text of a form from another: figures, names, and
	// all in scripts that have no capital letters.
	tells map[string]bool
}

func wordsOfText(words []string) textOfWords {
	t := textOfWords{length: len(words), counts: map[string]int{}, tells: map[string]bool{}}
	for _, w := range words {
		key := wording.Alike(w)
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
	longer := max(t.length, other.length)
	if 100*min(t.length, other.length) < nearShare*longer {
		return false
	}
	common := 0
	for key, n := range t.counts {
		common += min(n, other.counts[key])
	}
	return 100*common >= nearShare*longer && t.tellsAs(other) && other.tellsAs(t)
}

func (t textOfWords) tellsAs(other textOfWords) bool {
	for key := range t.tells {
		if other.counts[key] == 0 {
			return false
		}
	}
	return true
}

package newsroom

import (
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
func saysNearlyTheSame(tx *storage.Tx, draft press.Draft) (press.Article, bool, error) {
	said := wordsOfText(spoken(draft.Lead, draft.Body))
	if said.length < nearLength {
		return press.Article{}, false, nil
	}
	articles, err := tx.All(newsdesk.Place{}, nearArticles)
	if err != nil {
		return press.Article{}, false, err
	}
	since := tx.Now().Add(-nearDays)
	for _, a := range articles {
		if a.Published.Before(since) {
			break
		}
		waits := a.State == press.Embargoed
		if (waits || a.State == press.Published) && a.Language == draft.Language && said.nearly(wordsOfText(spoken(a.Lead, a.Body))) {
			return a, true, nil
		}
	}
	return press.Article{}, false, nil
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

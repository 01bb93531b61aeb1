package newsroom

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"communique/storage"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/wording"
)

// ErrAgain is at the root of what is wrong with a document that was filed before.
var ErrAgain = fmt.Errorf("%w: filed already", press.ErrConflict)

// ErrAgainWithdrawn is [ErrAgain] where what was filed before was withdrawn, and cannot be
// corrected.
var ErrAgainWithdrawn = fmt.Errorf("%w, and withdrawn", ErrAgain)

// lately is how many of the newest articles a document is compared with, by all that
// they say and have said.
const lately = 5000

// checkFirst refuses a document that is an article already: as it was filed, or with its
// title and its text, in the same language, whatever else differs; or nearly with the
// text of one of the last days. Drafts count, and what was withdrawn: that it comes back
// must be meant.
func (d Document) checkFirst(tx *storage.Tx, site press.Site, draft press.Draft) error {
	a, found, err := filedAs(tx, draft)
	what := "it is"
	if err == nil && !found {
		a, found, err = d.saysTheSame(tx, draft)
	}
	if err == nil && !found {
		a, found, err = d.saysNearlyTheSame(tx, draft)
		what = "but for a few words it is"
	}
	if err != nil || !found {
		return err
	}
	how, cause := "was published on "+day(d.when(a)), ErrAgain
	switch a.State {
	case press.Embargoed:
		how = "is under embargo"
	case press.Withdrawn:
		how, cause = "was withdrawn on "+a.WithdrawnAt.In(d.place()).Format(time.DateOnly), ErrAgainWithdrawn
	}
	return fmt.Errorf("%s: %w: %s article %s, %s, which %s: %s", d.File, cause, what, a.ID, richtext.Quoted(a.Title), how, site.Article(a))
}

// filedAs finds the newest article that was filed by the same draft.
func filedAs(tx *storage.Tx, draft press.Draft) (press.Article, bool, error) {
	for _, silent := range []bool{false, true} { // in which way it goes out is not what it says
		draft.Silent = silent
		same, err := tx.FiledAs(draft.Digest())
		if err != nil || len(same) > 0 {
			return append(same, press.Article{})[0], err == nil, err
		}
	}
	return press.Article{}, false, nil
}

// saysTheSame finds an article that says, or has said, what a draft says. A title alone
// is that of many, such as of an advice that comes each week.
func (d Document) saysTheSame(tx *storage.Tx, draft press.Draft) (press.Article, bool, error) {
	titles, err := tx.Titles(draft.Language, lately)
	if err != nil {
		return press.Article{}, false, err
	}
	title := bareWords(draft.Title)
	text := sync.OnceValue(func() string { return textWords(draft.Body, draft.Images) }) // most have a title of their own
	for _, t := range titles {
		if d.compared.same[t] {
			continue
		}
		if bareWords(t.Title) != title {
			d.compared.add(d.compared.same, t)
			continue
		}
		said, err := tx.WordingAt(t.Article, t.Revision)
		if err != nil {
			return press.Article{}, false, err
		}
		if textWords(said.Body, said.Images) == text() {
			a, err := tx.Article(t.Article)
			return a, err == nil, err
		}
		d.compared.add(d.compared.same, t)
	}
	return press.Article{}, false, nil
}

// bareWords are the words of a text without marks, case and what nobody sees.
func bareWords(text string) string {
	var all []string
	for _, w := range wording.Words(wording.Alike(text)) {
		if isWord(w) {
			all = append(all, w)
		}
	}
	return strings.Join(all, " ")
}

// textWords are the words of an article and where they lead, or the pictures of one
// that has no words.
func textWords(body press.HTML, images []press.Image) string {
	var all []string
	if words := bareWords(richtext.Text(body)); words != "" {
		all = append(all, words)
		for _, b := range richtext.Blocks(body) {
			for _, r := range b.Runs {
				all = append(all, r.Style.Link)
			}
		}
		return strings.Join(slices.Compact(all), " ")
	}
	for _, i := range images {
		all = append(all, i.Src)
	}
	return string(body) + strings.Join(all, " ")
}

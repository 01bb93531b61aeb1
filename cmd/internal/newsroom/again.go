package newsroom

import (
	"fmt"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// ErrAgain is at the root of what is wrong with a document that was filed before.
var ErrAgain = fmt.Errorf("%w: filed already", press.ErrConflict)

// lately is how many of the newest articles a document is compared with as they are
// after their corrections.
const lately = 200

// checkFirst refuses a document that is an article already, as it was filed or as it
// was corrected since. One that was withdrawn may come again.
func (d Document) checkFirst(tx *storage.Tx, site press.Site, draft press.Draft) error {
	var first []press.Article
	for _, silent := range []bool{false, true} {
		draft.Silent = silent
		same, err := tx.FiledAs(draft.Digest())
		if err != nil {
			return err
		}
		first = append(first, same...)
	}
	if len(first) == 0 {
		newest, err := tx.All(newsdesk.Place{}, lately)
		if err != nil {
			return err
		}
		for _, a := range newest {
			if a.State != press.Published && a.State != press.Embargoed {
				continue
			}
			draft.Silent = a.Silent // in which way it goes out is not what it says
			same, err := says(tx, a, draft)
			if err != nil {
				return err
			}
			if same {
				first = append(first, a)
			}
		}
	}
	if len(first) == 0 {
		return nil
	}
	a := first[0]
	how := "was published on " + a.Published.Format("2006-01-02")
	if a.State == press.Embargoed {
		how = "is under embargo"
	}
	return fmt.Errorf("%s: %w: it is article %s, %q, which %s: %s", d.File, ErrAgain, a.ID, a.Title, how, site.Article(a))
}

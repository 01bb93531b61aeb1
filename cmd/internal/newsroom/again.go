package newsroom

import (
	"fmt"
	"slices"

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
		first = slices.DeleteFunc(newest, func(a press.Article) bool {
			return a.State != press.Published && a.State != press.Embargoed || !saysAll(a, draft)
		})
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

// saysAll tells whether an article says now what a draft says.
func saysAll(a press.Article, d press.Draft) bool {
	return a.Section == d.Section && a.Language == d.Language && a.Title == d.Title && a.Lead == d.Lead && a.Body == d.Body &&
		slices.Equal(a.Tags, d.Tags) && (d.Published.IsZero() || d.Published.Equal(a.Published)) &&
		slices.EqualFunc(a.Images, d.Images, func(x, y press.Image) bool { return x.Src == y.Src && x.Alt == y.Alt && x.Caption == y.Caption })
}

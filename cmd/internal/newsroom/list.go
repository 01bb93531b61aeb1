package newsroom

import (
	"context"
	"slices"
	"strings"
	"time"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
	"communique/storage/richtext"
)

// Listing says which articles are listed; what is zero lets all pass.
type Listing struct {
	State    press.State
	Section  string // a path, with everything below it
	Language press.Language
	// Since and Before bound the date of publication: the first is within, the second
	// is not.
	Since, Before time.Time
	// Text stands in the title, the lead or the text, in letters of whatever case.
	Text string
}

// pageOfArticles is how many articles are looked at in a go.
const pageOfArticles = 500

// List reads up to limit articles in every state, the newest first, with the sections
// that they are in. An unknown section is press.ErrNotFound.
func (d Desk) List(ctx context.Context, l Listing, limit int) (all []press.Article, tree press.Tree, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		if tree, err = tx.Tree(); err != nil {
			return err
		}
		var within press.Section
		if l.Section != "" {
			if within, err = tree.Resolve(l.Section); err != nil {
				return err
			}
		}
		place := newsdesk.Place{}
		if !l.Before.IsZero() {
			place = newsdesk.Place{Published: l.Before, ID: " "} // before every id
		}
		for len(all) < limit {
			page, err := tx.All(place, pageOfArticles)
			if err != nil {
				return err
			}
			for _, a := range page {
				if a.Published.Before(l.Since) {
					return nil
				}
				if len(all) < limit && l.has(a, tree, within) {
					all = append(all, a)
				}
				place = newsdesk.PlaceOf(a)
			}
			if len(page) < pageOfArticles {
				return nil
			}
		}
		return nil
	})
	return all, tree, err
}

func (l Listing) has(a press.Article, tree press.Tree, within press.Section) bool {
	switch {
	case l.State != "" && a.State != l.State,
		l.Language != "" && a.Language != l.Language,
		l.Section != "" && !slices.ContainsFunc(tree.Trail(a.Section), func(s press.Section) bool { return s.ID == within.ID }):
		return false
	}
	text := strings.ToLower(l.Text)
	for _, field := range []string{a.Title, a.Lead, richtext.Text(a.Body)} {
		if strings.Contains(strings.ToLower(field), text) {
			return true
		}
	}
	return false
}

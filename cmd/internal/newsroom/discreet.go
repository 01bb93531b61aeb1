package newsroom

import (
	"context"
	"errors"
	"fmt"

	"communique/storage"
	"communique/storage/lazyregexp"
	"communique/storage/press"
)

// anyArticle finds what may be the id of an article in a text.
var anyArticle = lazyregexp.New(`\b[a-z2-7]{16}\b`)

// errKeptBack is what is told in place of a refusal that names an article which is kept back
// from the one who would read it.
var errKeptBack = fmt.Errorf("%w: it says what another text says that is kept back, in a place that you may not read: ask one who may approve it", press.ErrConflict)

// discreet is an error as the desk's person may read it: one that names what is kept back from
// them would tell its title, and whether they have guessed what it says.
func (d Desk) discreet(ctx context.Context, told error) error {
	if told == nil || d.Person.ID == "" || errors.Is(told, press.ErrNotFound) { // which tells of nothing
		return told
	}
	named := anyArticle.FindAllString(told.Error(), -1)
	if len(named) == 0 {
		return told
	}
	err := d.view(ctx, func(tx *storage.Tx) error {
		reading, err := ReadingOf(tx, d.Person)
		if err != nil {
			return err
		}
		for _, id := range named {
			a, err := tx.Article(press.ArticleID(id))
			if errors.Is(err, press.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if !reading.Article(a) {
				told = errKeptBack
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return told
}

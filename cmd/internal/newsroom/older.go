package newsroom

import (
	"context"
	"fmt"
	"strconv"

	"communique/storage"
	"communique/storage/people"
	"communique/storage/press"
)

// Older tells what the desk's person is told of a translation that is older than the original
// of its set: that was corrected since.
type Older struct {
	Original press.Article
	// Worded is what the original had counted when it was read; see [press.Article].
	Worded   int
	MayAgree bool // say that the translation needs no change
}

// keepsUp are the roles whose holders may say that a translation needs no change.
func keepsUp() []people.Role { return []people.Role{people.Editor, people.Approver} }

// Older tells whether a translation that the desk's person may read is older than its original;
// nil if it is not. Who may not read the original is told that there is one.
func (d Desk) Older(ctx context.Context, id press.ArticleID) (found *Older, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		older, err := tx.Older([]press.Article{a})
		if err != nil || older[id] == 0 {
			return err
		}
		reading, err := ReadingOf(tx, d.Person)
		if err != nil {
			return err
		}
		found = &Older{Worded: older[id], MayAgree: May(d.Person, reading.Tree, a, keepsUp()...)}
		original, err := tx.Article(a.Group)
		if err == nil && reading.Article(original) {
			found.Original = original
		}
		return err
	})
	return found, err
}

// NeedsNoChange says that a translation needs no change for what its original says since it was
// corrected, which had counted so much when it was looked at. If the original says something
// else again by now, that is press.ErrConflict.
func (d Desk) NeedsNoChange(ctx context.Context, id press.ArticleID, worded int) error {
	return d.noted(ctx, func(tx *storage.Tx) error {
		a, err := tx.Article(id)
		if err != nil {
			return err
		}
		if err := d.mayIn(tx, []press.Article{a}, keepsUp()...); err != nil {
			return err
		}
		if err := tx.Agree(id, worded); err != nil {
			return fmt.Errorf("the original says something else by now, or the translation is not older: look again: %w", err)
		}
		return d.Note(tx, "said that a translation needs no change", string(id), map[string]string{"original": string(a.Group), "wording": strconv.Itoa(worded)})
	})
}

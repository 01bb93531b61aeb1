package newsdesk

import (
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// A translation is older than the original of its set if that has said something else since
// they were last held against each other: when the translation was filed or corrected, or when
// somebody said that it needs no change.

// Older tells which of some articles are older than the original of their set, with what that
// has counted by now; see [press.Article]. What is not there for readers any more, or waits for
// no original, is not older.
func (tx *Tx) Older(articles []press.Article) (map[press.ArticleID]int, error) {
	var args []any
	for _, a := range articles {
		if a.ID != a.Group && isThere(a) {
			args = append(args, a.ID)
		}
	}
	older := map[press.ArticleID]int{}
	if len(args) == 0 {
		return older, nil
	}
	err := tx.db.Each(func(scan func(...any) error) error {
		var id press.ArticleID
		var worded int
		err := scan(&id, &worded)
		older[id] = worded
		return err
	}, `SELECT t.id, o.worded FROM articles t JOIN articles o ON o.id = t.translation_group
		WHERE t.id IN (`+kernel.Numbered(1, len(args))+`) AND t.agrees < o.worded AND o.state IN ('embargoed', 'published')`, args...)
	if err != nil {
		return nil, fmt.Errorf("look for translations that are older than what they translate: %w", err)
	}
	return older, nil
}

// Agree says that a translation needs no change for what the original of its set says now,
// which had counted so much when it was looked at. If it says something else again by now, that
// is press.ErrConflict; so it is of what is not older.
func (tx *Tx) Agree(id press.ArticleID, worded int) error {
	done, err := tx.db.Any(`UPDATE articles SET agrees = $2 WHERE id = $1 AND agrees < $2
		AND EXISTS (SELECT 1 FROM articles o WHERE o.id = articles.translation_group AND o.id <> $1 AND o.worded = $2) RETURNING 1`, id, worded)
	if err != nil {
		return fmt.Errorf("hold article %s against its original: %w", id, err)
	}
	if !done {
		return fmt.Errorf("%w: what article %s translates was corrected again, or it is not older than that", press.ErrConflict, id)
	}
	return nil
}

// heldAgainst counts a translation as one that agrees with the original of its set as it is now.
func (tx *Tx) heldAgainst(a press.Article) (press.Article, error) {
	if a.ID == a.Group {
		return a, nil
	}
	err := tx.db.Row(`UPDATE articles SET agrees = (SELECT o.worded FROM articles o WHERE o.id = $2) WHERE id = $1 RETURNING agrees`, a.ID, a.Group).Scan(&a.Agrees)
	if err != nil {
		return a, fmt.Errorf("hold article %s against its original: %w", a.ID, err)
	}
	return a, nil
}

// reworded counts what a correction has changed of what an article says. A translation agrees
// with the original of its set then, and so does one that has come into a set.
func (tx *Tx) reworded(before, a press.Article) (press.Article, error) {
	other := wording(before) != wording(a)
	if other {
		if err := tx.db.Row(`UPDATE articles SET worded = worded + 1 WHERE id = $1 RETURNING worded`, a.ID).Scan(&a.Worded); err != nil {
			return a, fmt.Errorf("count what article %s says: %w", a.ID, err)
		}
	}
	if other || before.Group != a.Group {
		return tx.heldAgainst(a)
	}
	return a, nil
}

// wording is the digest of what readers are told in words by an article.
func wording(a press.Article) string {
	return press.Draft{Title: a.Title, Lead: a.Lead, Body: a.Body, Images: a.Images, Particulars: a.Particulars}.Digest()
}

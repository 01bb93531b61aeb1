package manuscripts

import (
	"fmt"
	"slices"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Limit is who alone may read an article that is not public.
type Limit struct {
	Article press.ArticleID
	By      []string // who began its manuscripts
	Named   []string
}

func checkNamed(named []string) error {
	if len(named) > MaxNamed {
		return fmt.Errorf("%w named: more than %d people", press.ErrInvalid, MaxNamed)
	}
	return nil
}

// LimitManuscript names those who alone may read a manuscript; with nobody named, all may read it
// who have the right. The limit of an article that is not public is that of all its manuscripts:
// [Tx.LimitManuscriptsOf].
func (tx *Tx) LimitManuscript(id string, named []string) error {
	if err := checkNamed(named); err != nil {
		return err
	}
	there, err := tx.db.Any(`UPDATE manuscripts SET named = $1 WHERE id = $2 AND state <> $3 RETURNING 1`, kernel.List(named), id, Cancelled)
	if err == nil && !there {
		err = fmt.Errorf("%w: there is nothing of it", press.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("limit manuscript %s: %w", id, err)
	}
	return nil
}

// LimitManuscriptsOf is [Tx.LimitManuscript] for all manuscripts of an article.
func (tx *Tx) LimitManuscriptsOf(article press.ArticleID, named []string) error {
	if err := checkNamed(named); err != nil {
		return err
	}
	err := tx.db.Exec(`UPDATE manuscripts SET named = $1 WHERE article = $2 AND state <> $3`, kernel.List(named), article, Cancelled)
	if err != nil {
		return fmt.Errorf("limit the manuscripts of article %s: %w", article, err)
	}
	return nil
}

// Limits are those of the articles under embargo that have one, and of those that were cancelled.
func (tx *Tx) Limits() (all []Limit, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var l Limit
		var by, text string
		if err := scan(&l.Article, &by, &text); err != nil {
			return err
		}
		if err := kernel.Unlist(text, &l.Named); err != nil {
			return err
		}
		l.By = []string{by}
		if n := len(all) - 1; n >= 0 && all[n].Article == l.Article {
			all[n].By, all[n].Named = append(all[n].By, by), union(all[n].Named, l.Named)
			return nil
		}
		all = append(all, l)
		return nil
	}, `SELECT m.article, m.by_person, m.named FROM manuscripts m JOIN articles a ON a.id = m.article
		WHERE m.named <> '[]' AND a.state IN ('embargoed', 'cancelled') ORDER BY m.article, m.created, m.id`)
	if err != nil {
		return nil, fmt.Errorf("read who alone may read articles: %w", err)
	}
	return all, nil
}

func union(a, b []string) []string {
	for _, one := range b {
		if !slices.Contains(a, one) {
			a = append(a, one)
		}
	}
	return a
}

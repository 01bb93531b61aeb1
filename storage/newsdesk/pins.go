package newsdesk

import (
	"fmt"
	"slices"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// MaxPins is how many articles can stand on top of the profile: what the
// servers that show them have room for.
const MaxPins = 5

// Pin puts a published article on top of the profile, in front of the others, also
// if it was pinned already, and reports whether anything changed. It returns
// press.ErrConflict beyond [MaxPins].
func (tx *Tx) Pin(id press.ArticleID) (bool, error) {
	if _, err := tx.PublicArticle(id); err != nil {
		return false, err
	}
	pinned, err := tx.Pinned()
	if err != nil {
		return false, err
	}
	known := slices.Index(pinned, id)
	if known == 0 {
		return false, nil
	}
	if known < 0 && len(pinned) >= MaxPins {
		return false, fmt.Errorf("%w: %d articles are pinned already: unpin one first, such as %s, which was pinned before the others", press.ErrConflict, len(pinned), pinned[len(pinned)-1])
	}
	// After the others whatever the clock says: it may have been set back.
	err = tx.db.Exec(`INSERT INTO pins (article, since) SELECT $1, CASE WHEN last < $2 THEN CAST($2 AS BIGINT) ELSE last + 1 END
		FROM (SELECT COALESCE(MAX(since), 0) AS last FROM pins) others WHERE true
		ON CONFLICT (article) DO UPDATE SET since = excluded.since`, id, kernel.Micros(tx.db.Now()))
	if err != nil {
		return false, fmt.Errorf("pin article %s: %w", id, err)
	}
	return true, nil
}

// Unpin takes an article from the top of the profile, and reports whether it was
// there.
func (tx *Tx) Unpin(id press.ArticleID) (bool, error) {
	pinned, err := tx.Pinned()
	if err != nil {
		return false, err
	}
	if err := tx.db.Exec(`DELETE FROM pins WHERE article = $1`, id); err != nil {
		return false, fmt.Errorf("unpin article %s: %w", id, err)
	}
	return slices.Contains(pinned, id), nil
}

// pinnedQuery goes from the few pins to their articles, in which order a CROSS
// JOIN holds SQLite to it.
const pinnedQuery = `SELECT p.article FROM pins p CROSS JOIN articles a
	WHERE a.id = p.article AND a.state = $1 ORDER BY p.since DESC, p.article`

// Pinned are the articles on top of the profile, the last one pinned first.
// Those that are withdrawn are left out.
func (tx *Tx) Pinned() ([]press.ArticleID, error) {
	var all []press.ArticleID
	err := tx.db.Each(func(scan func(...any) error) error {
		var id press.ArticleID
		err := scan(&id)
		all = append(all, id)
		return err
	}, pinnedQuery, press.Published)
	if err != nil {
		return nil, fmt.Errorf("read the pinned articles: %w", err)
	}
	return all, nil
}

package newsdesk

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// LastBefore is the instant of the newest published article of a section's
// subtree in a language before an instant, found by index. It returns
// press.ErrNotFound if there is none.
func (tx *Tx) LastBefore(section press.SectionID, lang press.Language, before time.Time) (time.Time, error) {
	var at int64
	err := tx.db.Row(`SELECT published FROM section_articles WHERE section = $1 AND language = $2 AND published < $3
		ORDER BY published DESC LIMIT 1`, section, lang, kernel.Micros(before)).Scan(&at)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return time.Time{}, fmt.Errorf("%w: nothing was published before %s", press.ErrNotFound, before.Format(time.RFC3339))
	case err != nil:
		return time.Time{}, fmt.Errorf("read what was published before %s: %w", before.Format(time.RFC3339), err)
	}
	return kernel.Given(at), nil
}

// Within reads up to limit published articles of a section's subtree in a
// language from one instant until another, newest first, after a place;
// the zero place is the start.
func (tx *Tx) Within(section press.SectionID, lang press.Language, from, until time.Time, after Place, limit int) ([]press.Article, error) {
	if after.ID == "" || !after.Published.Before(until) {
		after = Place{Published: until} // before every article of that instant
	}
	// One bound from above, for the index: of two it may take the wrong one and
	// pass over everything that is newer.
	return tx.articles(`SELECT `+articleColumns+` FROM section_articles s
		JOIN articles a ON a.id = s.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE s.section = $1 AND s.language = $2 AND s.published >= $3 AND (s.published, s.article) < ($4, $5)
		ORDER BY s.published DESC, s.article DESC LIMIT $6`,
		section, lang, kernel.Micros(from), kernel.Micros(after.Published), after.ID, limit)
}

package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// CountWithin is how many published articles a section's subtree has in a language from
// one instant until another.
func (tx *Tx) CountWithin(section press.SectionID, lang press.Language, from, until time.Time) (int, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM section_articles WHERE section = $1 AND language = $2 AND published >= $3 AND published < $4`,
		section, lang, kernel.Micros(from), kernel.Micros(until)).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count what was published from %s until %s: %w", from.Format(time.RFC3339), until.Format(time.RFC3339), err)
	}
	return n, nil
}

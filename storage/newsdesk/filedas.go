package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// FiledAs reads the articles, public or under embargo, that were filed by a draft of
// this digest, the newest first.
func (tx *Tx) FiledAs(digest string) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.digest = $1 AND a.state IN ('embargoed', 'published') ORDER BY a.published DESC, a.id DESC`, digest)
}

// Recent reads which articles in a language, or in all, are public, or under embargo, and
// dated after an instant, the newest first, in the wording of now.
func (tx *Tx) Recent(lang press.Language, after time.Time, limit int) ([]Wording, error) {
	all, err := tx.wordings(`SELECT id, revision, CASE WHEN state = 'embargoed' THEN 1 ELSE 0 END FROM articles
		WHERE published > $1 AND state IN ('embargoed', 'published') AND $2 IN ('', language) ORDER BY published DESC, id DESC LIMIT $3`,
		kernel.Micros(after), lang, limit)
	if err != nil {
		return nil, fmt.Errorf("read what is new: %w", err)
	}
	return all, nil
}

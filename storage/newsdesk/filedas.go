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

// Titled is the title of a revision.
type Titled struct {
	Article  press.ArticleID
	Revision int
	Title    string
}

// Recent reads which articles in a language are public, or under embargo, and dated after an
// instant, the newest first, in the wording of now.
func (tx *Tx) Recent(lang press.Language, after time.Time, limit int) ([]Titled, error) {
	all, err := tx.titled(`SELECT a.id, a.revision, r.title FROM articles a JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.published > $1 AND a.state IN ('embargoed', 'published') AND a.language = $2 ORDER BY a.published DESC, a.id DESC LIMIT $3`,
		kernel.Micros(after), lang, limit)
	if err != nil {
		return nil, fmt.Errorf("read what is new in %s: %w", lang, err)
	}
	return all, nil
}

// Titles reads the titles in a language that the newest articles have and had, whatever
// their state but cancelled, of so many articles.
func (tx *Tx) Titles(lang press.Language, articles int) ([]Titled, error) {
	all, err := tx.titled(`SELECT a.id, r.number, r.title FROM (
			SELECT id, published FROM articles WHERE state <> 'cancelled' ORDER BY published DESC, id DESC LIMIT $2) a
		JOIN revisions r ON r.article = a.id WHERE r.language = $1 ORDER BY a.published DESC, a.id DESC, r.number DESC`, lang, articles)
	if err != nil {
		return nil, fmt.Errorf("read titles in %s: %w", lang, err)
	}
	return all, nil
}

// titled reads articles, numbers of their revisions and titles.
func (tx *Tx) titled(query string, args ...any) (all []Titled, err error) {
	err = tx.db.Each(func(scan func(...any) error) error {
		var t Titled
		err := scan(&t.Article, &t.Revision, &t.Title)
		all = append(all, t)
		return err
	}, query, args...)
	return all, err
}

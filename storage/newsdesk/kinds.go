package newsdesk

import (
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

const newestOfKind = `SELECT ` + articleColumns + ` FROM section_articles s
		JOIN articles a ON a.id = s.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE s.section = $1 AND s.language = $2 AND s.kind = $6 AND s.kind <> '' AND (s.published, s.article) < ($3, $4)
		ORDER BY s.published DESC, s.article DESC LIMIT $5`

// NewestOfKind is [Tx.Newest] of one kind.
func (tx *Tx) NewestOfKind(kind press.ArticleKind, section press.SectionID, lang press.Language, after Place, limit int) ([]press.Article, error) {
	if after.ID == "" {
		after = start()
	}
	return tx.articles(newestOfKind,
		section, lang, kernel.Micros(after.Published), after.ID, limit, kind)
}

// NewerOfKind is [Tx.Newer] of one kind.
func (tx *Tx) NewerOfKind(kind press.ArticleKind, section press.SectionID, lang press.Language, before Place, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM (
			SELECT published, article FROM section_articles
			WHERE section = $1 AND language = $2 AND kind = $6 AND kind <> '' AND (published, article) > ($3, $4)
			ORDER BY published, article LIMIT $5) s
		JOIN articles a ON a.id = s.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		ORDER BY s.published DESC, s.article DESC`,
		section, lang, kernel.Micros(before.Published), before.ID, limit, kind)
}

// KindsIn are those of some kinds of which a section lists articles in a language, with those
// below it.
func (tx *Tx) KindsIn(section press.SectionID, lang press.Language, of []press.ArticleKind) (all []press.ArticleKind, err error) {
	for _, kind := range of {
		there, err := tx.db.Any(`SELECT 1 FROM section_articles WHERE section = $1 AND language = $2 AND kind = $3 AND kind <> '' LIMIT 1`, section, lang, kind)
		if err != nil {
			return nil, fmt.Errorf("look for articles of the kind %s in section %d: %w", kind, section, err)
		}
		if there {
			all = append(all, kind)
		}
	}
	return all, nil
}

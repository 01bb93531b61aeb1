package migrations

import (
	"encoding/json"
	"fmt"

	"communique/storage/press"
)

// fillBatch is how many articles are read at once to fill a new table.
const fillBatch = 1000

// tagged is an article as fillTags reads it.
type tagged struct {
	id, language string
	published    int64
	tags         string // a list in JSON
}

// fillTags files what was public before there were tags: the slug of a tag is
// made by [press.TagSlug], which SQL cannot do.
func fillTags(tx Tx) error {
	for last := ""; ; {
		var batch []tagged
		err := tx.Each(func(scan func(...any) error) error {
			var a tagged
			err := scan(&a.id, &a.language, &a.published, &a.tags)
			batch = append(batch, a)
			return err
		}, `SELECT a.id, a.language, a.published, r.tags FROM articles a
			JOIN revisions r ON r.article = a.id AND r.number = a.revision
			WHERE a.state = 'published' AND a.id > $1 ORDER BY a.id LIMIT $2`, last, fillBatch)
		if err != nil {
			return fmt.Errorf("read the tags of articles: %w", err)
		}
		for _, a := range batch {
			if err := fileUnderTags(tx, a); err != nil {
				return fmt.Errorf("file article %s under its tags: %w", a.id, err)
			}
			last = a.id
			tx.Filled()
		}
		if len(batch) < fillBatch {
			return nil
		}
	}
}

func fileUnderTags(tx Tx, a tagged) error {
	var names []string
	if err := json.Unmarshal([]byte(a.tags), &names); err != nil {
		return err
	}
	for _, name := range names {
		slug := press.TagSlug(name)
		if slug == "" {
			continue
		}
		err := tx.Exec(`INSERT INTO tags (tag, language, name, seq, at) SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), seq, at FROM log_head WHERE id = 1
			ON CONFLICT (tag, language) DO UPDATE SET name = excluded.name`, slug, a.language, name)
		if err == nil {
			err = tx.Exec(`INSERT INTO tag_articles (tag, language, article, published, listed, withdrawn) VALUES ($1, $2, $3, $4, 1, 0)
				ON CONFLICT (tag, language, article) DO NOTHING`, slug, a.language, a.id, a.published)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

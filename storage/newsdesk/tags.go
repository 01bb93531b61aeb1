package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Tag is what articles in a language are filed under.
type Tag struct {
	Slug string // [press.TagSlug], by which it is known
	Name string // as the article writes it that was filed last
	// Changed is the newest entry that changed what is filed under it, and At
	// when that was.
	Changed press.Seq
	At      time.Time
}

// markTags files an article under its tags, and marks every tag changed that
// showed it before or shows it now.
func (tx *Tx) markTags(e press.Entry, a press.Article) error {
	withdrawn := kernel.Micros(a.WithdrawnAt)
	err := tx.db.Exec(`UPDATE tags SET seq = $1, at = $2 WHERE (tag, language) IN (
			SELECT tag, language FROM tag_articles WHERE article = $3 AND (listed = 1 OR told > 0 OR CAST($4 AS BIGINT) > 0))`,
		e.Seq, kernel.Micros(e.At), a.ID, withdrawn)
	if err == nil {
		err = tx.db.Exec(`UPDATE tag_articles SET listed = 0, withdrawn = $1, told = CASE WHEN CAST($1 AS BIGINT) > 0 THEN 0 ELSE told END
			WHERE article = $2`, withdrawn, a.ID)
	}
	if err == nil && a.State == press.Published {
		err = tx.listTags(e, a)
	}
	if err == nil && e.Kind == press.KindCorrected {
		err = tx.db.Exec(`UPDATE tag_articles SET told = $1 WHERE article = $2 AND (listed = 0 OR CAST($3 AS BIGINT) = 0)`,
			kernel.Micros(e.At), a.ID, kernel.Number(e.Minor))
	}
	if err != nil {
		return fmt.Errorf("file article %s under its tags: %w", a.ID, err)
	}
	return nil
}

func (tx *Tx) listTags(e press.Entry, a press.Article) error {
	for _, name := range a.Tags {
		slug := press.TagSlug(name)
		if slug == "" {
			continue
		}
		err := tx.db.Exec(`INSERT INTO tags (tag, language, name, seq, at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (tag, language) DO UPDATE SET name = excluded.name, seq = excluded.seq, at = excluded.at`,
			slug, a.Language, name, e.Seq, kernel.Micros(e.At))
		if err == nil {
			err = tx.db.Exec(`INSERT INTO tag_articles (tag, language, article, published, listed, withdrawn) VALUES ($1, $2, $3, $4, 1, 0)
				ON CONFLICT (tag, language, article) DO UPDATE SET published = excluded.published, listed = 1`,
				slug, a.Language, a.ID, kernel.Micros(a.Published))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// forgetTags has a tag that only hidden wordings of an article had be none that anybody
// ever had, unless another public article has it. Its row stays without the name, and
// changed: what was made of it before is not shown again.
func (tx *Tx) forgetTags(id press.ArticleID) error {
	const lost = `SELECT tag, language FROM tag_articles WHERE article = $1 AND listed = 0`
	const unused = `NOT EXISTS (SELECT 1 FROM tag_articles o WHERE o.tag = %[1]s.tag AND o.language = %[1]s.language AND o.listed = 1)`
	err := tx.db.Exec(`UPDATE tags SET name = '' WHERE (tag, language) IN (`+lost+`) AND `+fmt.Sprintf(unused, "tags"), id)
	if err == nil {
		err = tx.db.Exec(`DELETE FROM tag_articles WHERE article = $1 AND listed = 0 AND `+fmt.Sprintf(unused, "tag_articles"), id)
	}
	if err != nil {
		return fmt.Errorf("forget hidden tags of article %s: %w", id, err)
	}
	return nil
}

// Tag reads a tag by its slug. It returns press.ErrNotFound if nothing was ever
// filed under it in the language, or what was is hidden.
func (tx *Tx) Tag(lang press.Language, slug string) (Tag, error) {
	t, err := scanTag(tx.db.Row(`SELECT tag, name, seq, at FROM tags WHERE tag = $1 AND language = $2 AND name <> ''`, slug, lang).Scan)
	if err != nil {
		return t, fmt.Errorf("read tag: %w", kernel.NotFound(err, "nothing is filed under %q in %s", slug, lang))
	}
	return t, nil
}

func scanTag(scan func(...any) error) (Tag, error) {
	var t Tag
	var at int64
	err := scan(&t.Slug, &t.Name, &t.Changed, &at)
	t.At = kernel.Instant(at)
	return t, err
}

// Tags reads up to limit tags under which there are articles in a language,
// those that changed last first.
func (tx *Tx) Tags(lang press.Language, limit int) ([]Tag, error) {
	var all []Tag
	err := tx.db.Each(func(scan func(...any) error) error {
		t, err := scanTag(scan)
		all = append(all, t)
		return err
	}, `SELECT t.tag, t.name, t.seq, t.at FROM tags t WHERE t.language = $1 AND EXISTS (
			SELECT 1 FROM tag_articles ta WHERE ta.tag = t.tag AND ta.language = t.language AND ta.listed = 1)
		ORDER BY t.seq DESC, t.tag LIMIT $2`, lang, limit)
	if err != nil {
		return nil, fmt.Errorf("read the tags in %s: %w", lang, err)
	}
	return all, nil
}

// TagsChanged is the newest entry that changed what is filed under any tag in a
// language; 0 if there is no tag.
func (tx *Tx) TagsChanged(lang press.Language) (press.Seq, error) {
	var seq press.Seq
	if err := tx.db.Row(`SELECT COALESCE(MAX(seq), 0) FROM tags WHERE language = $1`, lang).Scan(&seq); err != nil {
		return 0, fmt.Errorf("read what changed under tags in %s: %w", lang, err)
	}
	return seq, nil
}

// Tagged reads up to limit published articles that are filed under a tag, newest
// first, after a place; the zero place is the start.
func (tx *Tx) Tagged(lang press.Language, slug string, after Place, limit int) ([]press.Article, error) {
	if after.ID == "" {
		after = start()
	}
	return tx.articles(`SELECT `+articleColumns+` FROM tag_articles t
		JOIN articles a ON a.id = t.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE t.tag = $1 AND t.language = $2 AND t.listed = 1 AND (t.published, t.article) < ($3, $4)
		ORDER BY t.published DESC, t.article DESC LIMIT $5`,
		slug, lang, kernel.Micros(after.Published), after.ID, limit)
}

// TaggedTold reads up to limit public articles of which the feeds of a tag have had to
// tell their readers after an instant, as [Tx.Told] does of a section.
func (tx *Tx) TaggedTold(lang press.Language, slug string, after time.Time, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM tag_articles t
		JOIN articles a ON a.id = t.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE t.tag = $1 AND t.language = $2 AND t.told > 0 AND t.told > $3 AND a.state = 'published'
		ORDER BY t.told DESC, t.article LIMIT $4`,
		slug, lang, max(kernel.Micros(after), 0), limit)
}

// TaggedWithdrawn reads up to limit articles that are or were filed under a tag
// and were withdrawn after an instant, the newest withdrawal first.
func (tx *Tx) TaggedWithdrawn(lang press.Language, slug string, after time.Time, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM tag_articles t
		JOIN articles a ON a.id = t.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE t.tag = $1 AND t.language = $2 AND t.withdrawn > 0 AND t.withdrawn > $3
		ORDER BY t.withdrawn DESC, t.article LIMIT $4`,
		slug, lang, max(kernel.Micros(after), 0), limit)
}

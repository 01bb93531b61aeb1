package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// SitemapPartLength is how many positions of the root a part of the sitemap
// holds. Articles never change their part.
const SitemapPartLength = 5000

// SitemapPart says how a part of the sitemap stands.
type SitemapPart struct {
	Language press.Language
	Number   int       // from 1
	Changed  press.Seq // the newest entry that changed what it says
	At       time.Time // when that was
}

// markSitemap goes from the articles to their positions, in which order a CROSS
// JOIN holds SQLite to it: the other way it reads all that the root ever had.
const markSitemap = `INSERT INTO sitemap_parts (language, number, seq, at)
	SELECT DISTINCT p.language, (p.position - 1) / CAST($1 AS BIGINT) + 1, CAST($2 AS BIGINT), CAST($3 AS BIGINT)
	FROM (SELECT id FROM articles WHERE id = $4
		UNION SELECT id FROM articles WHERE translation_group = $5 AND state = 'published') listing
	CROSS JOIN positions p WHERE p.article = listing.id AND p.section = 0
	ON CONFLICT (language, number) DO UPDATE SET seq = excluded.seq, at = excluded.at`

// SitemapParts reads how all parts stand, by language and number.
func (tx *Tx) SitemapParts() ([]SitemapPart, error) {
	var all []SitemapPart
	err := tx.db.Each(func(scan func(...any) error) error {
		var p SitemapPart
		var at int64
		err := scan(&p.Language, &p.Number, &p.Changed, &at)
		p.At = kernel.Instant(at)
		all = append(all, p)
		return err
	}, `SELECT language, number, seq, at FROM sitemap_parts ORDER BY language, number`)
	if err != nil {
		return nil, fmt.Errorf("read the parts of the sitemap: %w", err)
	}
	return all, nil
}

// SitemapPart reads how a part stands; it returns
// press.ErrNotFound if there is no such part.
func (tx *Tx) SitemapPart(lang press.Language, number int) (SitemapPart, error) {
	p := SitemapPart{Language: lang, Number: number}
	var at int64
	err := tx.db.Row(`SELECT seq, at FROM sitemap_parts WHERE language = $1 AND number = $2`, lang, number).Scan(&p.Changed, &at)
	p.At = kernel.Instant(at)
	if err != nil {
		return p, fmt.Errorf("read the sitemap: %w", kernel.NotFound(err, "there is no part %d in %s", number, lang))
	}
	return p, nil
}

// SitemapArticle is what the sitemap says of an article.
type SitemapArticle struct {
	press.Translation
	Revised time.Time // when its text changed last
	// Translations are all that are public of its group, itself included.
	Translations []press.Translation
}

// SitemapArticles reads the public articles of a part in the order in which they
// came, without their texts.
func (tx *Tx) SitemapArticles(lang press.Language, number int) ([]SitemapArticle, error) {
	var all []SitemapArticle
	err := tx.db.Each(func(scan func(...any) error) error {
		var id press.ArticleID
		var t press.Translation
		var revised int64
		if err := scan(&id, &t.ID, &t.Language, &t.Title, &revised); err != nil {
			return err
		}
		if n := len(all); n == 0 || all[n-1].ID != id {
			all = append(all, SitemapArticle{Translation: press.Translation{ID: id}})
		}
		a := &all[len(all)-1]
		a.Translations = append(a.Translations, t)
		if t.ID == id {
			a.Translation, a.Revised = t, kernel.Given(revised)
		}
		return nil
	}, `SELECT a.id, t.id, t.language, r.title, r.at FROM positions p
		JOIN articles a ON a.id = p.article AND a.language = p.language AND a.state = 'published'
		JOIN articles t ON t.translation_group = a.translation_group AND t.state = 'published'
		JOIN revisions r ON r.article = t.id AND r.number = t.revision
		WHERE p.section = 0 AND p.language = $1 AND p.position BETWEEN $2 AND $3
		ORDER BY p.position, t.language, t.id`,
		lang, (number-1)*SitemapPartLength+1, number*SitemapPartLength)
	if err != nil {
		return nil, fmt.Errorf("read part %d of the sitemap in %s: %w", number, lang, err)
	}
	return all, nil
}

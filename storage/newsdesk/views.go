package newsdesk

import (
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// updateViews brings everything that a public article shows up in up to date
// with an entry about it. before is the article as readers saw it until now,
// after as they see it from here on. What is not [press.Published] is not seen,
// so a publication has no view before and a withdrawal none after.
//
// This is the one list of the views: what is to show articles is added here, and
// is then right for publications, corrections, withdrawals and embargoes that
// end. The heads of sources are moved by the log, with the entry and its marks.
func (tx *Tx) updateViews(e press.Entry, before, after press.Article) error {
	for _, update := range []func(e press.Entry, before, after press.Article) error{
		tx.updatePictures,
		tx.updateFiles,
		tx.updateSections,
		tx.updatePositions,
		tx.updateIndex,
		tx.updateTags,
		tx.updateSitemap,
		tx.updateChanges,
	} {
		if err := update(e, before, after); err != nil {
			return err
		}
	}
	return nil
}

func public(a press.Article) bool { return a.State == press.Published }

// updatePictures serves the pictures of ours that an article names by their
// addresses, and no longer those that it named before. Whoever translates or puts
// back a text copies the addresses: each article shows its own, whatever becomes
// of the one that they were filed with.
func (tx *Tx) updatePictures(_ press.Entry, _, after press.Article) error {
	if !public(after) {
		return nil // what only a withdrawn article names is not served: see [Tx.PublicMedia]
	}
	if err := tx.db.Exec(dropMedia, after.ID, after.Revision); err != nil {
		return fmt.Errorf("forget the pictures that article %s showed: %w", after.ID, err)
	}
	for _, found := range ownPictures(after) {
		err := tx.db.Exec(`INSERT INTO media_articles (hash, article) SELECT hash, $1 FROM media WHERE hash = $2
			ON CONFLICT (hash, article) DO NOTHING`, after.ID, found.hash)
		if err != nil {
			return fmt.Errorf("note that article %s shows picture %s: %w", after.ID, found.hash, err)
		}
	}
	return nil
}

// updateSections lists an article in its section and in all above it.
func (tx *Tx) updateSections(_ press.Entry, before, after press.Article) error {
	if public(before) {
		err := tx.db.Exec(`DELETE FROM section_articles WHERE language = $1 AND published = $2 AND article = $3
			AND section IN (SELECT ancestor FROM section_ancestors WHERE section = $4)`,
			before.Language, kernel.Micros(before.Published), before.ID, before.Section)
		if err != nil {
			return fmt.Errorf("take article %s from its sections: %w", before.ID, err)
		}
	}
	if !public(after) {
		return nil
	}
	err := tx.db.Exec(`INSERT INTO section_articles (section, language, published, article, kind)
		SELECT ancestor, $1, CAST($2 AS BIGINT), $3, $5 FROM section_ancestors WHERE section = $4`,
		after.Language, kernel.Micros(after.Published), after.ID, after.Section, after.Kind)
	if err != nil {
		return fmt.Errorf("list article %s in section %d: %w", after.ID, after.Section, err)
	}
	return nil
}

// updatePositions gives an article the next position in the archives of its
// section and of all above it, the root's included, and marks all places that it
// has as changed, also those in sections that it has left. Where it has been
// before it keeps its position: a reader who has read on from there would not
// find another. A place that the article has left, or that has a correction with a
// note, is to tell its readers: see [Tx.Told].
func (tx *Tx) updatePositions(e press.Entry, before, after press.Article) error {
	if public(after) {
		err := tx.db.Exec(`INSERT INTO positions (section, language, position, article, joined, changed, withdrawn)
			SELECT sa.ancestor, $1, COALESCE((SELECT MAX(p.position) FROM positions p
					WHERE p.section = sa.ancestor AND p.language = $1), 0) + 1, $2, CAST($3 AS BIGINT), CAST($3 AS BIGINT), 0
			FROM section_ancestors sa WHERE sa.section = $4 AND NOT EXISTS (SELECT 1 FROM positions p
					WHERE p.article = $2 AND p.section = sa.ancestor AND p.language = $1)`,
			after.Language, after.ID, e.Seq, after.Section)
		if err != nil {
			return fmt.Errorf("give article %s its positions: %w", after.ID, err)
		}
	}
	if !public(before) {
		return nil
	}
	err := tx.db.Exec(`UPDATE positions SET changed = $1, withdrawn = $2, told = CASE
			WHEN CAST($2 AS BIGINT) > 0 THEN 0
			WHEN CAST($3 AS BIGINT) = 0 OR NOT EXISTS (SELECT 1 FROM section_articles sa
				WHERE sa.section = positions.section AND sa.language = positions.language AND sa.article = $4) THEN CAST($5 AS BIGINT)
			ELSE told END
		WHERE article = $4`,
		e.Seq, kernel.Micros(after.WithdrawnAt), kernel.Number(e.Minor), after.ID, kernel.Micros(e.At))
	if err != nil {
		return fmt.Errorf("mark the positions of article %s changed: %w", after.ID, err)
	}
	return nil
}

// updateIndex lets an article be found by its words: by readers, or at the desk once it was withdrawn.
func (tx *Tx) updateIndex(_ press.Entry, before, after press.Article) error {
	if public(before) {
		if err := tx.removeFromIndex(before.ID); err != nil {
			return err
		}
	}
	return tx.addToIndex(after)
}

// updateTags files an article under its tags, and tells the topics of those that
// this changed.
func (tx *Tx) updateTags(e press.Entry, _, after press.Article) error {
	if err := tx.markTags(e, after); err != nil {
		return err
	}
	return tx.log.MoveTagTopics(e, after.ID)
}

// updateSitemap marks the parts of the sitemap that list an article, or one that
// links to it as its translation, as changed.
func (tx *Tx) updateSitemap(e press.Entry, before, after press.Article) error {
	for _, group := range groupsOf(before, after) {
		if err := tx.db.Exec(markSitemap, SitemapPartLength, e.Seq, kernel.Micros(e.At), after.ID, group); err != nil {
			return fmt.Errorf("mark the sitemap of article %s changed: %w", after.ID, err)
		}
	}
	return nil
}

// place is a section in a language, whose pages and feeds change together.
type place struct {
	section press.SectionID
	lang    press.Language
}

// updateChanges marks everything that shows an article or links to it as changed:
// its own page and sections, and the pages of its translations with theirs. A
// correction and a withdrawal change every section in which the article has ever
// stood: whoever got it there is to learn of them there.
func (tx *Tx) updateChanges(e press.Entry, before, after press.Article) error {
	places := map[place]bool{{after.Section, after.Language}: true}
	if public(before) {
		places[place{before.Section, before.Language}] = true
	}
	for _, group := range groupsOf(before, after) {
		if err := tx.markGroup(e, after.ID, group, places); err != nil {
			return err
		}
	}
	for p := range places {
		if err := tx.log.Touch(e, p.section, p.lang); err != nil {
			return err
		}
	}
	if !public(before) {
		return nil
	}
	return tx.log.TouchPlaces(e, after)
}

// groupsOf are the translation groups that an article leaves and joins: mostly
// one.
func groupsOf(before, after press.Article) []press.ArticleID {
	if !public(before) || before.Group == after.Group {
		return []press.ArticleID{after.Group}
	}
	return []press.ArticleID{before.Group, after.Group}
}

// markGroup marks the pages of an article and of those that are public in a
// group as changed, and adds where these stand.
func (tx *Tx) markGroup(e press.Entry, id, group press.ArticleID, places map[place]bool) error {
	err := tx.db.Each(func(scan func(...any) error) error {
		var p place
		err := scan(&p.section, &p.lang)
		places[p] = true
		return err
	}, `SELECT section, language FROM articles WHERE translation_group = $1 AND state = 'published'`, group)
	if err != nil {
		return fmt.Errorf("read the group of article %s: %w", id, err)
	}
	err = tx.db.Exec(`UPDATE articles SET changed = $1 WHERE id = $2 OR (translation_group = $3 AND state = 'published')`, e.Seq, id, group)
	if err != nil {
		return fmt.Errorf("mark article %s changed: %w", id, err)
	}
	return nil
}

package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/press"
)

// Publish stores a draft as a new article. If its instant of publication has
// come (or none is given) the article is public with this transaction and the
// entry says where in the log; if it lies ahead, or if one is given while
// embargoes are held, the article is under embargo, no entry exists, and the
// returned entry is zero.
func (tx *Tx) Publish(d press.Draft) (press.Article, press.Entry, error) {
	if err := d.Check(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if err := tx.lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if err := tx.checkNew(d); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	digest := d.Digest()
	var err error
	if d.Images, err = tx.describe(d.Images); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	second := tx.now.Truncate(time.Second)
	ended := true
	if d.Published.IsZero() {
		d.Published, d.Precision = second, press.ToTheSecond
	} else if ended, err = tx.ended(d.Published); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	a := press.Article{
		ID: press.NewArticleID(), Published: d.Published.UTC().Truncate(time.Second), Precision: precisionOf(d),
		State: press.Embargoed, Silent: d.Silent, Revision: 1, Revised: second,
		Identity: d.Identity, SourceURL: d.SourceURL,
	}
	a.Updated = a.Published
	takeDraft(&a, d)
	group, err := tx.groupOf(d.TranslationOf, a)
	if err != nil {
		return a, press.Entry{}, err
	}
	a.Group = group
	if err := tx.insertArticle(a, digest); err != nil {
		return a, press.Entry{}, err
	}
	if !ended {
		return a, press.Entry{}, nil
	}
	return tx.makePublic(a)
}

// checkNew reports what the database knows against a new draft.
func (tx *Tx) checkNew(d press.Draft) error {
	if err := tx.checkOpen(d.Section); err != nil {
		return err
	}
	if d.Identity == "" {
		return nil
	}
	known, _, err := tx.ByIdentity(d.Identity)
	switch {
	case err == nil:
		return fmt.Errorf("%w: %s is stored already, as article %s", press.ErrConflict, d.Identity, known.ID)
	case errors.Is(err, press.ErrNotFound):
		return nil
	}
	return err
}

// precisionOf is the precision of a draft's date; one that is not given is an
// instant to the second.
func precisionOf(d press.Draft) press.Precision {
	if d.Precision == "" {
		return press.ToTheSecond
	}
	return d.Precision
}

// lock makes this transaction the one that appends next. It comes before the
// first read, or what was read could be old by the time of the append. Updates
// that share a commit share the lock: it is held until then.
func (tx *Tx) lock() error {
	if tx.locked {
		return nil
	}
	if err := tx.exec(`UPDATE log_head SET seq = seq WHERE id = 1`); err != nil {
		return fmt.Errorf("lock the log: %w", err)
	}
	tx.locked = true
	return nil
}

// groupOf finds the translation group that an article joins. One group has one
// article a language.
func (tx *Tx) groupOf(original press.ArticleID, a press.Article) (press.ArticleID, error) {
	if original == "" {
		return a.ID, nil
	}
	of, err := tx.Article(original)
	if err != nil {
		return "", fmt.Errorf("translation_of: %w", err)
	}
	return of.Group, tx.checkRoom(of.Group, a)
}

// checkRoom reports whether a group has another article in the same language.
func (tx *Tx) checkRoom(group press.ArticleID, a press.Article) error {
	var other press.ArticleID
	err := tx.row(`SELECT id FROM articles WHERE translation_group = $1 AND language = $2 AND id <> $3
		AND state IN ('embargoed', 'published')`, group, a.Language, a.ID).Scan(&other)
	switch {
	case err == nil:
		return fmt.Errorf("%w: article %s is this statement in %s already", press.ErrConflict, other, a.Language)
	case errors.Is(err, sql.ErrNoRows):
		return nil
	}
	return fmt.Errorf("read the group %s: %w", group, err)
}

func (tx *Tx) insertArticle(a press.Article, digest string) error {
	var identity any
	if a.Identity != "" {
		identity = a.Identity
	}
	err := tx.exec(`INSERT INTO articles (id, translation_group, section, language, state, silent, published,
			precision_of_date, revision, changed, identity, digest, source_url, withdrawn_at, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, 0, '')`,
		a.ID, a.Group, a.Section, a.Language, a.State, number(a.Silent), micros(a.Published),
		a.Precision, a.Revision, identity, digest, a.SourceURL)
	if err != nil {
		return fmt.Errorf("store article %s: %w", a.ID, err)
	}
	return tx.insertRevision(a, "", false)
}

func (tx *Tx) insertRevision(a press.Article, note string, minor bool) error {
	err := tx.exec(`INSERT INTO revisions (article, number, at, updated, minor, note, section, language, title, lead, body, images, tags)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		a.ID, a.Revision, micros(a.Revised), micros(a.Updated), number(minor), note,
		a.Section, a.Language, a.Title, a.Lead, a.Body, list(a.Images), list(a.Tags))
	if err != nil {
		return fmt.Errorf("store revision %d of article %s: %w", a.Revision, a.ID, err)
	}
	return tx.showNamed(a)
}

// makePublic appends the published entry and puts the article into its
// sections. The first revision is as old as its publication.
func (tx *Tx) makePublic(a press.Article) (press.Article, press.Entry, error) {
	a.State, a.Revised = press.Published, tx.now.Truncate(time.Second)
	e, err := tx.append(press.Entry{Kind: press.KindPublished, Article: a.ID, Revision: a.Revision, Silent: a.Silent})
	if err != nil {
		return a, e, err
	}
	err = tx.exec(`UPDATE articles SET state = $1 WHERE id = $2`, a.State, a.ID)
	if err == nil {
		err = tx.exec(`UPDATE revisions SET at = $1 WHERE article = $2 AND number = $3`, micros(a.Revised), a.ID, a.Revision)
	}
	if err != nil {
		return a, e, fmt.Errorf("publish article %s: %w", a.ID, err)
	}
	if err := tx.place(e, a); err != nil {
		return a, e, err
	}
	if err := tx.addToIndex(a); err != nil {
		return a, e, err
	}
	if err := tx.fileTags(e, a); err != nil {
		return a, e, err
	}
	a.Changed = e.Seq
	return a, e, tx.touchArticle(e, a)
}

// place lists a published article in its section and all above it.
func (tx *Tx) place(e press.Entry, a press.Article) error {
	err := tx.exec(`INSERT INTO section_articles (section, language, published, article)
		SELECT ancestor, $1, CAST($2 AS BIGINT), $3 FROM section_ancestors WHERE section = $4`,
		a.Language, micros(a.Published), a.ID, a.Section)
	if err != nil {
		return fmt.Errorf("list article %s in section %d: %w", a.ID, a.Section, err)
	}
	return tx.joinPositions(e, a)
}

// unplace takes an article, as it was listed, from its section and all above it.
func (tx *Tx) unplace(a press.Article) error {
	err := tx.exec(`DELETE FROM section_articles WHERE language = $1 AND published = $2 AND article = $3
		AND section IN (SELECT ancestor FROM section_ancestors WHERE section = $4)`,
		a.Language, micros(a.Published), a.ID, a.Section)
	if err != nil {
		return fmt.Errorf("take article %s from its sections: %w", a.ID, err)
	}
	return nil
}

// touchArticle marks everything that shows an article or links to it as
// changed: its own sections, and the pages of its translations with theirs.
func (tx *Tx) touchArticle(e press.Entry, a press.Article) error {
	type place struct {
		section press.SectionID
		lang    press.Language
	}
	places := map[place]bool{{a.Section, a.Language}: true}
	err := tx.each(func(scan func(...any) error) error {
		var p place
		err := scan(&p.section, &p.lang)
		places[p] = true
		return err
	}, `SELECT section, language FROM articles WHERE translation_group = $1 AND state = 'published'`, a.Group)
	if err != nil {
		return fmt.Errorf("read the group of article %s: %w", a.ID, err)
	}
	for p := range places {
		if err := tx.touch(e, p.section, p.lang); err != nil {
			return err
		}
	}
	err = tx.exec(`UPDATE articles SET changed = $1 WHERE id = $2 OR (translation_group = $3 AND state = 'published')`,
		e.Seq, a.ID, a.Group)
	if err != nil {
		return fmt.Errorf("mark article %s changed: %w", a.ID, err)
	}
	return tx.touchSitemap(e, a)
}

// Release makes public up to limit articles whose embargo has ended, in the
// order of their instants, and returns their entries.
func (tx *Tx) Release(limit int) ([]press.Entry, error) {
	if err := tx.lock(); err != nil {
		return nil, err
	}
	due, err := tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.state = 'embargoed' AND a.published <= $1 ORDER BY a.published, a.id LIMIT $2`, micros(tx.now), limit)
	if err != nil {
		return nil, err
	}
	var entries []press.Entry
	for _, a := range due {
		_, e, err := tx.makePublic(a)
		if err != nil {
			return nil, fmt.Errorf("release: %w", err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}

// Key looks up what was published under an idempotency key: the article and
// the digest of its draft. An unused key is press.ErrNotFound.
func (tx *Tx) Key(key string) (press.ArticleID, string, error) {
	var id press.ArticleID
	var digest string
	err := tx.row(`SELECT article, digest FROM publish_keys WHERE key = $1`, key).Scan(&id, &digest)
	if err != nil {
		return "", "", fmt.Errorf("read publishing key: %w", notFound(err, "%s is unused", key))
	}
	return id, digest, nil
}

// PublishOnce is [Tx.Publish] under an idempotency key: the same key with the
// same draft returns the article that exists; with another draft it is
// press.ErrConflict, and so is an article that was withdrawn since: who is told that
// it exists takes it to be public.
func (tx *Tx) PublishOnce(key string, d press.Draft) (press.Article, press.Entry, error) {
	if err := tx.lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	id, digest, err := tx.Key(key)
	switch {
	case errors.Is(err, press.ErrNotFound):
		a, e, err := tx.Publish(d)
		if err != nil {
			return a, e, err
		}
		if err := tx.exec(`INSERT INTO publish_keys (key, article, digest) VALUES ($1, $2, $3)`, key, a.ID, d.Digest()); err != nil {
			return a, e, fmt.Errorf("store publishing key: %w", err)
		}
		return a, e, nil
	case err != nil:
		return press.Article{}, press.Entry{}, err
	case !d.Is(digest):
		return press.Article{}, press.Entry{}, fmt.Errorf("%w: the key %s was used for another text, article %s", press.ErrConflict, key, id)
	}
	return tx.publishedBefore(key, id)
}

func (tx *Tx) publishedBefore(key string, id press.ArticleID) (press.Article, press.Entry, error) {
	a, err := tx.Article(id)
	if err != nil {
		return a, press.Entry{}, err
	}
	if a.State == press.Withdrawn || a.State == press.Cancelled {
		return a, press.Entry{}, fmt.Errorf("%w: the key %s was used for article %s, which is withdrawn since %s; if it is to be published again, use another key",
			press.ErrConflict, key, id, a.WithdrawnAt.Format(time.RFC3339))
	}
	entries, err := tx.EntriesOf(id)
	if err != nil || len(entries) == 0 {
		return a, press.Entry{}, err
	}
	return a, entries[0], nil
}

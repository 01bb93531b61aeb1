package newsdesk

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"communique/storage/internal/kernel"
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
	if err := tx.log.Lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if err := tx.checkNew(d); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	digest := cmp.Or(d.ReadAs, d.Digest())
	d, err := tx.dated(d)
	if err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if d.Images, err = tx.DescribeImages(d.Images); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	second := tx.db.Now().Truncate(time.Second)
	ended := true
	original, inherits, err := tx.inherited(d)
	if err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if inherits {
		// It goes out with the original, in one transaction, also if that is due.
		d.Published, d.Precision, d.Local, ended = original.Published, original.Precision, original.Local, false
	} else if d.Published.IsZero() {
		d.Published, d.Precision = second, press.ToTheSecond
	} else if ended, err = tx.ended(d.Published); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	a := press.Article{
		ID: press.NewArticleID(), Published: d.Published.UTC().Truncate(time.Second), Precision: precisionOf(d), Local: d.Local,
		State: press.Embargoed, Silent: d.Silent || inherits && original.Silent, Inherits: inherits, Held: inherits && original.Held, Revision: 1, Worded: 1, Agrees: 1, Revised: second,
		Identity: d.Identity, SourceURL: d.SourceURL, Reader: d.Reader,
	}
	a.Alone = d.Alone && d.TranslationOf != "" && !inherits
	a.Updated = a.Published
	a.Translates = d.TranslationOf
	takeDraft(&a, d)
	group, err := tx.groupOf(d.TranslationOf, a)
	if err != nil {
		return a, press.Entry{}, err
	}
	a.Group = group
	if err := tx.insertArticle(a, digest); err != nil {
		return a, press.Entry{}, err
	}
	if a, err = tx.heldAgainst(a); err != nil {
		return a, press.Entry{}, err
	}
	if err := tx.insertFiled(a.ID, press.Edition{Revision: 1, Draft: 1}, d.Document); err != nil {
		return a, press.Entry{}, err
	}
	if !ended {
		return a, press.Entry{}, tx.insertShingles(a)
	}
	return tx.makePublic(a)
}

// checkNew reports what the database knows against a new draft.
func (tx *Tx) checkNew(d press.Draft) error {
	if err := tx.CheckOpen(d.Section); err != nil {
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
	err := tx.db.Row(`SELECT id FROM articles WHERE translation_group = $1 AND language = $2 AND id <> $3
		AND state IN ('embargoed', 'published')`, group, a.Language, a.ID).Scan(&other)
	switch {
	case err == nil:
		return fmt.Errorf("%w: article %s is this statement in %s already: correct that one", press.ErrConflict, other, a.Language)
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
	err := tx.db.Exec(`INSERT INTO articles (id, translation_group, section, language, state, silent, published,
			precision_of_date, local, revision, changed, identity, digest, source_url, withdrawn_at, reason, inherits, held, alone, reader, translates, kind)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, $11, $12, $13, 0, '', $14, $15, $16, $17, $18, $19)`,
		a.ID, a.Group, a.Section, a.Language, a.State, kernel.Number(a.Silent), kernel.Micros(a.Published),
		a.Precision, a.Local, a.Revision, identity, digest, a.SourceURL, kernel.Number(a.Inherits), kernel.Number(a.Held), kernel.Number(a.Alone), a.Reader, a.Translates, a.Kind)
	if err != nil {
		return fmt.Errorf("store article %s: %w", a.ID, err)
	}
	return tx.insertRevision(a, "", false)
}

func (tx *Tx) insertRevision(a press.Article, note string, minor bool) error {
	if err := tx.checkMedia(a); err != nil {
		return err
	}
	err := tx.db.Exec(`INSERT INTO revisions (article, number, at, updated, minor, note, section, language, title, lead, body, images, tags,
			kind, place, contacts, notes_to_editors)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		a.ID, a.Revision, kernel.Micros(a.Revised), kernel.Micros(a.Updated), kernel.Number(minor), note,
		a.Section, a.Language, a.Title, a.Lead, a.Body, kernel.List(a.Images), kernel.List(a.Tags),
		a.Kind, a.Place, kernel.List(a.Contacts), kernel.List(a.NotesToEditors))
	if err != nil {
		return fmt.Errorf("store revision %d of article %s: %w", a.Revision, a.ID, err)
	}
	return tx.insertFingerprints(a)
}

// makePublic appends the published entry of a draft and shows it everywhere.
// The first revision is as old as its publication.
func (tx *Tx) makePublic(draft press.Article) (press.Article, press.Entry, error) {
	a := draft
	a.State, a.Inherits, a.Held, a.Alone, a.Together = press.Published, false, false, false, false
	a.Revised = tx.db.Now().Truncate(time.Second)
	e, err := tx.log.Append(press.Entry{Kind: press.KindPublished, Article: a.ID, Revision: a.Revision, Silent: a.Silent})
	if err != nil {
		return a, e, err
	}
	err = tx.db.Exec(`UPDATE articles SET state = $1, inherits = 0, held = 0, alone = 0, together = 0, seal = '' WHERE id = $2`, a.State, a.ID)
	if err == nil {
		err = tx.db.Exec(`UPDATE revisions SET at = $1 WHERE article = $2 AND number = $3`, kernel.Micros(a.Revised), a.ID, a.Revision)
	}
	if err != nil {
		return a, e, fmt.Errorf("publish article %s: %w", a.ID, err)
	}
	if err := tx.dropShingles(a.ID); err != nil {
		return a, e, err
	}
	a.Changed = e.Seq
	return a, e, tx.updateViews(e, draft, a)
}

// PublishKey looks up what was published under an idempotency key: the article and
// the digest of its draft. It returns press.ErrNotFound if the key is unused, or was used
// for a draft that was cancelled, of which nothing is left.
func (tx *Tx) PublishKey(key string) (press.ArticleID, string, error) {
	var id press.ArticleID
	var digest string
	err := tx.db.Row(`SELECT k.article, k.digest FROM publish_keys k JOIN articles a ON a.id = k.article
		WHERE k.key = $1 AND a.state <> 'cancelled'`, key).Scan(&id, &digest)
	if err != nil {
		return "", "", fmt.Errorf("read publishing key: %w", kernel.NotFound(err, "%s is unused", key))
	}
	return id, digest, nil
}

// PublishOnce is [Tx.Publish] under an idempotency key: the same key with the
// same draft returns the article that exists. It returns press.ErrConflict for
// another draft, and for an article that has been withdrawn since: a caller that
// is told that it exists takes it to be public. The key of a draft that was cancelled is
// free again.
func (tx *Tx) PublishOnce(key string, d press.Draft) (press.Article, press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	id, digest, err := tx.PublishKey(key)
	switch {
	case errors.Is(err, press.ErrNotFound):
		a, e, err := tx.Publish(d)
		if err != nil {
			return a, e, err
		}
		if err := tx.db.Exec(`INSERT INTO publish_keys (key, article, digest) VALUES ($1, $2, $3)
			ON CONFLICT (key) DO UPDATE SET article = excluded.article, digest = excluded.digest`, key, a.ID, d.Digest()); err != nil {
			return a, e, fmt.Errorf("store publishing key: %w", err)
		}
		return a, e, nil
	case err != nil:
		return press.Article{}, press.Entry{}, err
	}
	known, err := tx.Article(id)
	switch {
	case err != nil:
		return press.Article{}, press.Entry{}, err
	case !d.Is(digest, known):
		advice := "take another key, or correct that article"
		if known.State == press.Withdrawn {
			advice = "which was withdrawn: take another key"
		}
		return press.Article{}, press.Entry{}, fmt.Errorf("%w: the key %s was used for another text, article %s: %s", press.ErrConflict, key, id, advice)
	}
	return tx.publishedBefore(key, known)
}

func (tx *Tx) publishedBefore(key string, a press.Article) (press.Article, press.Entry, error) {
	if a.State == press.Withdrawn {
		return a, press.Entry{}, fmt.Errorf("%w: the key %s was used for article %s, which was withdrawn; if it is to be published again, use another key",
			press.ErrConflict, key, a.ID)
	}
	entries, err := tx.log.EntriesOf(a.ID)
	if err != nil || len(entries) == 0 {
		return a, press.Entry{}, err
	}
	return a, entries[0], nil
}

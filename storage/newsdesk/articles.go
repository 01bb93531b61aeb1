package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

const articleColumns = `a.id, a.translation_group, r.section, r.language, a.state, a.silent, a.published, a.precision_of_date, a.local, a.stamp,
	r.number, r.at, r.updated, a.changed, COALESCE(a.identity, ''), a.source_url, a.withdrawn_at, a.reason,
	r.title, r.lead, r.body, r.images, r.tags, r.kind, r.place, r.contacts, r.notes_to_editors, a.inherits, a.held, a.alone, a.reader, a.translates, a.worded, a.agrees, a.together`

func scanArticle(scan func(...any) error) (press.Article, error) {
	var a press.Article
	var inherits, held, alone, together, silent, published, stamp, revised, updated, withdrawn int64
	var images, tags, contacts, notes string
	err := scan(&a.ID, &a.Group, &a.Section, &a.Language, &a.State, &silent, &published, &a.Precision, &a.Local, &stamp,
		&a.Revision, &revised, &updated, &a.Changed, &a.Identity, &a.SourceURL, &withdrawn, &a.Reason,
		&a.Title, &a.Lead, &a.Body, &images, &tags, &a.Kind, &a.Place, &contacts, &notes, &inherits, &held, &alone, &a.Reader, &a.Translates, &a.Worded, &a.Agrees, &together)
	if err != nil {
		return a, err
	}
	a.Silent, a.Inherits, a.Held, a.Alone, a.Together = silent != 0, inherits != 0, held != 0, alone != 0, together != 0
	a.Stamp = kernel.Instant(stamp)
	a.Published, a.Revised, a.Updated, a.WithdrawnAt = kernel.Given(published), kernel.Given(revised), kernel.Given(updated), kernel.Instant(withdrawn)
	if err := kernel.Unlist(images, &a.Images); err != nil {
		return a, fmt.Errorf("images of article %s: %w", a.ID, err)
	}
	if err := kernel.Unlist(tags, &a.Tags); err != nil {
		return a, fmt.Errorf("tags of article %s: %w", a.ID, err)
	}
	if err := kernel.Unlist(contacts, &a.Contacts); err != nil {
		return a, fmt.Errorf("contacts of article %s: %w", a.ID, err)
	}
	if err := kernel.Unlist(notes, &a.NotesToEditors); err != nil {
		return a, fmt.Errorf("notes to editors of article %s: %w", a.ID, err)
	}
	return a, nil
}

func (tx *Tx) articles(query string, args ...any) ([]press.Article, error) {
	var all []press.Article
	err := tx.db.Each(func(scan func(...any) error) error {
		a, err := scanArticle(scan)
		all = append(all, a)
		return err
	}, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	return all, nil
}

// Article reads an article in its newest revision, whatever its state: this is
// the editor's view. It returns press.ErrNotFound if there is no such article.
func (tx *Tx) Article(id press.ArticleID) (press.Article, error) {
	a, err := scanArticle(tx.db.Row(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision WHERE a.id = $1`, id).Scan)
	if err != nil {
		return a, fmt.Errorf("read article: %w", kernel.NotFound(err, "there is no article %s", id))
	}
	return a, nil
}

// PublicArticle reads an article as the public may see it. For one that is under
// embargo it returns press.ErrNotFound with the very text of an unknown id, and after
// no more work, so that its existence does not show; for a withdrawn one
// *press.WithdrawnError.
func (tx *Tx) PublicArticle(id press.ArticleID) (press.Article, error) {
	a, err := scanArticle(tx.db.Row(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.id = $1 AND a.state IN ('published', 'withdrawn')`, id).Scan)
	switch {
	case err != nil:
		return press.Article{}, fmt.Errorf("read article: %w", kernel.NotFound(err, "there is no article %s", id))
	case a.State == press.Withdrawn:
		return press.Article{}, &press.WithdrawnError{ID: id, Language: a.Language, At: a.WithdrawnAt, Reason: a.Reason}
	}
	return a, nil
}

// ArticleAt reads an article as one of its revisions says it. It returns
// press.ErrNotFound if there is none, or its wording was hidden.
func (tx *Tx) ArticleAt(id press.ArticleID, revision int) (press.Article, error) {
	hidden, err := tx.db.Any(`SELECT 1 FROM revisions WHERE article = $1 AND number = $2 AND hidden = 1`, id, revision)
	if err == nil && hidden {
		err = fmt.Errorf("%w: article %s has no revision %d", press.ErrNotFound, id, revision)
	}
	if err != nil {
		return press.Article{}, fmt.Errorf("read article: %w", err)
	}
	return tx.WordingAt(id, revision)
}

// WordingAt is [Tx.ArticleAt] for editors: it reads also what was hidden.
func (tx *Tx) WordingAt(id press.ArticleID, revision int) (press.Article, error) {
	a, err := scanArticle(tx.db.Row(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id WHERE a.id = $1 AND r.number = $2`, id, revision).Scan)
	if err != nil {
		return a, fmt.Errorf("read article: %w", kernel.NotFound(err, "article %s has no revision %d", id, revision))
	}
	return a, nil
}

// ByIdentity reads the article that was imported under an identity, and the
// digest of the draft that it came from.
func (tx *Tx) ByIdentity(identity string) (press.Article, string, error) {
	var id press.ArticleID
	var digest string
	err := tx.db.Row(`SELECT id, digest FROM articles WHERE identity = $1`, identity).Scan(&id, &digest)
	if err != nil {
		return press.Article{}, "", fmt.Errorf("read article: %w", kernel.NotFound(err, "identity %s", identity))
	}
	a, err := tx.Article(id)
	return a, digest, err
}

// ImportedAt reads the articles with a date of publication that were imported and are
// known by their content alone, at most as many as limit.
func (tx *Tx) ImportedAt(published time.Time, limit int) ([]press.Article, error) {
	return tx.imported(`a.identity LIKE 'sha256:%'`, published, limit)
}

// ImportedFrom is [Tx.ImportedAt] of those that are known by their addresses.
func (tx *Tx) ImportedFrom(published time.Time, limit int) ([]press.Article, error) {
	return tx.imported(`a.identity LIKE 'http%'`, published, limit)
}

func (tx *Tx) imported(identity string, published time.Time, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.published = $1 AND a.silent = 1 AND `+identity+` ORDER BY a.id LIMIT $2`, kernel.Micros(published), limit)
}

// Place is a position in a list that is ordered by publication, newest first.
type Place struct {
	Published time.Time
	ID        press.ArticleID
}

// PlaceOf is where an article stands in such a list.
func PlaceOf(a press.Article) Place { return Place{a.Published, a.ID} }

// start is the place before the newest article.
func start() Place {
	return Place{time.UnixMicro(1 << 62), "~"}
}

// Newest reads up to limit published articles of a section's subtree in a
// language, newest first, after a place; the zero place is the start.
func (tx *Tx) Newest(section press.SectionID, lang press.Language, after Place, limit int) ([]press.Article, error) {
	if after.ID == "" {
		after = start()
	}
	return tx.articles(`SELECT `+articleColumns+` FROM section_articles s
		JOIN articles a ON a.id = s.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE s.section = $1 AND s.language = $2 AND (s.published, s.article) < ($3, $4)
		ORDER BY s.published DESC, s.article DESC LIMIT $5`,
		section, lang, kernel.Micros(after.Published), after.ID, limit)
}

// Newer reads up to limit published articles right before a place, in
// the order of [Tx.Newest].
func (tx *Tx) Newer(section press.SectionID, lang press.Language, before Place, limit int) ([]press.Article, error) {
	return tx.articles(`SELECT `+articleColumns+` FROM (
			SELECT published, article FROM section_articles
			WHERE section = $1 AND language = $2 AND (published, article) > ($3, $4)
			ORDER BY published, article LIMIT $5) s
		JOIN articles a ON a.id = s.article
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		ORDER BY s.published DESC, s.article DESC`,
		section, lang, kernel.Micros(before.Published), before.ID, limit)
}

// All reads up to limit articles in every state, newest first, after a
// place: the editor's list.
func (tx *Tx) All(after Place, limit int) ([]press.Article, error) {
	if after.ID == "" {
		after = start()
	}
	return tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE (a.published, a.id) < ($1, $2) ORDER BY a.published DESC, a.id DESC LIMIT $3`,
		kernel.Micros(after.Published), after.ID, limit)
}

// CountListed counts the articles that a section lists in all languages, with
// those below it, up to limit.
func (tx *Tx) CountListed(section press.SectionID, limit int) (int, error) {
	var n int
	err := tx.db.Row(`SELECT COUNT(*) FROM (SELECT 1 FROM section_articles WHERE section = $1 LIMIT $2) listed`, section, limit).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count the articles of section %d: %w", section, err)
	}
	return n, nil
}

// CountPublished is the number of articles that are public.
func (tx *Tx) CountPublished() (int, error) {
	var n int
	if err := tx.db.Row(`SELECT COUNT(*) FROM articles WHERE state = $1`, press.Published).Scan(&n); err != nil {
		return 0, fmt.Errorf("count articles: %w", err)
	}
	return n, nil
}

// Translations reads the published articles of a group, in the order of their
// languages, the article itself included.
func (tx *Tx) Translations(group press.ArticleID) ([]press.Translation, error) {
	var all []press.Translation
	err := tx.db.Each(func(scan func(...any) error) error {
		var t press.Translation
		err := scan(&t.ID, &t.Language, &t.Title)
		all = append(all, t)
		return err
	}, `SELECT a.id, r.language, r.title FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.translation_group = $1 AND a.state = $2 ORDER BY r.language, a.id`, group, press.Published)
	if err != nil {
		return nil, fmt.Errorf("read translations of %s: %w", group, err)
	}
	return all, nil
}

// History reads an article's revisions up to one, oldest first. A revision whose wording
// is hidden has no note: what was corrected then may be what nobody is to read again.
func (tx *Tx) History(id press.ArticleID, upTo int) ([]press.Revision, error) {
	all, err := tx.NotedHistory(id, upTo)
	for i := range all {
		if all[i].Hidden {
			all[i].Note = ""
		}
	}
	return all, err
}

// NotedHistory is [Tx.History] for editors: it has also the notes that were hidden.
func (tx *Tx) NotedHistory(id press.ArticleID, upTo int) ([]press.Revision, error) {
	var all []press.Revision
	err := tx.db.Each(func(scan func(...any) error) error {
		var r press.Revision
		var at, minor, hidden int64
		err := scan(&r.Number, &at, &r.Note, &minor, &hidden)
		r.At, r.Minor, r.Hidden = kernel.Instant(at), minor != 0, hidden != 0
		all = append(all, r)
		return err
	}, `SELECT number, at, note, minor, hidden FROM revisions WHERE article = $1 AND number <= $2 ORDER BY number`, id, upTo)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", id, err)
	}
	return all, nil
}

package newsdesk

import (
	"errors"
	"fmt"
	"strings"

	"communique/storage/internal/kernel"
	"communique/storage/internal/textindex"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/terms"
)

// TextFields are the fields of text, what weighs most first.
var TextFields = textindex.Text

// Two indexes have articles: what readers search has the public ones and nothing else, and that
// of the desk those that were withdrawn. An article under embargo is in none.
var (
	publicIndex    = textindex.Index{Terms: "search_terms", Documents: "search_documents", Of: "article"}
	withdrawnIndex = textindex.Index{Terms: "search_withdrawn_terms", Documents: "search_withdrawn", Of: "article"}
)

// indexOf is the index that has articles of a state, if one has.
func indexOf(state press.State) (in textindex.Index, ok bool) {
	switch state {
	case press.Published:
		return publicIndex, true
	case press.Withdrawn:
		return withdrawnIndex, true
	}
	return in, false
}

// addToIndex lets an article be found that is public, or was: by readers, or at the desk.
func (tx *Tx) addToIndex(a press.Article) error {
	in, ok := indexOf(a.State)
	if !ok {
		return nil
	}
	tags, text := Words(a)
	var author string
	err := tx.db.Row(`SELECT author FROM articles WHERE id = $1`, a.ID).Scan(&author)
	if err == nil {
		err = tx.index.In(tx.db, in).Add(a.ID, a.Published, textindex.Fields{
			Title: terms.Index(a.Title), Lead: terms.Index(a.Lead), Tags: terms.Index(tags), Body: terms.Index(text),
			Filed: textindex.Kept(textindex.Section(a.Section), textindex.Author(author), textindex.Kind(a.Kind), textindex.Language(a.Language)),
		})
	}
	if err != nil {
		return fmt.Errorf("index article %s: %w", a.ID, err)
	}
	return nil
}

// Words are what an article is found by beside its title and lead: its tags, as a text in which no two
// of them make a phrase; and below the lead its text, and what stands beside that.
func Words(a press.Article) (tags, text string) {
	var said strings.Builder
	said.WriteString(richtext.Text(a.Body))
	for _, l := range a.Lines() {
		said.WriteString("\n" + l.Text)
	}
	return strings.Join(a.Tags, " / "), said.String()
}

// Says tells whether an article says what is looked for, as an index would.
func Says(a press.Article, q terms.Query) bool {
	tags, text := Words(a)
	return q.In(a.Title, a.Lead, tags, text)
}

// removeFromIndex lets an article be found no more.
func (tx *Tx) removeFromIndex(id press.ArticleID) error {
	for _, in := range []textindex.Index{publicIndex, withdrawnIndex} {
		if err := tx.index.In(tx.db, in).Remove(id, textindex.Fields{}); err != nil {
			return fmt.Errorf("take article %s out of the index: %w", id, err)
		}
	}
	return nil
}

// MergeArticleIndexes puts a little of the indexes of articles together, and tells whether that was
// anything.
func (tx *Tx) MergeArticleIndexes() (did bool, err error) {
	return tx.index.MergeOne(tx.db, publicIndex, withdrawnIndex)
}

// IndexBacklog takes up to limit articles into the index that were public
// before there was one, the newest first, and tells how many it took: fewer
// than limit when all are in.
func (tx *Tx) IndexBacklog(limit int) (taken int, err error) {
	// Nobody withdraws an article between its reading and its indexing.
	if err := tx.log.Lock(); err != nil {
		return 0, err
	}
	from, err := tx.backlog()
	if errors.Is(err, press.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	batch, err := tx.articles(`SELECT `+articleColumns+` FROM articles a
		JOIN revisions r ON r.article = a.id AND r.number = a.revision
		WHERE a.state IN ('published', 'withdrawn') AND (a.published, a.id) < ($1, $2)
		AND NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.article = a.id)
		AND NOT EXISTS (SELECT 1 FROM search_withdrawn d WHERE d.article = a.id)
		ORDER BY a.published DESC, a.id DESC LIMIT $3`, kernel.Micros(from.Published), from.ID, limit)
	if err != nil {
		return 0, err
	}
	for _, a := range batch {
		if err := tx.addToIndex(a); err != nil {
			return 0, err
		}
	}
	if len(batch) < limit {
		err = tx.db.Exec(`DELETE FROM search_backlog`)
	} else {
		last := batch[len(batch)-1]
		err = tx.db.Exec(`UPDATE search_backlog SET published = $1, article = $2 WHERE id = 1`, kernel.Micros(last.Published), last.ID)
	}
	if err != nil {
		return 0, fmt.Errorf("move the backlog of the index: %w", err)
	}
	return len(batch), nil
}

// IndexIsPartial reports whether articles that were public before there was an
// index are still to be taken in.
func (tx *Tx) IndexIsPartial() (bool, error) {
	_, err := tx.backlog()
	if errors.Is(err, press.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// backlog is the place after which articles may be missing from the index. It
// returns press.ErrNotFound if none are.
func (tx *Tx) backlog() (Place, error) {
	var from Place
	var published int64
	err := tx.db.Row(`SELECT published, article FROM search_backlog WHERE id = 1`).Scan(&published, &from.ID)
	from.Published = kernel.Given(published)
	if err != nil {
		return from, fmt.Errorf("read the backlog of the index: %w", kernel.NotFound(err, "nothing is missing"))
	}
	return from, nil
}

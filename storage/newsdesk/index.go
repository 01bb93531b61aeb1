package newsdesk

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
	"communique/storage/richtext"
	"communique/storage/terms"
)

// TextIndex is how an engine finds terms: one document for each public
// article, in five fields (those of [TextFields], and filed for what is filtered
// by), each a text of terms separated by spaces.
type TextIndex struct {
	// Add stores a document.
	Add func(id int64, fields Fields) []Statement
	// Remove forgets document $1.
	Remove string
	// Find returns the ids of up to limit documents that match, from one id up to
	// but not including another, the highest first.
	Find func(match TextMatch, from, below int64, limit int) Statement
}

// Fields are the terms of a document by field.
type Fields struct{ Title, Lead, Tags, Body, Filed string }

// Statement is SQL and its arguments.
type Statement struct {
	SQL  string
	Args []any
}

// TextMatch is a condition on documents.
type TextMatch struct {
	Query terms.Query
	// Fields must say every phrase of the query between them, and no field of
	// text may say what the query excludes.
	Fields []string
	// Without leaves out what these fields say by themselves, if there are any.
	Without []string
	// Filed are groups of terms, of each of which filed must have one.
	Filed [][]string
}

// TextFields are the fields of text, what weighs most first.
var TextFields = []string{"title", "lead", "tags", "body"}

// addToIndex lets an article that becomes public be found.
func (tx *Tx) addToIndex(a press.Article) error {
	id, err := tx.freeDocument(a.Published)
	if err == nil {
		err = tx.db.Exec(`INSERT INTO search_documents (id, article) VALUES ($1, $2)`, id, a.ID)
	}
	if err == nil {
		for _, s := range tx.index.Add(id, Fields{
			Title: terms.Index(a.Title), Lead: terms.Index(a.Lead), Tags: terms.Index(strings.Join(a.Tags, " / ")),
			Body: terms.Index(indexed(a)), Filed: languageTerm(a.Language) + " " + sectionTerm(a.Section),
		}) {
			err = cmp.Or(err, tx.db.Exec(s.SQL, s.Args...))
		}
	}
	if err != nil {
		return fmt.Errorf("index article %s: %w", a.ID, err)
	}
	return nil
}

// indexed is what an article says below its lead: its text, and what stands beside that.
func indexed(a press.Article) string {
	var text strings.Builder
	text.WriteString(richtext.Text(a.Body))
	for _, l := range a.Lines() {
		text.WriteString("\n" + l.Text)
	}
	return text.String()
}

// removeFromIndex lets an article be found no more.
func (tx *Tx) removeFromIndex(id press.ArticleID) error {
	var documents []int64 // at most one
	err := tx.db.Each(func(scan func(...any) error) error {
		var document int64
		err := scan(&document)
		documents = append(documents, document)
		return err
	}, `DELETE FROM search_documents WHERE article = $1 RETURNING id`, id)
	for _, document := range documents {
		err = cmp.Or(err, tx.db.Exec(tx.index.Remove, document))
	}
	if err != nil {
		return fmt.Errorf("take article %s out of the index: %w", id, err)
	}
	return nil
}

// perSecond is how many documents have room in the ids of one second; further
// ones go into the next.
const perSecond = 1 << 16

// documentID is the first id of a second. Ids rise with the date of
// publication, so that an engine finds the newest first and a stretch of time
// without looking at the others.
func documentID(t time.Time) int64 {
	seconds := t.Unix() - time.Time{}.Unix() // of the year 1, so that none is negative
	return seconds * perSecond
}

func (tx *Tx) freeDocument(published time.Time) (int64, error) {
	for first := documentID(published); ; first += perSecond {
		var next int64
		err := tx.db.Row(`SELECT COALESCE(MAX(id) + 1, CAST($1 AS BIGINT)) FROM search_documents WHERE id >= $1 AND id < $2`,
			first, first+perSecond).Scan(&next)
		if err != nil || next < first+perSecond {
			return next, err
		}
	}
}

func sectionTerm(id press.SectionID) string { return fmt.Sprintf("s%d", id) }

// languageTerm is a tag as one term: "lzhhant".
func languageTerm(lang press.Language) string {
	return "l" + strings.ReplaceAll(strings.ToLower(string(lang)), "-", "")
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
		WHERE a.state = 'published' AND (a.published, a.id) < ($1, $2)
		AND NOT EXISTS (SELECT 1 FROM search_documents d WHERE d.article = a.id)
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

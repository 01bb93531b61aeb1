package newsdesk

import (
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/press"
)

// Rendition is the type of object as which articles go out.
type Rendition string

// The renditions.
const (
	// AsNote is title, lead and link, which every server shows in full.
	AsNote Rendition = "note"
	// AsArticle is the article whole, of which some servers show the summary only.
	AsArticle Rendition = "article"
)

// SetRendition says as what articles go out from here on. What is out keeps
// its type: receivers refuse an object that changes it.
func (tx *Tx) SetRendition(r Rendition) error {
	head, err := tx.log.Head()
	if err != nil {
		return err
	}
	now, err := tx.renditionAt(head.Seq + 1)
	if err != nil || now == r {
		return err
	}
	err = tx.db.Exec(`INSERT INTO renditions (after, rendition) VALUES ($1, $2)
		ON CONFLICT (after) DO UPDATE SET rendition = excluded.rendition`, head.Seq, r)
	if err != nil {
		return fmt.Errorf("store the rendition: %w", err)
	}
	return nil
}

// Rendition is the type as which an article is out: that of its first
// publication. An article that is not out has that of the next entry.
func (tx *Tx) Rendition(id press.ArticleID) (Rendition, error) {
	var published press.Seq
	err := tx.db.Row(`SELECT COALESCE(MIN(seq), (SELECT seq + 1 FROM log_head WHERE id = 1)) FROM entries WHERE article = $1`, id).Scan(&published)
	if err != nil {
		return "", fmt.Errorf("read the publication of article %s: %w", id, err)
	}
	return tx.renditionAt(published)
}

func (tx *Tx) renditionAt(seq press.Seq) (Rendition, error) {
	var r Rendition
	err := tx.db.Row(`SELECT rendition FROM renditions WHERE after < $1 ORDER BY after DESC LIMIT 1`, seq).Scan(&r)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return AsNote, nil
	case err != nil:
		return "", fmt.Errorf("read the rendition of entry %d: %w", seq, err)
	}
	return r, nil
}

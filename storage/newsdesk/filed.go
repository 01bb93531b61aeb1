package newsdesk

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Filed reads the document that an article's newest revision was filed as, whatever
// the state of the article, and which edition that is. What was imported, or filed by
// a program up to version 0.4, has no document. It returns press.ErrNotFound if there
// is no such article.
func (tx *Tx) Filed(id press.ArticleID) (press.Edition, []byte, error) {
	a, err := tx.Article(id)
	if err != nil {
		return press.Edition{}, nil, err
	}
	edition := press.Edition{Revision: a.Revision, Draft: 1}
	var document []byte
	err = tx.db.Row(`SELECT draft, document FROM filed WHERE article = $1 AND revision = $2`, id, a.Revision).Scan(&edition.Draft, &document)
	if err = kernel.NotFound(err, "article %s has no document", id); err != nil && !errors.Is(err, press.ErrNotFound) {
		return edition, nil, fmt.Errorf("read the document of article %s: %w", id, err)
	}
	return edition, document, nil
}

// FiledAt reads the document that an earlier revision of an article was filed as. It returns
// press.ErrNotFound if there is none, or its wording was hidden.
func (tx *Tx) FiledAt(id press.ArticleID, revision int) (press.Edition, []byte, error) {
	edition := press.Edition{Revision: revision}
	if _, err := tx.ArticleAt(id, revision); err != nil {
		return edition, nil, err
	}
	var document []byte
	err := tx.db.Row(`SELECT draft, document FROM filed WHERE article = $1 AND revision = $2`, id, revision).Scan(&edition.Draft, &document)
	if err != nil || len(document) == 0 {
		err = fmt.Errorf("read the document of revision %d: %w", revision, kernel.NotFound(cmp.Or(err, sql.ErrNoRows), "article %s has none for it", id))
	}
	return edition, document, err
}

// insertFiled keeps the document of a revision.
func (tx *Tx) insertFiled(id press.ArticleID, edition press.Edition, document []byte) error {
	if document == nil {
		document = []byte{} // a database knows the difference
	}
	err := tx.db.Exec(`INSERT INTO filed (article, revision, draft, document) VALUES ($1, $2, $3, $4)`,
		id, edition.Revision, edition.Draft, document)
	if err != nil {
		return fmt.Errorf("keep the document of article %s: %w", id, err)
	}
	return nil
}

// dropFiled forgets all documents of an article.
func (tx *Tx) dropFiled(id press.ArticleID) error {
	if err := tx.db.Exec(`DELETE FROM filed WHERE article = $1`, id); err != nil {
		return fmt.Errorf("forget the documents of article %s: %w", id, err)
	}
	return nil
}

package newsdesk

import (
	"fmt"

	"communique/storage/press"
)

// cancel ends a draft. Nothing stays of what it said, its pictures and files included: only that
// it was, so that its id is not taken for a new one.
func (tx *Tx) cancel(a *press.Article) error {
	if err := tx.endArticle(a, press.Cancelled, "", tx.db.Now()); err != nil {
		return err
	}
	pictures, files := ownPictures(*a), linkedFiles(a.Body)
	a.Title, a.Lead, a.Body, a.Images, a.Tags, a.SourceURL = "", "", "", nil, nil, ""
	a.Particulars = press.Particulars{}
	for _, statement := range []string{
		`UPDATE revisions SET title = '', lead = '', body = '', images = '[]', tags = '[]', note = '',
			kind = '', place = '', contacts = '[]', notes_to_editors = '[]' WHERE article = $1`,
		`UPDATE articles SET digest = '', source_url = '', kind = '', together = 0, seal = '' WHERE id = $1`,
		`UPDATE publish_keys SET digest = '' WHERE article = $1`,
	} {
		if err := tx.db.Exec(statement, a.ID); err != nil {
			return fmt.Errorf("forget draft %s: %w", a.ID, err)
		}
	}
	if err := tx.dropFiled(a.ID); err != nil {
		return err
	}
	if err := tx.dropFingerprints(a.ID); err != nil {
		return err
	}
	if err := tx.dropPictures(pictures); err != nil {
		return err
	}
	return tx.dropFiles(files)
}

// dropPictures forgets pictures that a draft showed and no text shows any more.
func (tx *Tx) dropPictures(pictures []ownPicture) error {
	for _, p := range pictures {
		shown, err := tx.db.Any(`SELECT 1 FROM revisions WHERE images LIKE '%' || $1 || '%' OR body LIKE '%' || $1 || '%'
			UNION ALL SELECT 1 FROM media_articles WHERE hash = $1`, p.hash)
		if err != nil {
			return fmt.Errorf("look for who shows picture %s: %w", p.hash, err)
		}
		if shown {
			continue
		}
		var sizes []string
		err = tx.db.Each(func(scan func(...any) error) error {
			var hash string
			err := scan(&hash)
			sizes = append(sizes, hash)
			return err
		}, `SELECT hash FROM media_sizes WHERE parent = $1`, p.hash)
		if err == nil {
			err = tx.db.Exec(`DELETE FROM media_sizes WHERE parent = $1`, p.hash)
		}
		for _, hash := range append(sizes, p.hash) {
			for _, table := range []string{string(mediaChunks), "media"} {
				if err == nil {
					// Two pictures may have a size in common.
					err = tx.db.Exec(`DELETE FROM `+table+` WHERE hash = $1 AND NOT EXISTS (SELECT 1 FROM media_sizes WHERE hash = $1 OR parent = $1)`, hash)
				}
			}
		}
		if err != nil {
			return fmt.Errorf("forget picture %s: %w", p.hash, err)
		}
	}
	return nil
}

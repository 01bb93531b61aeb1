package migrations

import (
	"encoding/json"
	"fmt"

	"communique/storage/fingerprint"
)

// worded is a revision as fillFingerprints reads it.
type worded struct {
	fingerprint.Wording

	article, state string
	revision       int
	hidden         bool
}

// fillFingerprints makes the numbers of what is there: neither the words of a text nor a
// digest is anything that SQL can make. It belongs to the last step that has them made anew,
// since the package fingerprint knows no others than those of its time.
func fillFingerprints(tx Tx) error {
	for article, revision := "", 0; ; {
		var batch []worded
		err := tx.Each(func(scan func(...any) error) error {
			var w worded
			var images string
			var hidden int
			err := scan(&w.article, &w.state, &w.revision, &hidden, &w.Title, &w.Lead, &w.Body, &images)
			if err == nil {
				err = json.Unmarshal([]byte(images), &w.Images)
			}
			w.hidden = hidden != 0
			batch = append(batch, w)
			return err
		}, `SELECT a.id, a.state, r.number, r.hidden, r.title, r.lead, r.body, r.images FROM revisions r JOIN articles a ON a.id = r.article
			WHERE (r.article, r.number) > ($1, $2) AND a.state <> 'cancelled' ORDER BY r.article, r.number LIMIT $3`, article, revision, fillBatch)
		if err != nil {
			return fmt.Errorf("read what articles say: %w", err)
		}
		for _, w := range batch {
			article, revision = w.article, w.revision
			if err := w.store(tx); err != nil {
				return fmt.Errorf("store what article %s says: %w", w.article, err)
			}
			tx.Filled()
		}
		if len(batch) < fillBatch {
			return nil
		}
	}
}

func (w worded) store(tx Tx) error {
	for _, digest := range append(w.Titled(), w.Text()...) {
		err := tx.Exec(`INSERT INTO fingerprints (digest, article, revision) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, digest, w.article, w.revision)
		if err != nil {
			return err
		}
	}
	if w.state == "published" && !w.hidden {
		return nil
	}
	for _, shingle := range w.Shingles() {
		err := tx.Exec(`INSERT INTO shingles (shingle, article, revision) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, shingle, w.article, w.revision)
		if err != nil {
			return err
		}
	}
	return nil
}

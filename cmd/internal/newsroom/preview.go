package newsroom

import (
	"context"

	"communique/storage"
)

// Preview rehearses what publishing documents would do, as [Desk.FileSet] does it, or a
// correction if the one document says which article it was made of, and hands show the
// articles as they will be when they are public: what it reads in the transaction is what
// readers will read. It leaves nothing.
func (d Desk) Preview(ctx context.Context, docs []Document, f Filing, c Correction, show func(*storage.Tx, []Result) error) (all []Result, err error) {
	err = d.Rehearse(ctx, func(d Desk) error {
		if len(docs) == 1 && docs[0].Article != "" {
			r, err := d.Correct(ctx, docs[0].Article, docs[0], c)
			if err != nil {
				return err
			}
			all = []Result{r}
		} else if all, err = d.FileSet(ctx, docs, f); err != nil {
			return err
		}
		return d.update(ctx, func(tx *storage.Tx) error {
			for _, r := range all {
				if err := tx.LookAhead(r.Article.ID); err != nil {
					return err
				}
			}
			return show(tx, all)
		})
	})
	return all, err
}

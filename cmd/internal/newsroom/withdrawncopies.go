package newsroom

import (
	"context"
	"errors"
	"fmt"
	"time"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/manuscripts"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// contents are the contents of files beside manuscripts, by the hashes under which they would
// be served: a picture is cleaned before, and has another one then.
type contents map[string][]string

// reading reads by a transaction.
type reading func(func(*storage.Tx) error) error

// contentsBeside reads the files beside the manuscripts of articles and beside those that are
// open. It takes up to seconds for each picture and belongs before the transaction that
// withdraws one.
func contentsBeside(read reading, uses []newsdesk.MediaUse) (contents, error) {
	around := []press.ArticleID{""} // those that are open
	for _, use := range uses {
		around = append(around, use.Article.ID)
	}
	files := map[string]manuscripts.Beside{}
	for _, article := range around {
		err := read(func(tx *storage.Tx) error {
			found, err := tx.FilesAround(article)
			for _, f := range found {
				files[f.Hash] = f
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	all := contents{}
	for _, f := range files {
		var content []byte
		err := read(func(tx *storage.Tx) (err error) {
			content, err = tx.FileOf(f.Manuscript, f.Name)
			return err
		})
		if err := ifFound(err); err != nil { // it was taken away meanwhile
			return nil, err
		}
		for _, hash := range servedAs(content) {
			all[hash] = append(all[hash], f.Hash)
		}
	}
	return all, nil
}

// servedAs are the hashes under which a file would be served: as it is, and as a picture.
func servedAs(content []byte) []string {
	hashes := []string{newsdesk.HashOf(content)}
	if m, err := newsdesk.NewMedia(content); err == nil && m.Hash != hashes[0] {
		hashes = append(hashes, m.Hash)
	}
	return hashes
}

// drop leaves nothing beside any manuscript of what was withdrawn.
func (c contents) drop(tx *storage.Tx, withdrawn string) error {
	for _, content := range c[withdrawn] {
		if err := tx.DropContent(content); err != nil {
			return err
		}
	}
	return nil
}

// withdrawReplayed withdraws what a journal tells of, if it is here.
func withdrawReplayed(tx *storage.Tx, w journal.Withdrew) error {
	uses, err := tx.MediaUses(w.Hash)
	if err != nil {
		return err
	}
	beside, err := contentsBeside(func(fn func(*storage.Tx) error) error { return fn(tx) }, uses)
	if err != nil {
		return err
	}
	done, err := tx.WithdrawMedia(w.Hash, w.Note)
	if err != nil {
		return err
	}
	return beside.drop(tx, done.Hash)
}

// refuseWithdrawn refuses files that were withdrawn. It belongs before the transaction that
// keeps them.
func (d Desk) refuseWithdrawn(ctx context.Context, files []Enclosure) error {
	if len(files) == 0 {
		return nil
	}
	some := false
	err := d.view(ctx, func(tx *storage.Tx) error {
		withdrawn, err := tx.WithdrawnMediaList(tx.Now().AddDate(1, 0, 0), 1)
		some = len(withdrawn) > 0
		return err
	})
	if err != nil || !some {
		return err
	}
	for _, f := range files {
		for _, hash := range servedAs(f.Content) {
			err := d.view(ctx, func(tx *storage.Tx) error { return tx.CheckContent(hash) })
			if barred, is := errors.AsType[*newsdesk.BarredError](err); is {
				return fmt.Errorf("%w file: %s was withdrawn on %s, and is not taken again: leave it out", press.ErrInvalid, f.Name, barred.At.UTC().Format(time.DateOnly))
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

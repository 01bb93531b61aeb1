package newsroom

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"communique/storage"
	"communique/storage/press"
)

// hiddenSince reads of which articles wordings were hidden after a backup was made that
// are public in it.
func hiddenSince(ctx context.Context, backup, left *storage.Store, entries []press.Entry) (all []Done, err error) {
	seen := map[press.ArticleID]bool{}
	for _, e := range entries {
		if e.Kind != press.KindCorrected || seen[e.Article] {
			continue
		}
		seen[e.Article] = true
		var a press.Article
		var history []press.Revision
		err := left.View(ctx, func(tx *storage.Tx) (err error) {
			if a, err = tx.Article(e.Article); err == nil {
				history, err = tx.NotedHistory(a.ID, a.Revision)
			}
			return err
		})
		if err != nil {
			return all, err
		}
		again, err := publicIn(ctx, backup, a, history)
		if err != nil {
			return all, err
		}
		if len(again) > 0 {
			hider := history[slices.IndexFunc(history, func(r press.Revision) bool { return !r.Hidden })] // which is the newest at the latest
			all = append(all, Done{Article: a, What: WasHidden, At: hider.At, Note: fmt.Sprintf("public again in the backup: revision %s", strings.Join(again, ", "))})
		}
	}
	return all, nil
}

// publicIn are the numbers of hidden revisions that are public in a backup.
func publicIn(ctx context.Context, backup *storage.Store, a press.Article, history []press.Revision) (numbers []string, err error) {
	err = backup.View(ctx, func(tx *storage.Tx) error {
		numbers = nil
		before, err := tx.Article(a.ID)
		if errors.Is(err, press.ErrNotFound) || err == nil && before.State != press.Published {
			return nil // nobody reads it there
		}
		if err != nil {
			return err
		}
		known, err := tx.NotedHistory(a.ID, before.Revision)
		for _, r := range known {
			i := slices.IndexFunc(history, func(h press.Revision) bool { return h.Number == r.Number && h.Hidden })
			if i >= 0 && !r.Hidden {
				numbers = append(numbers, strconv.Itoa(r.Number))
			}
		}
		return err
	})
	return numbers, err
}

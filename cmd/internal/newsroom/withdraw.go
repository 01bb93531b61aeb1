package newsroom

import (
	"context"
	"fmt"
	"strings"

	"communique/storage"
	"communique/storage/press"
)

// Withdraw takes an article back, for a reason that its page tells the public: it
// leaves feeds and pages, and whoever may have it is told to delete it. Under embargo
// it is cancelled without a trace, and without a reason, for the public knows nothing of
// it. Without a reason what is public is [ErrUnexplained].
func (d Desk) Withdraw(ctx context.Context, id press.ArticleID, reason string) (r Result, err error) {
	reason = strings.TrimSpace(reason)
	err = d.update(ctx, func(tx *storage.Tx) error {
		before, err := tx.Article(id)
		if err != nil {
			return err
		}
		if before.State != press.Embargoed && reason == "" {
			return fmt.Errorf("article %s is public: %w of the reason", id, ErrUnexplained)
		}
		r.Article, r.Entry, err = tx.Withdraw(id, reason)
		return err
	})
	if err == nil {
		d.log(ctx, "withdrawn", "article", id, "state", r.Article.State, "seq", r.Entry.Seq)
	}
	return r, err
}

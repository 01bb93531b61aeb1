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
// it is cancelled without a trace. Without a reason it is press.ErrInvalid.
func (d Desk) Withdraw(ctx context.Context, id press.ArticleID, reason string) (r Result, err error) {
	if reason = strings.TrimSpace(reason); reason == "" {
		return r, fmt.Errorf("%w reason: it is empty, and the page of the article tells the public", press.ErrInvalid)
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		r.Article, r.Entry, err = tx.Withdraw(id, reason)
		return err
	})
	if err == nil {
		d.log(ctx, "withdrawn", "article", id, "state", r.Article.State, "seq", r.Entry.Seq)
	}
	return r, err
}

package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// WithdrawOrphan withdraws an article that followers have and the site does not know: it was
// published after the backup was made that the site was restored from. All servers that are
// known are told to delete it, and its address says that it was withdrawn, in the language
// that its address names, or in that of the site. It returns press.ErrConflict for an article
// that is public or was withdrawn, and [ErrUnexplained] without a reason.
func (d Desk) WithdrawOrphan(ctx context.Context, id press.ArticleID, lang press.Language, reason string) (r Result, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return r, fmt.Errorf("article %s was public: %w of the reason", id, ErrUnexplained)
	}
	if !slices.Contains(d.Languages, lang) {
		lang = d.Language
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		if err := d.checkReason(tx, press.Article{Language: lang}, reason); err != nil {
			return err
		}
		section, err := someSection(tx)
		if err != nil {
			return err
		}
		if err := d.mayWithdraw(tx, press.Article{Section: section, Language: lang}); err != nil {
			return err
		}
		if r.Article, r.Entry, err = tx.WithdrawOrphan(newsdesk.Orphan{ID: id, Language: lang, Section: section}, reason); err != nil {
			return err
		}
		return d.noteArticle(tx, "withdrawn unknown", r, nil)
	})
	if err == nil {
		d.log(ctx, "withdrawn unknown", "article", id, "seq", r.Entry.Seq)
	}
	return r, err
}

// someSection is the section in which what nobody knows the section of is accounted for: the
// oldest at the top.
func someSection(tx *storage.Tx) (press.SectionID, error) {
	tree, err := tx.Tree()
	if err != nil {
		return press.Root, err
	}
	top := tree.Children(press.Root)
	if len(top) == 0 {
		return press.Root, fmt.Errorf("%w: the site has no section yet", press.ErrConflict)
	}
	return slices.MinFunc(top, func(a, b press.Section) int { return cmp.Compare(a.ID, b.ID) }).ID, nil
}

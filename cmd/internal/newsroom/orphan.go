package newsroom

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/newsdesk"
	"communique/storage/press"
)

// ErrUnheard is that nothing tells that an article was ever public. It is press.ErrNotFound.
var ErrUnheard = fmt.Errorf("%w: neither the site nor its journal knows of it", press.ErrNotFound)

// Orphan is an article that followers have and the site does not know: it was published after
// the backup was made that the site was restored from.
type Orphan struct {
	ID       press.ArticleID
	Language press.Language // that its address names, for where the journal does not tell
	// Section is the path of that in which readers of feeds are told; empty for the one that the
	// journal tells, or else the oldest at the top.
	Section string
	// Told is the last that a journal tells of it; nil if none does.
	Told *journal.Line
	// Sure is set if it is to be withdrawn also if the journal does not tell of it: a mistyped id
	// would be a withdrawn article for ever.
	Sure bool
}

// WithdrawOrphan withdraws an article that followers have and the site does not know. All
// servers that are known are told to delete it, and its address says that it was withdrawn, in
// the language that the journal or its address names, or in that of the site. It returns
// press.ErrConflict for an article that is public or was withdrawn, [ErrUnexplained] without a
// reason, and [ErrUnheard].
func (d Desk) WithdrawOrphan(ctx context.Context, o Orphan, reason string) (r Result, err error) {
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return r, fmt.Errorf("article %s was public: %w of the reason", o.ID, ErrUnexplained)
	}
	err = d.update(ctx, func(tx *storage.Tx) error {
		orphan, err := d.orphan(tx, o)
		if err != nil {
			return err
		}
		if err := d.checkReason(tx, press.Article{Language: orphan.Language}, reason); err != nil {
			return err
		}
		if err := d.mayWithdraw(tx, press.Article{Section: orphan.Section, Language: orphan.Language}); err != nil {
			return err
		}
		if r.Article, r.Entry, err = tx.WithdrawOrphan(orphan, reason); err != nil {
			return err
		}
		return d.noteArticle(tx, "withdrawn unknown", r, nil)
	})
	if err == nil {
		d.log(ctx, "withdrawn unknown", "article", o.ID, "seq", r.Entry.Seq)
	}
	return r, err
}

// orphan is what can be found out about an orphan.
func (d Desk) orphan(tx *storage.Tx, o Orphan) (newsdesk.Orphan, error) {
	found := newsdesk.Orphan{ID: o.ID, Language: o.Language}
	var path press.Path
	if o.Told != nil {
		path, found.Language = o.Told.Section, o.Told.Language
		if o.Told.Published != nil {
			found.Published = *o.Told.Published
		}
	}
	if !slices.Contains(d.Languages, found.Language) {
		found.Language = d.Language
	}
	if o.Told == nil && !o.Sure {
		if _, err := tx.Article(o.ID); errors.Is(err, press.ErrNotFound) {
			return found, fmt.Errorf("article %s: %w", o.ID, ErrUnheard)
		} else if err != nil {
			return found, err
		}
	}
	if o.Section != "" {
		tree, err := tx.Tree()
		if err != nil {
			return found, err
		}
		s, _, err := findSection(tree, o.Section)
		found.Section = s.ID
		return found, err
	}
	var err error
	found.Section, err = someSection(tx, path)
	return found, err
}

// someSection is the section that has a path, or had it, or else that in which what nobody knows
// the section of is accounted for: the oldest at the top.
func someSection(tx *storage.Tx, path press.Path) (press.SectionID, error) {
	if id, err := sectionAt(tx, path); !errors.Is(err, press.ErrNotFound) {
		return id, err
	}
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

package newsroom

import (
	"context"
	"fmt"

	"communique/storage"
	"communique/storage/press"
)

// Profile is what is on top of the ministry's profile after a change.
type Profile struct {
	Article press.Article     // that was pinned or unpinned
	Pinned  []press.ArticleID // the last one pinned first
	Changed bool              // false if the article was where it should be already
}

// Pin puts a published article on top of the ministry's profile in the fediverse, in
// front of what is pinned already, where newsdesk.MaxPins have room: one more is press.ErrConflict. Followers' servers
// are told to look if anything has changed.
func (d Desk) Pin(ctx context.Context, id press.ArticleID) (Profile, error) {
	return d.changeProfile(ctx, "pinned", id, func(tx *storage.Tx, id press.ArticleID) (bool, error) {
		a, err := tx.Article(id)
		switch {
		case err != nil:
			return false, err
		case a.State == press.Embargoed:
			return false, fmt.Errorf("%w: article %s is under embargo: pin it when it is public", press.ErrConflict, id)
		case a.State == press.Cancelled:
			return false, fmt.Errorf("%w: article %s was cancelled before it was public: pin one that is public", press.ErrConflict, id)
		}
		return tx.Pin(id)
	})
}

// Unpin takes an article from the top of the profile, where it need not be.
func (d Desk) Unpin(ctx context.Context, id press.ArticleID) (Profile, error) {
	return d.changeProfile(ctx, "unpinned", id, (*storage.Tx).Unpin)
}

func (d Desk) changeProfile(ctx context.Context, did string, id press.ArticleID, change func(*storage.Tx, press.ArticleID) (bool, error)) (p Profile, err error) {
	err = d.update(ctx, func(tx *storage.Tx) error {
		if p.Article, err = tx.Article(id); err != nil {
			return err
		}
		if p.Changed, err = change(tx, id); err != nil {
			return err
		}
		if p.Changed {
			if _, err := tx.AppendActor(d.Actor); err != nil {
				return err
			}
			if err := d.Note(tx, did, string(id), nil); err != nil {
				return err
			}
		}
		p.Pinned, err = tx.Pinned()
		return err
	})
	if err == nil && p.Changed {
		d.log(ctx, did, "article", id)
	}
	return p, err
}

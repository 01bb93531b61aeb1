package newsroom

import (
	"context"
	"time"

	"communique/storage"
	"communique/storage/press"
)

// Rezoned is what becomes of embargoes when the site gets another zone: one until a day
// ends when that day begins there, one with a time of day at the instant that it was.
type Rezoned struct {
	From   *time.Location // nil if the zone is not another one
	Drafts []RezonedDraft
	Holds  string // why embargoes will be held; empty if none will be, or all are
}

// RezonedDraft is a draft, and when its embargo ends by the new zone.
type RezonedDraft struct {
	Article press.Article // as it is by the former zone
	Ends    time.Time
}

// Moves reports whether the embargo ends at another instant.
func (d RezonedDraft) Moves() bool { return !d.Ends.Equal(d.Article.Published) }

// Rezoned tells what becomes of embargoes when days begin as they do in the zone of the
// desk, if they do not yet.
func (d Desk) Rezoned(ctx context.Context) (r Rezoned, err error) {
	err = d.view(ctx, func(tx *storage.Tx) error {
		r = Rezoned{}
		if r.From, err = tx.LeftFor(d.Zone); err != nil || r.From == nil {
			return err
		}
		drafts, err := tx.Drafts()
		for _, a := range drafts {
			draft := RezonedDraft{Article: a, Ends: a.Published}
			if a.Precision == press.ToTheDay {
				if draft.Ends, err = a.Local.StartIn(d.Zone); err != nil {
					return err
				}
			}
			r.Drafts = append(r.Drafts, draft)
		}
		if err != nil {
			return err
		}
		r.keepBehind()
		r.Holds, err = tx.HoldsIn(d.Zone)
		return err
	})
	return r, err
}

// keepBehind lets no embargo end before that of the original of the set, unless somebody
// has said so.
func (r *Rezoned) keepBehind() {
	ends := map[press.ArticleID]time.Time{}
	for _, d := range r.Drafts {
		ends[d.Article.ID] = d.Ends
	}
	for i, d := range r.Drafts {
		if original := ends[d.Article.Group]; !d.Article.Alone && d.Ends.Before(original) {
			r.Drafts[i].Ends = original
		}
	}
}

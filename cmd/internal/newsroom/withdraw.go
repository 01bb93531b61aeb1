package newsroom

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"communique/cmd/internal/journal"
	"communique/storage"
	"communique/storage/press"
)

// Withdraw takes an article back, for a reason that its page tells the public: it
// leaves feeds and pages, and whoever may have it is told to delete it. Under embargo
// it is cancelled without a trace, and without a reason, for the public knows nothing of
// it. Without a reason what is public is [ErrUnexplained].
//
// Its translations stay as they are, if they are public; drafts that are under its embargo, or
// of which it is the original, are held. The result names them all.
func (d Desk) Withdraw(ctx context.Context, id press.ArticleID, reason string) (Result, error) {
	return d.takeBack(ctx, id, reason, false)
}

// WithdrawSet is [Desk.Withdraw] in all languages, in one transaction.
func (d Desk) WithdrawSet(ctx context.Context, id press.ArticleID, reason string) (Result, error) {
	return d.takeBack(ctx, id, reason, true)
}

func (d Desk) takeBack(ctx context.Context, id press.ArticleID, reason string, all bool) (r Result, err error) {
	reason = strings.TrimSpace(reason)
	var took []Result
	err = d.update(ctx, func(tx *storage.Tx) error {
		took = nil
		before, err := tx.Article(id)
		if err != nil {
			return err
		}
		if err := d.mayWithdraw(tx, before); err != nil {
			return err
		}
		if err := d.mayWithdrawAll(tx, before, all); err != nil {
			return err
		}
		if err := d.checkReason(tx, before, reason); err != nil {
			return err
		}
		set, err := tx.Set(before.Group)
		if err != nil {
			return err
		}
		set = slices.DeleteFunc(set, func(a press.Article) bool { return a.ID == id })
		for _, other := range set {
			if !all {
				break
			}
			if err := d.mayWithdraw(tx, other); err != nil {
				return err
			}
		}
		if r = (Result{Article: before, Repeated: true}); !all || !isGone(before) || len(set) == 0 {
			if r, err = d.withdraw(tx, id, reason); err != nil {
				return err
			}
			took = append(took, r)
		}
		if all {
			for _, a := range set {
				other, err := d.withdraw(tx, a.ID, reason)
				if err != nil {
					return err
				}
				took = append(took, other)
				r.Siblings = append(r.Siblings, Sibling{other.Article, TakenBack})
			}
			return nil
		}
		if err := holdLeft(tx, before); err != nil {
			return err
		}
		if err := d.reinheritOf(tx, before); err != nil {
			return err
		}
		r.Siblings, err = left(tx, r.Article.Group)
		return err
	})
	if err != nil {
		return r, d.discreet(ctx, err) // a reason is refused that says what is kept back elsewhere
	}
	scrub := false
	for _, t := range took {
		d.log(ctx, "withdrawn", "article", t.Article.ID, "state", t.Article.State, "seq", t.Entry.Seq)
		if t.Article.State == press.Cancelled {
			d.noteDraft(journal.Cancelled, t.Article)
			scrub = true
		}
	}
	if scrub {
		d.afterwards(func() { d.scrub(ctx) })
	}
	return r, nil
}

// checkReason refuses a reason that tells readers what is kept back from them.
func (d Desk) checkReason(tx *storage.Tx, a press.Article, reason string) error {
	if a.State == press.Embargoed {
		return nil // which tells nobody
	}
	doc := Document{zone: d.Zone}
	err := doc.checkBeside(tx, d.Site, "the reason", press.Draft{Language: a.Language, Lead: reason}, press.Article{})
	if err == nil {
		err = doc.checkShortTitles(tx, d.Site, "the reason", reason)
	}
	if err != nil {
		return fmt.Errorf("%w: give the reason in other words", err)
	}
	return nil
}

func (d Desk) withdraw(tx *storage.Tx, id press.ArticleID, reason string) (r Result, err error) {
	before, err := tx.Article(id)
	if err != nil {
		return r, err
	}
	if before.State == press.Withdrawn || before.State == press.Cancelled {
		return r, goneAlready(tx, before)
	}
	if before.State != press.Embargoed && reason == "" {
		return r, fmt.Errorf("article %s is public: %w of the reason", id, ErrUnexplained)
	}
	if r.Article, r.Entry, err = tx.Withdraw(id, reason); err != nil {
		return r, err
	}
	if err := tx.ForgetAlarms(string(id)); err != nil {
		return r, err
	}
	if r.Article.State == press.Cancelled {
		if err := d.dissolveOf(tx, id); err != nil {
			return r, err
		}
		if err := forgetWritten(tx, id); err != nil {
			return r, err
		}
	} else if err := d.endProposedWithdrawal(tx, id); err != nil {
		return r, err
	}
	did := "withdrawn"
	if r.Article.State == press.Cancelled {
		did = "recalled" // before it went out
	}
	return r, d.noteArticle(tx, did, r, nil)
}

// forgetWritten leaves nothing of what people wrote about a draft that is cancelled.
func forgetWritten(tx *storage.Tx, id press.ArticleID) error {
	written, err := tx.ManuscriptsOf(id)
	if err != nil {
		return err
	}
	for _, m := range written {
		if err := tx.ForgetReasons(m.ID); err != nil {
			return err
		}
	}
	if err := tx.ForgetReasons(string(id)); err != nil {
		return err
	}
	return tx.ForgetManuscriptsOf(id)
}

// goneAlready says what became of an article that is to be withdrawn once more, and which
// of its set is left.
func goneAlready(tx *storage.Tx, a press.Article) error {
	_, _, err := tx.Withdraw(a.ID, "")
	set, failed := tx.Set(a.Group)
	for _, other := range set {
		err = fmt.Errorf("%w; its %s version %s is %s still: withdraw that one", err, other.Language, other.ID, other.State)
	}
	return cmp.Or(failed, err)
}

// left is what is left of a set.
func left(tx *storage.Tx, group press.ArticleID) ([]Sibling, error) {
	original, err := tx.Article(group)
	if err != nil {
		return nil, err
	}
	set, err := tx.Set(group)
	var all []Sibling
	for _, a := range set {
		fate := Stays
		switch {
		case a.Held:
			fate = Held
		case goesAlone(a, original):
			fate = Alone
		case a.State == press.Embargoed:
			fate = Waits
		}
		all = append(all, Sibling{a, fate})
	}
	return all, err
}

// scrub leaves nothing of a cancelled draft in the files. It is gone from the database
// in any case: what could not be cut off now is overwritten soon.
func (d Desk) scrub(ctx context.Context) {
	if err := d.Store.Scrub(ctx); err != nil && d.Log != nil {
		d.Log.WarnContext(ctx, "the text of a cancelled draft may stay in the log file of the database for a while", "error", err)
	}
}

// mayWithdrawAll tells whether the desk's person may take back all languages of an article, if
// that is asked for: who may in one language may not in another by that.
func (d Desk) mayWithdrawAll(tx *storage.Tx, a press.Article, all bool) error {
	if !all {
		return nil
	}
	set, err := tx.Set(a.Group)
	for _, other := range set {
		if err == nil {
			err = d.mayWithdraw(tx, other)
		}
	}
	return err
}

// dissolveOf has what is written in a set with an article that is cancelled be texts of their
// own, if that is the original.
func (d Desk) dissolveOf(tx *storage.Tx, id press.ArticleID) error {
	of, err := tx.ManuscriptsOf(id)
	for _, m := range of {
		if err == nil && m.Set == m.ID {
			err = d.dissolve(tx, m.Set)
		}
	}
	return err
}

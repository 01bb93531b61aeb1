package newsdesk

import (
	"fmt"
	"time"

	"communique/storage/internal/kernel"
	"communique/storage/press"
)

// Correction says how an article is corrected.
type Correction struct {
	Draft press.Draft // everything but the id
	Note  string      // what was corrected, for the public; empty if Minor
	// Minor corrections (a comma) move no public date and have no note.
	Minor bool
	// HideEarlier takes all earlier wordings out of what the public can read, with the
	// notes on them.
	HideEarlier bool
	// Alone lets a draft that is held, or has a date of its own, go out by itself, also
	// before the original of its set.
	Alone bool
}

// Correct gives an article a new revision and appends its entry. Under embargo
// the draft is replaced, nothing is appended and the returned entry is zero;
// without an instant in the correction the embargo stays as it is. It returns
// press.ErrConflict if the article is withdrawn.
//
// The date of a statement that was pushed is fixed: receivers refuse a post
// whose published changes.
func (tx *Tx) Correct(id press.ArticleID, c Correction) (press.Article, press.Entry, error) {
	if err := tx.log.Lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	before, err := tx.Article(id)
	if err != nil {
		return before, press.Entry{}, err
	}
	if err := c.check(before); err != nil {
		return before, press.Entry{}, err
	}
	if c.Draft, err = tx.dated(c.Draft); err != nil {
		return before, press.Entry{}, err
	}
	if err := c.checkDate(before, tx.db.Now()); err != nil {
		return before, press.Entry{}, err
	}
	if c.Draft.Section != before.Section {
		if err := tx.CheckOpen(c.Draft.Section); err != nil {
			return before, press.Entry{}, err
		}
	}
	if c.Draft.Images, err = tx.DescribeImages(c.Draft.Images); err != nil {
		return before, press.Entry{}, err
	}
	a := before
	original, inherits, err := tx.inherited(c.Draft)
	switch {
	case err != nil:
		return before, press.Entry{}, err
	case inherits && before.State == press.Embargoed:
		a.Published, a.Precision, a.Local = original.Published, original.Precision, original.Local
		a.Inherits, a.Held, a.Alone = true, original.Held, false
	case !c.Draft.Published.IsZero():
		a.Inherits = a.Inherits && (c.keepsDate(before) || c.published().Equal(a.Published))
		if !c.keepsDate(before) {
			a.Published, a.Precision, a.Local = c.published(), precisionOf(c.Draft), c.Draft.Local
		}
	}
	if !a.Published.Equal(before.Published) {
		a.Stamp = time.Time{}
	}
	joins, err := tx.Joins(before, c.Draft.TranslationOf)
	switch {
	case err != nil:
		return before, press.Entry{}, err
	case joins:
		a.Inherits, a.Held, a.Alone = inherits, false, false
	case c.Alone && before.Held:
		a.Inherits, a.Held = false, false
	}
	a.Together = a.Together && !c.Alone
	takeDraft(&a, c.Draft)
	if named := c.Draft.TranslationOf; named != "" && named != a.ID {
		a.Translates = named
	}
	if a.Group, err = tx.regroup(before, a, c.Draft.TranslationOf); err != nil {
		return a, press.Entry{}, err
	}
	if err := tx.mergeSet(before, a); err != nil {
		return a, press.Entry{}, err
	}
	a.Alone = a.Alone || c.Alone && !a.Inherits && a.ID != a.Group
	after, e, err := tx.putInPlace(before, a, c)
	if err != nil {
		return after, e, err
	}
	after, err = tx.reworded(before, after)
	return after, e, err
}

// putInPlace has an article say what a correction says.
func (tx *Tx) putInPlace(before, a press.Article, c Correction) (press.Article, press.Entry, error) {
	if before.State == press.Embargoed {
		return tx.redraft(a, c.Draft)
	}
	return tx.revise(before, a, c)
}

// published is the instant that the correction gives, as it would be stored.
func (c Correction) published() time.Time { return c.Draft.Published.UTC().Truncate(time.Second) }

// keepsDate reports whether an article stays dated as it is: because the correction
// gives no date, or the one that was written before. It keeps its instant then, although
// the zone of the site may have changed since and would make it another: a comma that is
// corrected must not end an embargo.
func (c Correction) keepsDate(a press.Article) bool {
	same := c.Draft.Local != "" && c.Draft.Local == a.Local && precisionOf(c.Draft) == a.Precision
	return c.Draft.Published.IsZero() || same
}

func (c Correction) check(a press.Article) error {
	if err := c.Draft.Check(); err != nil {
		return err
	}
	if err := press.CheckText("note", c.Note, press.MaxNote); err != nil {
		return err
	}
	switch {
	case c.Minor && c.Note != "":
		return fmt.Errorf("%w note: a minor correction has none: leave it out, or make a correction that is not minor", press.ErrInvalid)
	case a.State == press.Withdrawn || a.State == press.Cancelled:
		return fmt.Errorf("%w: article %s was %s, and cannot be corrected: publish a new one", press.ErrConflict, a.ID, gone(a))
	}
	return nil
}

func (c Correction) checkDate(a press.Article, now time.Time) error {
	switch {
	case a.State == press.Embargoed || c.keepsDate(a) || c.published().Equal(a.Published):
		return nil
	case !a.Silent:
		dated := a.Published.Format(time.RFC3339)
		if a.Local != "" {
			dated = string(a.Local)
		}
		return fmt.Errorf("%w published: article %s went out dated %s, and receivers refuse another date; leave the field as it was or out",
			press.ErrInvalid, a.ID, dated)
	case c.published().After(now):
		return fmt.Errorf("%w published: article %s is public already and cannot be dated into the future: leave the date as it is, or withdraw the article and publish it anew", press.ErrInvalid, a.ID)
	}
	return nil
}

// regroup keeps the group unless the correction names another original.
func (tx *Tx) regroup(before, a press.Article, original press.ArticleID) (press.ArticleID, error) {
	if original == "" || original == before.ID {
		if a.Language == before.Language {
			return before.Group, nil
		}
		return before.Group, tx.checkRoom(before.Group, a)
	}
	return tx.groupOf(original, a)
}

// takeDraft copies what a draft says into the article.
func takeDraft(a *press.Article, d press.Draft) {
	a.Section, a.Language = d.Section, d.Language
	a.Title, a.Lead, a.Body = d.Title, d.Lead, d.Body
	a.Images, a.Tags, a.Particulars = d.Images, d.Tags, d.Particulars
}

// redraft replaces an embargoed draft; if its new instant has come it goes out,
// unless embargoes are held.
func (tx *Tx) redraft(a press.Article, d press.Draft) (press.Article, press.Entry, error) {
	a.Silent, a.Updated = d.Silent, a.Published
	err := tx.db.Exec(`UPDATE articles SET translation_group = $1, section = $2, language = $3, silent = $4, published = $5,
		precision_of_date = $6, local = $7, inherits = $8, held = $9, alone = $10, translates = $11, kind = $12, together = $13 WHERE id = $14`,
		a.Group, a.Section, a.Language, kernel.Number(a.Silent), kernel.Micros(a.Published), a.Precision, a.Local,
		kernel.Number(a.Inherits), kernel.Number(a.Held), kernel.Number(a.Alone), a.Translates, a.Kind, kernel.Number(a.Together), a.ID)
	if err != nil {
		return a, press.Entry{}, fmt.Errorf("replace draft %s: %w", a.ID, err)
	}
	if err := tx.replaceDraft(a, d); err != nil {
		return a, press.Entry{}, err
	}
	if ended, err := tx.ended(a.Published); err != nil || !ended || a.Inherits || a.Held {
		return a, press.Entry{}, err
	}
	return tx.makePublic(a)
}

// replaceDraft leaves nothing of what a draft said before.
func (tx *Tx) replaceDraft(a press.Article, d press.Draft) error {
	before, err := tx.Article(a.ID)
	if err != nil {
		return err
	}
	edition, _, err := tx.Filed(a.ID)
	if err != nil {
		return err
	}
	if err := tx.db.Exec(`DELETE FROM revisions WHERE article = $1`, a.ID); err != nil {
		return fmt.Errorf("replace draft %s: %w", a.ID, err)
	}
	if err := tx.dropFiled(a.ID); err != nil {
		return err
	}
	if err := tx.dropFingerprints(a.ID); err != nil {
		return err
	}
	if err := tx.insertRevision(a, "", false); err != nil {
		return err
	}
	if err := tx.insertShingles(a); err != nil {
		return err
	}
	if err := tx.dropPictures(ownPictures(before)); err != nil {
		return err
	}
	if err := tx.dropFiles(linkedFiles(before.Body)); err != nil {
		return err
	}
	return tx.insertFiled(a.ID, press.Edition{Revision: a.Revision, Draft: edition.Draft + 1}, d.Document)
}

func (tx *Tx) revise(before, a press.Article, c Correction) (press.Article, press.Entry, error) {
	a.Revision++
	// Receivers ignore an Update that is not later than the last one that
	// they saw, and some of them know whole seconds only.
	a.Revised = later(tx.db.Now().Truncate(time.Second), before.Revised.Add(time.Second))
	switch {
	case !c.Minor:
		a.Updated = a.Revised
	case before.Updated.Equal(before.Published):
		a.Updated = a.Published
	default: // receivers refuse a text that was updated before it was published
		a.Updated = later(before.Updated, a.Published)
	}
	pushed, err := tx.pushOf(a.ID)
	if err != nil {
		return a, press.Entry{}, err
	}
	e, err := tx.log.Append(press.Entry{
		Kind: press.KindCorrected, Article: a.ID, Revision: a.Revision,
		Minor: c.Minor, Silent: a.Silent, Pushed: pushed,
	})
	if err != nil {
		return a, e, err
	}
	if err := tx.insertRevision(a, c.Note, c.Minor); err != nil {
		return a, e, err
	}
	if err := tx.insertFiled(a.ID, press.Edition{Revision: a.Revision, Draft: 1}, c.Draft.Document); err != nil {
		return a, e, err
	}
	if c.HideEarlier {
		if err := tx.db.Exec(`UPDATE revisions SET hidden = 1 WHERE article = $1 AND number < $2`, a.ID, a.Revision); err != nil {
			return a, e, fmt.Errorf("hide earlier wordings of article %s: %w", a.ID, err)
		}
	}
	if c.HideEarlier || c.Note != "" {
		if err := tx.insertShinglesUntil(a.ID, a.Revision-1); err != nil {
			return a, e, err
		}
	}
	err = tx.db.Exec(`UPDATE articles SET translation_group = $1, section = $2, language = $3, published = $4,
		precision_of_date = $5, local = $6, stamp = $7, revision = $8, translates = $9, kind = $10 WHERE id = $11`,
		a.Group, a.Section, a.Language, kernel.Micros(a.Published), a.Precision, a.Local, kernel.Micros(a.Stamp), a.Revision, a.Translates, a.Kind, a.ID)
	if err != nil {
		return a, e, fmt.Errorf("correct article %s: %w", a.ID, err)
	}
	a.Changed = e.Seq
	if err := tx.updateViews(e, before, a); err != nil || !c.HideEarlier {
		return a, e, err
	}
	if err := tx.tellEverywhere(e, a.ID); err != nil {
		return a, e, err
	}
	return a, e, tx.forgetTags(a.ID)
}

// tellEverywhere has all feeds that ever carried an article carry what it says now, as
// those of a correction with a note do: their readers have what was hidden.
func (tx *Tx) tellEverywhere(e press.Entry, id press.ArticleID) error {
	for _, statement := range []string{
		`UPDATE positions SET told = $1 WHERE article = $2`,
		`UPDATE tag_articles SET told = $1 WHERE article = $2`,
	} {
		if err := tx.db.Exec(statement, kernel.Micros(e.At), id); err != nil {
			return fmt.Errorf("tell readers of feeds what article %s says now: %w", id, err)
		}
	}
	return nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// pushOf is the seq of an article's published entry if that one was pushed, else
// 0: it tells the destinations that may have it.
func (tx *Tx) pushOf(id press.ArticleID) (press.Seq, error) {
	var pushed press.Seq
	err := tx.db.Row(`SELECT COALESCE(MAX(pushed), 0) FROM entries WHERE article = $1 AND kind = $2`,
		id, press.KindPublished).Scan(&pushed)
	if err != nil {
		return 0, fmt.Errorf("read the publication of article %s: %w", id, err)
	}
	return pushed, nil
}

// Withdraw takes an article back, for a reason that the public is told, and
// appends its entry, which goes to everyone who may have the article. Under
// embargo it is cancelled without a trace: nothing that it said is kept, nor the
// reason, and the returned entry is zero. It
// returns press.ErrConflict if the article is withdrawn already.
func (tx *Tx) Withdraw(id press.ArticleID, reason string) (press.Article, press.Entry, error) {
	if err := press.CheckText("reason", reason, press.MaxNote); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	if err := tx.log.Lock(); err != nil {
		return press.Article{}, press.Entry{}, err
	}
	before, err := tx.Article(id)
	a := before
	if err != nil {
		return a, press.Entry{}, err
	}
	switch a.State {
	case press.Withdrawn, press.Cancelled:
		return a, press.Entry{}, fmt.Errorf("%w: article %s was %s: nothing is left to withdraw", press.ErrConflict, id, gone(a))
	case press.Embargoed:
		err := tx.cancel(&a)
		return a, press.Entry{}, err
	}
	pushed, err := tx.pushOf(id)
	if err != nil {
		return a, press.Entry{}, err
	}
	e, err := tx.log.Append(press.Entry{Kind: press.KindWithdrawn, Article: id, Revision: a.Revision, Pushed: pushed})
	if err != nil {
		return a, e, err
	}
	// Corrections within a second are dated ahead of the clock. Readers of feeds
	// ignore a tombstone that is older than the text which they have (RFC 6721).
	if err := tx.endArticle(&a, press.Withdrawn, reason, later(tx.db.Now(), a.Updated)); err != nil {
		return a, e, err
	}
	if err := tx.insertShinglesUntil(id, a.Revision); err != nil {
		return a, e, err
	}
	a.Changed = e.Seq
	return a, e, tx.updateViews(e, before, a)
}

// gone says what became of an article that is public no more, or never was.
func gone(a press.Article) string {
	at := a.WithdrawnAt.Format(time.RFC3339)
	if a.State == press.Cancelled {
		return "cancelled on " + at + ", before it was public"
	}
	return "withdrawn on " + at
}

func (tx *Tx) endArticle(a *press.Article, state press.State, reason string, at time.Time) error {
	a.State, a.Reason, a.WithdrawnAt = state, reason, at.Truncate(time.Second)
	err := tx.db.Exec(`UPDATE articles SET state = $1, reason = $2, withdrawn_at = $3 WHERE id = $4`,
		a.State, a.Reason, kernel.Micros(a.WithdrawnAt), a.ID)
	if err != nil {
		return fmt.Errorf("withdraw article %s: %w", a.ID, err)
	}
	return nil
}
